package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func (a *app) verifyCmd() *cobra.Command {
	var in input
	var repo repoFlags
	var dir string
	cmd := &cobra.Command{
		Use:   "verify -f DIR [--output-dir OUT | --repo URL]",
		Short: "Prove every overlay, and find files edited by hand",
		Long: `Verify builds every overlay with kustomize and compares the result with the
model. With --output-dir or --repo it reads the files of the tree, and also
reports files that differ from the model and files that were edited by hand. It
exits with 1 if anything differs.`,
		Example: `  # Prove what render would write
  gitopsgen verify -f fleet

  # Prove the files of a directory, or of a branch
  gitopsgen verify -f fleet --output-dir out
  gitopsgen verify -f fleet --repo https://git.example.com/acme/config.git --branch main`,
		Args: takes(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			in.cacheDir = repo.cacheDir
			if err := a.fetchFirst(cmd.Context(), in); err != nil {
				return err
			}
			if dir == "" && repo.repo == "" {
				return a.verifyModel(cmd.Context(), in)
			}
			return a.verifyCurrent(cmd.Context(), in, dir, repo)
		},
	}
	a.bind(&in, cmd, true)
	bindFetch(cmd, &in)
	repo.bind(cmd)
	cmd.Flags().StringVar(&dir, "output-dir", "", "`DIR` of the tree")
	return cmd
}

// verifyModel proves the tree that a render would write.
func (a *app) verifyModel(ctx context.Context, in input) error {
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	result, err := a.fleet(ctx, loaded, in)
	if err != nil {
		return err
	}
	a.warn(result.Findings)
	a.report("%s: proved %d\n", finding.Count(result.Report.Targets, "target"), result.Report.Proved)
	return nil
}

// verifyCurrent proves the tree that stands in a directory or on a branch.
func (a *app) verifyCurrent(ctx context.Context, in input, dir string, repo repoFlags) error {
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	now, err := a.current(ctx, in, dir, repo, loaded.Fleet)
	if err != nil {
		return err
	}
	result, err := a.fleet(ctx, loaded, in, render.WithPrior(now.tree), render.WithProofOf(now.tree))
	if err != nil {
		return err
	}
	a.warn(result.Findings)
	plan, err := now.plan(result)
	if err != nil {
		return err
	}
	for _, f := range result.Failures {
		for _, line := range f.Lines() {
			a.Out.Printf("%s\n", line)
		}
	}
	for _, c := range plan.Conflicts {
		a.Out.Printf("%s: %s\n", c.Path, c.Reason)
	}
	for _, f := range plan.Writes {
		a.Out.Printf("%s: this file differs from the model, or is missing\n", f.Path)
	}
	for _, p := range plan.Deletes {
		a.Out.Printf("%s: the model no longer needs this file\n", p)
	}
	a.report("%s: proved %d, failed %d\n", finding.Count(result.Report.Targets, "target"), result.Report.Proved, result.Report.Failed)
	if len(result.Failures)+len(plan.Conflicts)+len(plan.Writes)+len(plan.Deletes) > 0 {
		return errDifferences
	}
	return nil
}
