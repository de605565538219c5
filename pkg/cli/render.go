package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func (a *app) renderCmd() *cobra.Command {
	var in input
	var out output
	cmd := &cobra.Command{
		Use:   "render -f DIR --output-dir OUT",
		Short: "Write the tree",
		Long: `Render proves every overlay and updates OUT to match the model. Only files that
an inventory under .gitopsgen lists are changed or deleted; a file that was
edited by hand stops the run. A second run changes nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.render(cmd.Context(), in, out) },
	}
	a.bind(&in, cmd, true)
	out.bind(cmd)
	return cmd
}

func (a *app) render(ctx context.Context, in input, out output) error {
	if out.dir == "" {
		return fmt.Errorf("render needs --output-dir")
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
	report, err := dir.Write(ctx, result, out.options()...)
	if err != nil {
		return err
	}
	cache.save()
	r := result.Report
	a.Err.Printf("%s\n", r)
	a.Err.Printf("%s\n", report)
	return nil
}

// fleet renders what was loaded, narrowed as the flags say.
func (a *app) fleet(ctx context.Context, l *loaded, in input, more ...render.Option) (*render.Result, error) {
	opts := append(a.options(l), render.WithSelection(in.selection))
	return render.Fleet(ctx, l.Fleet, append(opts, more...)...)
}

// options are the options of every render.
func (a *app) options(l *loaded) []render.Option {
	opts := []render.Option{render.WithPositions(l.Positions), render.WithVersion(a.Version)}
	return append(opts, a.Options...)
}

// warn prints warnings.
func (a *app) warn(findings finding.List) {
	for _, f := range findings.Warnings() {
		a.Err.Printf("%s\n", f)
	}
}
