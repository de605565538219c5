package ownership_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func TestChanges(t *testing.T) {
	dev, prod := tree.Owner{Unit: "apps/web", Environment: "dev"}, tree.Owner{Unit: "apps/web", Environment: "prod"}
	with := func(owner tree.Owner, paths ...string) []tree.File {
		var out []tree.File
		for _, p := range paths {
			out = append(out, tree.File{Path: p, Data: []byte(p), Owner: owner})
		}
		return out
	}
	for name, tc := range map[string]struct {
		reason  string
		before  inventory.Set
		writes  []tree.File
		deletes []string
		want    []ownership.Change
	}{
		"New": {reason: "An owner without an inventory is new.", before: inventory.NewSet(), writes: with(dev, "b", "a", inventory.Path(dev)),
			want: []ownership.Change{{Owner: dev, Kind: tree.Added, Files: []tree.Change{{Path: "a", Kind: tree.Added}, {Path: "b", Kind: tree.Added}}}}},
		"Changed": {reason: "One with files before and afterwards changes.", before: set(dev, "a", "c"), writes: with(dev, "a", "b"), deletes: []string{"c"},
			want: []ownership.Change{{Owner: dev, Kind: tree.Modified, Files: []tree.Change{{Path: "a", Kind: tree.Modified}, {Path: "b", Kind: tree.Added}, {Path: "c", Kind: tree.Removed}}}}},
		"Gone": {reason: "One whose inventory goes is gone.", before: set(prod, "a"), deletes: []string{inventory.Path(prod), "a"},
			want: []ownership.Change{{Owner: prod, Kind: tree.Removed, Files: []tree.Change{{Path: "a", Kind: tree.Removed}}}}},
		"Inventory": {reason: "An inventory alone is not a change of the owner.", before: set(dev, "a"), writes: with(dev, inventory.Path(dev))},
		"Sorted": {reason: "Owners are sorted.", before: inventory.NewSet(), writes: append(with(prod, "a"), with(dev, "b")...),
			want: []ownership.Change{{Owner: dev, Kind: tree.Added, Files: []tree.Change{{Path: "b", Kind: tree.Added}}}, {Owner: prod, Kind: tree.Added, Files: []tree.Change{{Path: "a", Kind: tree.Added}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := ownership.Plan{Writes: tc.writes, Deletes: tc.deletes}.Changes(tc.before)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// set returns the inventory of an owner with some files.
func set(owner tree.Owner, paths ...string) inventory.Set {
	s := inventory.NewSet()
	s.Inventories[owner] = inventory.Inventory{}
	for _, p := range paths {
		s.Files[p] = inventory.Owned{Owner: owner}
	}
	return s
}
