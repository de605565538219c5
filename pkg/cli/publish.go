package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// publishFlags say what a publish may do, and what its commit says.
type publishFlags struct {
	repoFlags
	message, author, revision, signKey string
	force, allowDelete                 bool
	allowOlder, allowDirty             bool
}

func (a *app) publishCmd() *cobra.Command {
	var in input
	var p publishFlags
	cmd := &cobra.Command{
		Use:   "publish -f DIR --repo URL",
		Short: "Commit the tree to a git repository and push it",
		Long: `Publish renders, compares with the tip of the branch, commits exactly what
differs, and pushes. It prints the commit, or that nothing changed. It needs no
work tree, and never forces a push: if somebody else pushes meanwhile, it
compares again with the new tip.

It stops if files were edited by hand or are unmanaged, or if the branch was
generated from a newer revision of the model. If the model has uncommitted
changes, the commit is marked (Gitopsgen-Revision: HASH-dirty), and production is
not published without --allow-dirty. SOURCE_DATE_EPOCH sets the time of
the commit, GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL its author, GIT_COMMITTER_NAME and
GIT_COMMITTER_EMAIL its committer.`,
		Example: `  # Publish to the branch that the fleet names, or main
  gitopsgen publish -f fleet --repo https://git.example.com/acme/config.git

  # Publish one environment, with a signed commit
  gitopsgen publish -f fleet --repo git@git.example.com:acme/config.git --env dev --sign-key ~/.ssh/id_ed25519`,
		Args: takes(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.publish(cmd.Context(), in, p) },
	}
	a.bind(&in, cmd, true)
	bindFetch(cmd, &in)
	p.bind(cmd)
	f := cmd.Flags()
	f.StringVarP(&p.message, "message", "m", "", "first line of the commit message, a `TEXT` (default: what changes)")
	f.StringVar(&p.author, "author", "", "`PERSON` who wrote the change, as in \"Name <mail>\"")
	f.StringVar(&p.revision, "revision", "", "`REVISION` of the model (default: the commit that -f is checked out at)")
	f.StringVar(&p.signKey, "sign-key", "", "`FILE` with an SSH or OpenPGP private key to sign the commit with; GITOPSGEN_SIGN_PASSPHRASE unlocks it")
	f.BoolVar(&p.force, "force", false, "overwrite files that were edited by hand or are unmanaged")
	f.BoolVar(&p.allowDelete, "allow-delete", false, "delete more than the guard of the fleet allows")
	f.BoolVar(&p.allowDirty, "allow-dirty", false, "publish to production although the model has uncommitted changes")
	f.BoolVar(&p.allowOlder, "allow-older", false, "publish although the branch was generated from a newer revision of the model")
	return cmd
}

func (a *app) publish(ctx context.Context, in input, p publishFlags) error {
	if p.repo == "" {
		return errors.New("publish needs --repo")
	}
	in.cacheDir = p.cacheDir
	if err := a.fetchFirst(ctx, in); err != nil {
		return err
	}
	loaded, read, err := a.loadNoting(in)
	if err != nil {
		return err
	}
	meta, err := a.commitMeta(in, p)
	if err != nil {
		return err
	}
	branches, err := a.branches(ctx, p.repoFlags, loaded.Fleet)
	if err != nil {
		return err
	}
	if meta.Revision.Dirty, err = a.dirty(ctx, in, p, loaded.Fleet, meta.Revision, read); err != nil {
		return err
	}
	cache := openCache(p.cacheDir)
	var result *render.Result
	build := func(ctx context.Context, prior *tree.Tree) (*render.Result, error) {
		r, err := a.fleet(ctx, loaded, in, cache.option(), render.WithPrior(prior))
		if err == nil {
			result = r
		}
		return r, err
	}
	var prior *tree.Tree
	if !in.selection.IsZero() {
		if prior, err = a.fetch(ctx, branches); err != nil {
			return err
		}
	}
	if _, err := build(ctx, prior); err != nil {
		return err
	}
	_, end := a.begin(ctx, "publishing")
	outcomes, err := branches.Publish(ctx, result, append(p.options(), gitrepo.WithCommit(meta), gitrepo.WithRender(build))...)
	end()
	a.warn(result.Findings)
	a.published(result, outcomes, len(branches.Names()) > 1)
	if err != nil {
		return err
	}
	cache.save()
	return nil
}

// options are what a publish may do.
func (p publishFlags) options() []gitrepo.Option {
	var out []gitrepo.Option
	if p.force {
		out = append(out, gitrepo.WithForce())
	}
	if p.allowDelete {
		out = append(out, gitrepo.WithAllowDelete())
	}
	if p.allowOlder {
		out = append(out, gitrepo.WithAllowOlder())
	}
	return out
}

// published prints what was done to branches, with their names where there are
// several.
func (a *app) published(r *render.Result, outcomes []gitrepo.Outcome, several bool) {
	if len(outcomes) > 0 {
		a.report("%s\n", r.Report)
	}
	for _, o := range outcomes {
		name := ""
		if several {
			name = o.Branch + " "
		}
		a.changes(o.Plan.Changes(o.Tip.Owned()), r.Fleet)
		a.report("%s%s\n", name, o.Plan)
		if o.Commit != "" {
			a.Out.Printf("%s%s\n", name, o.Commit)
		}
	}
}

// modelDir returns the directory that the model was read from: the first that
// -f names, or that of its first file.
func modelDir(in input) string {
	for _, f := range in.files {
		if info, err := os.Stat(f); err == nil && info.IsDir() {
			return f
		}
	}
	for _, f := range in.files {
		if f != "-" {
			return filepath.Dir(f)
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
