package ownership_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// state is a tree that stands in memory.
type state struct {
	set   inventory.Set
	files map[string]string
}

func (s state) Owned() inventory.Set { return s.set }

func (s state) Look(path string) (ownership.Kind, string, error) {
	if data, ok := s.files[path]; ok {
		return ownership.Regular, tree.BlobID([]byte(data)), nil
	}
	return ownership.Absent, "", nil
}

// A file that a person edited is in the way; nothing is taken from them.
func ExampleCompare() {
	owner := tree.Owner{Unit: "apps/web"}
	s := state{inventory.NewSet(), map[string]string{"apps/web/a.yaml": "edited"}}
	s.set.Files["apps/web/a.yaml"] = inventory.Owned{Owner: owner, ID: tree.BlobID([]byte("written"))}
	want, err := tree.New([]tree.File{{Path: "apps/web/a.yaml", Data: []byte("new"), Owner: owner}})
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := ownership.Compare(s, want, ownership.Options{})
	fmt.Println(plan.Conflicts, err)
	fmt.Println(plan.Check(ownership.Options{}) != nil)
	// Output:
	// [{apps/web/a.yaml this file was edited by hand}] <nil>
	// true
}
