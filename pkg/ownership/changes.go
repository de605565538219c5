package ownership

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Change is what a plan does to the files of one owner, apart from its inventory.
type Change struct {
	Owner tree.Owner
	// Kind is Added if the owner had no files before, and Removed if it has none
	// afterwards.
	Kind tree.ChangeKind
	// Files are the files that are written or deleted, sorted by path.
	Files []tree.Change
}

// Count returns how many files are changed in a way.
func (c Change) Count(kind tree.ChangeKind) int {
	n := 0
	for _, f := range c.Files {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

// Changes returns what a plan does to a tree with some inventories, sorted by
// owner. An owner of which only the inventory changes is left out.
func (p Plan) Changes(before inventory.Set) []Change {
	files := map[tree.Owner][]tree.Change{}
	for _, f := range p.Writes {
		if inventory.IsPath(f.Path) {
			continue
		}
		kind := tree.Added
		if _, was := before.Files[f.Path]; was {
			kind = tree.Modified
		}
		files[f.Owner] = append(files[f.Owner], tree.Change{Path: f.Path, Kind: kind})
	}
	gone := map[string]bool{}
	for _, path := range p.Deletes {
		gone[path] = true
		if f, was := before.Files[path]; was {
			files[f.Owner] = append(files[f.Owner], tree.Change{Path: path, Kind: tree.Removed})
		}
	}
	var out []Change
	for _, o := range slices.SortedFunc(maps.Keys(files), tree.Owner.Compare) {
		c := Change{Owner: o, Kind: tree.Modified, Files: files[o]}
		slices.SortFunc(c.Files, func(a, b tree.Change) int { return cmp.Compare(a.Path, b.Path) })
		if _, had := before.Inventories[o]; !had {
			c.Kind = tree.Added
		} else if gone[inventory.Path(o)] {
			c.Kind = tree.Removed
		}
		out = append(out, c)
	}
	return out
}
