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
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
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
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.publish(cmd.Context(), in, p) },
	}
	a.bind(&in, cmd, true)
	p.bind(cmd)
	f := cmd.Flags()
	f.StringVarP(&p.message, "message", "m", "", "first line of the commit message (default: what changes)")
	f.StringVar(&p.author, "author", "", `author, as in "Name <mail>"`)
	f.StringVar(&p.revision, "revision", "", "revision of the model (default: the commit that -f is checked out at)")
	f.StringVar(&p.signKey, "sign-key", "", "SSH or OpenPGP private key to sign the commit with; GITOPSGEN_SIGN_PASSPHRASE unlocks it")
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
	loaded, read, err := a.loadNoting(in)
	if err != nil {
		return err
	}
	r := publisher{app: a, in: in, publishFlags: p, loaded: loaded, cache: openCache(p.cacheDir)}
	if r.meta, err = a.commitMeta(in, p); err != nil {
		return err
	}
	if r.branches, err = a.branches(ctx, p.repoFlags, loaded.Fleet); err != nil {
		return err
	}
	if r.meta.revision.Dirty, err = a.dirty(ctx, in, p, loaded.Fleet, r.meta.revision, read); err != nil {
		return err
	}
	if err := r.run(ctx); err != nil {
		return err
	}
	r.cache.save()
	return nil
}

// publisher is one run of publish.
type publisher struct {
	*app
	publishFlags
	in       input
	loaded   *loaded
	meta     commitMeta
	cache    *proofCache
	branches []branch
	// tips are the branches as a narrowed run reads them, and result is what a
	// run that is not narrowed renders, which no branch can change.
	tips   []*gitrepo.Tip
	result *render.Result
}

// run publishes each branch that is concerned. A push is whole by itself: where
// one fails, those before it stand, and the next publish does what is left.
func (r *publisher) run(ctx context.Context) error {
	narrowed := !r.in.selection.IsZero()
	if narrowed {
		r.tips = make([]*gitrepo.Tip, len(r.branches))
		for i, b := range r.branches {
			var err error
			if r.tips[i], err = b.repo.Tip(ctx, true); err != nil {
				return err
			}
		}
	}
	for i, b := range r.branches {
		if !b.selected(r.in.selection.Environments) {
			continue
		}
		outcome, err := b.repo.Publish(ctx, narrowed, func(tip *gitrepo.Tip) (gitrepo.Change, error) { return r.build(ctx, i, tip) })
		if err != nil {
			return err
		}
		r.report(b, outcome)
	}
	return nil
}

// build renders what a branch shall hold, given its tip.
func (r *publisher) build(ctx context.Context, i int, tip *gitrepo.Tip) (gitrepo.Change, error) {
	if !r.allowOlder {
		if err := r.meta.revision.CheckNewer(ctx, tip); err != nil {
			return gitrepo.Change{}, err
		}
	}
	if r.result == nil || r.tips != nil {
		opts := []render.Option{render.WithCache(r.cache)}
		if r.tips != nil {
			r.tips[i] = tip
			prior, err := union(r.branches, r.tips)
			if err != nil {
				return gitrepo.Change{}, err
			}
			opts = append(opts, render.WithPrior(prior))
		}
		var err error
		if r.result, err = r.fleet(ctx, r.loaded, r.in, opts...); err != nil {
			return gitrepo.Change{}, err
		}
	}
	want, err := r.branches[i].part(r.result.Tree)
	if err != nil {
		return gitrepo.Change{}, err
	}
	out := output{force: r.force, allowDelete: r.allowDelete}
	return gitrepo.Change{Tree: want, Options: out.options(r.result, guard(r.loaded.Fleet)), Commit: func(plan ownership.Plan) (gitrepo.Commit, error) {
		return r.meta.commit(plan, tip.Owned())
	}}, nil
}

// report says what was done to a branch.
func (r *publisher) report(b branch, o gitrepo.Outcome) {
	r.warn(r.result.Findings)
	r.Err.Printf("%s\n", r.result.Report)
	name := ""
	if len(r.branches) > 1 {
		name = b.repo.Branch + " "
	}
	r.Err.Printf("%s%s\n", name, o.Plan)
	if o.Commit != "" {
		r.Out.Printf("%s%s\n", name, o.Commit)
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
