package gitrepo

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Branches are the branches of a repository that the environments of a fleet are on.
type Branches struct {
	list []branch
	tips []*Tip // as they were last read, with contents; nil before
}

// branch is one branch of the repository and the environments that it holds.
type branch struct {
	repo         *Repo
	environments map[string]bool
	// shared is the repository's own branch, from which Argo CD starts.
	shared bool
}

// OpenBranches returns the branches of the fleet's environments: that of the
// repository first, if it contains an environment or the objects that Argo CD
// starts from, then the others by name. It does not connect yet. The branch and
// the path of r are by default those of the fleet's repository; without a branch
// there either, it is main.
func OpenBranches(r Remote, f *model.Fleet) (*Branches, error) {
	if f == nil {
		return nil, errors.New("the fleet is nil")
	}
	shared := cmp.Or(r.Branch, f.Repository.Branch, "main")
	r.Path = cmp.Or(r.Path, f.Repository.Path)
	byName := map[string]map[string]bool{}
	if f.Repository.URL != "" && len(view.Instances(f)) > 0 || len(f.Components) > 0 {
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
	b := &Branches{list: make([]branch, len(names))}
	for i, name := range names {
		r.Branch = name
		repo, err := Open(r)
		if err != nil {
			return nil, err
		}
		b.list[i] = branch{repo, byName[name], name == shared}
	}
	return b, nil
}

// Names returns the names of the branches, in the order in which they are published.
func (b *Branches) Names() []string {
	out := make([]string, len(b.list))
	for i, one := range b.list {
		out[i] = one.repo.Branch
	}
	return out
}

// Tree reads the branches, and returns their owned files as one tree, which
// render.WithPrior takes.
func (b *Branches) Tree(ctx context.Context) (*tree.Tree, error) {
	tips := make([]*Tip, len(b.list))
	for i, one := range b.list {
		var err error
		if tips[i], err = one.repo.Tip(ctx, true); err != nil {
			return nil, err
		}
	}
	b.tips = tips
	return b.union()
}

// Plan returns what Publish would do to the branches as Tree has read them. Files
// that are in the way are the conflicts of the plan.
func (b *Branches) Plan(ctx context.Context, result *render.Result) (ownership.Plan, error) {
	var sum ownership.Plan
	if result == nil || result.Tree == nil {
		return sum, errors.New("there is no result to compare with")
	}
	if b.tips == nil {
		if _, err := b.Tree(ctx); err != nil {
			return sum, err
		}
	}
	for i, one := range b.list {
		if !one.selected(result.Selection.Environments) {
			continue
		}
		part, err := one.part(result.Tree)
		if err != nil {
			return sum, err
		}
		p, err := b.tips[i].Compare(part, result.Ownership())
		if err != nil {
			return sum, err
		}
		sum.Add(p)
	}
	return sum, nil
}

// selected reports whether a run that is narrowed to some environments, if any
// are named, concerns the branch.
func (b branch) selected(environments []string) bool {
	return len(environments) == 0 || slices.ContainsFunc(environments, func(e string) bool { return b.environments[e] })
}

// part returns the part of a tree that belongs on the branch: what its
// environments own, and what is shared by the units that they have there. On the
// shared branch it also has the units of which Argo CD's root reads something, and
// those that run once per cluster. A branch that has any has the guide.
func (b branch) part(t *tree.Tree) (*tree.Tree, error) {
	units := map[string]bool{}
	for _, f := range t.Files() {
		top, _, _ := strings.Cut(f.Path, "/")
		rooted := f.Owner.Cluster != "" || f.Owner.Environment == "" && (top == layout.ArgoCD("") || top == layout.Bootstrap(""))
		if b.environments[f.Owner.Environment] || b.shared && rooted {
			units[f.Owner.Unit] = true
		}
	}
	units[layout.GuideUnit] = len(units) > 0
	var files []tree.File
	for _, f := range t.Files() {
		if b.environments[f.Owner.Environment] || f.Owner.Environment == "" && units[f.Owner.Unit] {
			files = append(files, f)
		}
	}
	return tree.New(files)
}

// union returns the owned files of the branches as one tree. What they share is that
// of the first that has it.
func (b *Branches) union() (*tree.Tree, error) {
	var files []tree.File
	have := map[string]bool{}
	for i, one := range b.list {
		t, err := b.tips[i].Tree()
		if err != nil {
			return nil, err
		}
		for _, f := range t.Files() {
			if e := f.Owner.Environment; !have[f.Path] && (len(b.list) == 1 || e == "" || one.environments[e]) {
				have[f.Path] = true
				files = append(files, f)
			}
		}
	}
	return tree.New(files)
}
