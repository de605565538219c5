package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func (a *app) renderCmd() *cobra.Command {
	var in input
	var out output
	cmd := &cobra.Command{
		Use:   "render -f DIR --output-dir OUT",
		Short: "Write the tree to a directory",
		Long: `Render proves every overlay and updates OUT to match the model. Only files that
an inventory under .gitopsgen lists are changed or deleted; a file that was
edited by hand stops the run. A second run changes nothing. It lists what
changed: + is new, ~ is changed, - is gone.

If it is interrupted, the next run finishes what was begun or undoes it.`,
		Example: `  # Write the whole tree
  gitopsgen render -f fleet --output-dir out

  # Update one app in one environment, and list the files
  gitopsgen render -f fleet --output-dir out --env prod --app web --verbose

  # In a CI job: a line of progress every ten seconds
  gitopsgen render -f fleet --output-dir out --progress plain`,
		Args: takes(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.render(cmd.Context(), in, out) },
	}
	a.bind(&in, cmd, true)
	bindFetch(cmd, &in)
	out.bind(cmd)
	return cmd
}

func (a *app) render(ctx context.Context, in input, out output) error {
	if out.dir == "" {
		return fmt.Errorf("render needs --output-dir")
	}
	in.cacheDir = out.cacheDir
	if err := a.fetchFirst(ctx, in); err != nil {
		return err
	}
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	if err := in.apart(out.dir); err != nil {
		return err
	}
	if err := disk.Recover(out.dir); err != nil {
		return err
	}
	dir, err := disk.Open(out.dir)
	if err != nil {
		return err
	}
	cache := openCache(out.cacheDir)
	result, err := a.fleet(ctx, loaded, in, render.WithPrior(dir.Tree()), cache.option())
	if err != nil {
		return err
	}
	a.warn(result.Findings)
	plan, err := a.write(ctx, dir, result, out)
	if err != nil {
		return err
	}
	cache.save()
	a.report("%s\n", result.Report)
	a.changes(plan.Changes(dir.Owned()), result.Fleet)
	a.report("%s\n", plan)
	return nil
}

func (a *app) write(ctx context.Context, dir *disk.Dir, result *render.Result, out output) (ownership.Plan, error) {
	p, end := a.begin(ctx, "writing")
	defer end()
	return dir.Write(ctx, result, append(out.options(), disk.WithProgress(p.writing))...)
}

// fleet renders what was loaded, narrowed as the flags say.
func (a *app) fleet(ctx context.Context, l *loaded, in input, more ...render.Option) (*render.Result, error) {
	p, end := a.begin(ctx, string(render.Checking))
	defer end()
	opts := append(a.options(l), render.WithSelection(in.selection), render.WithProgress(p.rendering))
	return render.Fleet(ctx, l.Fleet, append(opts, more...)...)
}

// options are the options of every render.
func (a *app) options(l *loaded) []render.Option {
	opts := []render.Option{render.WithPositions(l.Positions), render.WithVersion(a.Version)}
	return append(opts, a.Options...)
}

// printFinding prints a finding in a line, with its place in color.
func printFinding(w *escape.Writer, f finding.Finding) {
	style := escape.Red
	if f.Severity == finding.Warning {
		style = escape.Yellow
	}
	line, place := f.String(), f.Position.String()
	if place = escape.Line(place); place != "" && strings.HasPrefix(line, place) {
		w.Paint(style, "%s", place)
		line = line[len(place):]
	}
	w.Printf("%s\n", line)
}
