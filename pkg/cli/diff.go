package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func (a *app) diffCmd() *cobra.Command {
	var in input
	var dir, format string
	cmd := &cobra.Command{
		Use:   "diff -f DIR --output-dir OUT",
		Short: "Say what render would change",
		Long: `Diff says per target which objects and fields a render would change, by
meaning: the order of map keys never counts, that of lists does. It writes
nothing and exits with 1 if anything would change.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.diff(cmd.Context(), in, dir, diff.Format(format)) },
	}
	in.bind(cmd, true)
	cmd.Flags().StringVar(&dir, "output-dir", "", "directory of the tree")
	cmd.Flags().StringVarP(&format, "output", "o", string(diff.Text), "text, json or markdown")
	return cmd
}

func (a *app) diff(ctx context.Context, in input, dir string, format diff.Format) error {
	if dir == "" {
		return fmt.Errorf("diff needs --output-dir")
	}
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	stands, err := disk.Open(dir)
	if err != nil {
		return err
	}
	prior := stands.Tree()
	result, err := a.fleet(ctx, loaded, in, render.WithPrior(prior))
	if err != nil {
		return err
	}
	a.warn(result.Findings)
	report, err := diff.Trees(prior, result.Tree)
	if err != nil {
		return err
	}
	if err := report.Write(a.Out, format); err != nil {
		return err
	}
	fmt.Fprintln(a.Err, report.Summary())
	if report.IsEmpty() {
		return nil
	}
	return errDifferences
}
