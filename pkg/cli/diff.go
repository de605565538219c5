package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func (a *app) diffCmd() *cobra.Command {
	var in input
	var repo repoFlags
	var dir, format string
	cmd := &cobra.Command{
		Use:   "diff -f DIR (--output-dir OUT | --repo URL)",
		Short: "Show what render or publish would change",
		Long: `Diff shows which objects and fields a render or publish would change: first
what needs attention, such as deletions, immutable fields and pods that restart,
then each change once, with the apps, environments and clusters that it applies
to. It compares values, not text: the order of map keys and of sets does not
matter, that of other lists does. It compares with a directory or with the tip of
a branch, writes nothing, and exits with 1 if anything would change.

The format markdown is the body of a pull request. In the format json, lists
without entries are empty, and summary has the counts and risks.`,
		Example: `  # What would render change?
  gitopsgen diff -f fleet --output-dir out

  # What would publish change in production?
  gitopsgen diff -f fleet --repo https://git.example.com/acme/config.git --env prod

  # The body of a pull request
  gitopsgen diff -f fleet --repo config.git -o markdown`,
		Args: takes(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.diff(cmd.Context(), in, dir, repo, diff.Format(format))
		},
	}
	a.bind(&in, cmd, true)
	bindFetch(cmd, &in)
	repo.bind(cmd)
	cmd.Flags().StringVar(&dir, "output-dir", "", "`DIR` of the tree")
	a.bindFormat(cmd, &format, string(diff.Text), string(diff.JSON), string(diff.Markdown))
	return cmd
}

func (a *app) diff(ctx context.Context, in input, dir string, repo repoFlags, format diff.Format) error {
	in.cacheDir = repo.cacheDir
	if err := a.fetchFirst(ctx, in); err != nil {
		return err
	}
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	now, err := a.current(ctx, in, dir, repo, loaded.Fleet)
	if err != nil {
		return err
	}
	result, err := a.fleet(ctx, loaded, in, render.WithPrior(now.tree))
	if err != nil {
		return err
	}
	a.warn(result.Findings)
	report, err := diff.Trees(now.tree, result.Tree, diff.WithFleet(loaded.Fleet))
	if err != nil {
		return err
	}
	if err := a.printDiff(report, format); err != nil {
		return err
	}
	if report.IsEmpty() {
		return nil
	}
	return errDifferences
}

// diffStyles are how lines of a difference look.
var diffStyles = map[diff.Kind]escape.Style{
	diff.Added: escape.Green, diff.Changed: escape.Yellow, diff.Moved: escape.Yellow, diff.Removed: escape.Red,
}

// printDiff prints a report, and its summary where the format does not begin with it.
func (a *app) printDiff(report diff.Report, format diff.Format) error {
	if report.IsEmpty() || format != diff.Text {
		a.report("%s\n", report.Summary())
	}
	if format != diff.Text {
		return report.Write(a.Out, format)
	}
	for kind, line := range report.Lines() {
		a.Out.Paint(diffStyles[kind], "%s\n", line)
	}
	return nil
}
