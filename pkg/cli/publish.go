package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// publishFlags say what a publish may do, and what its commit says.
type publishFlags struct {
	repoFlags
	message, author, revision, signKey string
	force, allowDelete, allowOlder     bool
}

func (a *app) publishCmd() *cobra.Command {
	var in input
	var p publishFlags
	cmd := &cobra.Command{
		Use:   "publish -f DIR --repo URL",
		Short: "Commit the tree to a git repository and push it",
		Long: `Publish renders, compares with the tip of the branch, commits exactly what
differs, and pushes. It prints the commit, or says that nothing changed. There
is no work tree, and nothing is ever forced: where somebody else pushes
meanwhile, it compares again with the new tip.

Files that a person edited or that are not ours stop it. So does a branch that
was made from a newer revision of the model. SOURCE_DATE_EPOCH sets the time of
the commit, GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL its author.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.publish(cmd.Context(), in, p) },
	}
	in.bind(cmd, true)
	p.bind(cmd)
	f := cmd.Flags()
	f.StringVarP(&p.message, "message", "m", "", "first line of the commit's message (default: what changes)")
	f.StringVar(&p.author, "author", "", `author and committer, as in "Name <mail>"`)
	f.StringVar(&p.revision, "revision", "", "revision of the model (default: the commit that -f is checked out at)")
	f.StringVar(&p.signKey, "sign-key", "", "private key of SSH or OpenPGP that signs the commit; GITOPSGEN_SIGN_PASSPHRASE unlocks it")
	f.BoolVar(&p.force, "force", false, "overwrite files that were edited by hand or are not ours")
	f.BoolVar(&p.allowDelete, "allow-delete", false, "delete more than the fleet's guard allows")
	f.BoolVar(&p.allowOlder, "allow-older", false, "publish although the branch was made from a newer revision of the model")
	return cmd
}

func (a *app) publish(ctx context.Context, in input, p publishFlags) error {
	if p.repo == "" {
		return errors.New("publish needs --repo")
	}
	loaded, err := a.load(in)
	if err != nil {
		return err
	}
	repo, err := a.open(ctx, p.repoFlags, loaded.Fleet)
	if err != nil {
		return err
	}
	said, err := a.said(in, p)
	if err != nil {
		return err
	}
	memory := openMemory(p.cacheDir)
	narrowed := !in.selection.IsZero()
	var result *render.Result
	outcome, err := repo.Publish(ctx, narrowed, func(tip *gitrepo.Tip) (gitrepo.Change, error) {
		if !p.allowOlder {
			if err := said.revision.CheckNewer(tip); err != nil {
				return gitrepo.Change{}, err
			}
		}
		if result == nil || narrowed {
			opts := []render.Option{render.WithMemory(memory)}
			if narrowed {
				prior, err := tip.Tree()
				if err != nil {
					return gitrepo.Change{}, err
				}
				opts = append(opts, render.WithPrior(prior))
			}
			if result, err = a.fleet(ctx, loaded, in, opts...); err != nil {
				return gitrepo.Change{}, err
			}
		}
		out := output{force: p.force, allowDelete: p.allowDelete}
		return gitrepo.Change{Tree: result.Tree, Options: out.options(result, guard(loaded.Fleet)), Commit: func(plan ownership.Plan) (gitrepo.Commit, error) {
			return said.commit(plan, tip.Owned())
		}}, nil
	})
	if result != nil {
		a.warn(result.Findings)
	}
	if err != nil {
		return err
	}
	memory.save()
	fmt.Fprintf(a.Err, "%d apps, %d targets: proved %d, remembered %d\n", result.Report.Apps, result.Report.Targets, result.Report.Proved, result.Report.Remembered)
	fmt.Fprintln(a.Err, outcome.Plan)
	if outcome.Commit != "" {
		fmt.Fprintln(a.Out, outcome.Commit)
	}
	return nil
}

// modelDir returns the first directory that the model was read from, or ".".
func modelDir(in input) string {
	for _, f := range in.files {
		if info, err := os.Stat(f); err == nil && info.IsDir() {
			return f
		}
	}
	return "."
}

// person reads "Name <mail>".
func person(s string) (gitrepo.Person, error) {
	name, mail, ok := strings.Cut(s, "<")
	mail, closed := strings.CutSuffix(strings.TrimSpace(mail), ">")
	if !ok || !closed || strings.TrimSpace(name) == "" {
		return gitrepo.Person{}, fmt.Errorf("--author %q: write it as \"Name <mail>\"", s)
	}
	return gitrepo.Person{Name: strings.TrimSpace(name), Email: mail}, nil
}
