package diff

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// dirs returns the target directories of both trees, sorted.
func dirs(trees ...*tree.Tree) []string {
	found := map[string]bool{}
	for _, t := range trees {
		for _, f := range t.Files() {
			dir := path.Dir(f.Path)
			if place, ok := layout.ParseDir(dir); ok && (path.Base(f.Path) == layout.Kustomization || isRendered(dir, place)) {
				found[dir] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func isRendered(dir string, p layout.Place) bool {
	return dir == layout.Rendered(p.Environment, p.Cluster, p.Unit)
}

// pair is a target: the directories that it builds from, before and after.
type pair struct {
	site
	before, after string
}

// pairs returns all targets of two trees, sorted by directory. A directory of
// one tree alone is compared with the one that its clusters build from in the
// other.
func pairs(from, to *tree.Tree, at [2]map[site]string) []pair {
	exists := [2]map[string]bool{{}, {}}
	for i, t := range []*tree.Tree{from, to} {
		for _, dir := range dirs(t) {
			exists[i][dir] = true
		}
	}
	found := map[pair]bool{}
	for _, dir := range dirs(from, to) {
		p, _ := layout.ParseDir(dir)
		if exists[0][dir] && exists[1][dir] {
			found[pair{site{p.Unit, p.Environment, p.Cluster}, dir, dir}] = true
		}
	}
	for i, dirsOf := range at {
		for s, dir := range dirsOf {
			if exists[1-i][dir] {
				continue
			}
			other := at[1-i][s]
			if p, _ := layout.ParseDir(dir); other == "" {
				s.cluster = p.Cluster
			}
			x := pair{s, dir, other}
			if i == 1 {
				x.before, x.after = other, dir
			}
			found[x] = true
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(x, y pair) int {
		return cmp.Or(cmp.Compare(x.dir(), y.dir()), x.site.compare(y.site), cmp.Compare(x.before, y.before))
	})
}

// sitesByPair returns the sites that build from each pair of directories, sorted.
func sitesByPair(at [2]map[site]string) map[[2]string][]site {
	out := map[[2]string][]site{}
	for _, s := range sorted(at[1]) {
		if before, ok := at[0][s]; ok {
			key := [2]string{before, at[1][s]}
			out[key] = append(out[key], s)
		}
	}
	return out
}

// sites returns those that build a target before and after.
func (p pair) sites(builtBy map[[2]string][]site) []site {
	if p.before != p.after {
		return []site{p.site}
	}
	return builtBy[[2]string{p.before, p.after}]
}

// dir returns the directory that a target builds from, or built from.
func (p pair) dir() string { return cmp.Or(p.after, p.before) }

// target compares what a target builds in two trees.
func target(from, to *tree.Tree, p pair) compared {
	c := compared{Target: Target{Dir: p.dir(), Unit: p.unit, Environment: p.env, Cluster: p.cluster, Kind: Changed}}
	before, err := objects(from, p.before)
	if err != nil {
		return compared{err: fmt.Errorf("before: %w", err)}
	}
	after, err := objects(to, p.after)
	if err != nil {
		return compared{err: fmt.Errorf("after: %w", err)}
	}
	c.Objects, c.namespace, c.lost = Objects(before, after), namespaceOf(after), without(before, after)
	switch {
	case p.before == "":
		c.Kind, c.like = Added, likenessOf(c.Target, after)
	case p.after == "":
		c.Kind, c.namespace = Removed, namespaceOf(before)
		c.like = likenessOf(c.Target, before)
	case p.before != p.after:
		c.Kind, c.MovedFrom = Moved, p.before
	}
	if c.like == nil && len(c.Objects) > 0 {
		c.restarts, c.err = restarts(before, after)
	}
	return c
}

// without returns the objects of a list that another one has not.
func without(list, other []object.Object) []object.Object {
	has := map[object.ID]bool{}
	for _, o := range other {
		has[o.ID()] = true
	}
	var out []object.Object
	for _, o := range list {
		if !has[o.ID()] {
			out = append(out, o)
		}
	}
	return out
}

// namespaceOf returns the namespace that most of the objects are in.
func namespaceOf(all []object.Object) string {
	count, most := map[string]int{}, ""
	for _, o := range all {
		ns := o.Namespace()
		count[ns]++
		if ns != "" && (most == "" || count[ns] > count[most] || count[ns] == count[most] && ns < most) {
			most = ns
		}
	}
	return most
}

// objects returns what a directory of a tree builds; nothing where it is not
// there.
func objects(t *tree.Tree, dir string) ([]object.Object, error) {
	place, ok := layout.ParseDir(dir)
	if ok && isRendered(dir, place) {
		var all []object.Object
		for _, f := range t.Under(dir) {
			parsed, err := object.Parse(f.Data)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.Path, err)
			}
			all = append(all, parsed...)
		}
		return all, nil
	}
	if _, has := t.Get(path.Join(dir, layout.Kustomization)); !ok || !has {
		return nil, nil
	}
	return kustomize.BuildUnhashed(t.Under(place.Unit), dir)
}
