package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// branch is one branch of the repository and the environments that it holds.
type branch struct {
	repo         *gitrepo.Repo
	environments map[string]bool
	// shared is the repository's own branch, from which Argo CD starts.
	shared bool
}

// branches returns the branches that the fleet's environments are on: that of the
// repository first, if any environment or what Argo CD starts from is on it, then
// the others by name.
func (a *app) branches(ctx context.Context, r repoFlags, f *model.Fleet) ([]branch, error) {
	remote, err := a.remote(ctx, r, f)
	if err != nil {
		return nil, err
	}
	shared := cmp.Or(r.branch, f.Repository.Branch, "main")
	byName := map[string]map[string]bool{}
	if f.Repository.URL != "" && len(resolve.Instances(f)) > 0 || len(f.Components) > 0 {
		byName[shared] = map[string]bool{}
	}
	for _, env := range f.Environments {
		name := cmp.Or(env.Branch, shared)
		if byName[name] == nil {
			byName[name] = map[string]bool{}
		}
		byName[name][env.Name] = true
	}
	names := slices.Sorted(maps.Keys(byName))
	if i := slices.Index(names, shared); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, shared)
	}
	out := make([]branch, len(names))
	for i, name := range names {
		remote.Branch = name
		repo, err := gitrepo.Open(remote)
		if err != nil {
			return nil, err
		}
		out[i] = branch{repo, byName[name], name == shared}
	}
	return out, nil
}

// selected reports whether a run that is narrowed to some environments, if any
// are named, concerns the branch.
func (b branch) selected(environments []string) bool {
	return len(environments) == 0 || slices.ContainsFunc(environments, func(e string) bool { return b.environments[e] })
}

// part returns the part of a tree that belongs on the branch: what its
// environments own, and what is shared by the units that they have there. On the
// shared branch it also has the units of which Argo CD's root reads something, and
// those that run once per cluster.
func (b branch) part(t *tree.Tree) (*tree.Tree, error) {
	units := map[string]bool{}
	for _, f := range t.Files() {
		top, _, _ := strings.Cut(f.Path, "/")
		rooted := f.Owner.Cluster != "" || f.Owner.Environment == "" && (top == layout.ArgoCD("") || top == layout.Bootstrap(""))
		if b.environments[f.Owner.Environment] || b.shared && rooted {
			units[f.Owner.Unit] = true
		}
	}
	var files []tree.File
	for _, f := range t.Files() {
		if b.environments[f.Owner.Environment] || f.Owner.Environment == "" && units[f.Owner.Unit] {
			files = append(files, f)
		}
	}
	return tree.New(files)
}

// union returns the owned files of several branches as one tree. What they share
// is that of the first that has it.
func union(branches []branch, tips []*gitrepo.Tip) (*tree.Tree, error) {
	var files []tree.File
	have := map[string]bool{}
	for i, b := range branches {
		t, err := tips[i].Tree()
		if err != nil {
			return nil, err
		}
		for _, f := range t.Files() {
			if e := f.Owner.Environment; !have[f.Path] && (len(branches) == 1 || e == "" || b.environments[e]) {
				have[f.Path] = true
				files = append(files, f)
			}
		}
	}
	return tree.New(files)
}
