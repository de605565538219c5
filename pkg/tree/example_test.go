package tree_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func ExampleChanges() {
	from, err := tree.New([]tree.File{{Path: "a.yaml", Data: []byte("1")}, {Path: "b.yaml", Data: []byte("1")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	to, err := tree.New([]tree.File{{Path: "a.yaml", Data: []byte("2")}, {Path: "c/d.yaml", Data: []byte("1")}})
	fmt.Println(tree.Changes(from, to), err)
	_, err = tree.New([]tree.File{{Path: "../etc/passwd"}})
	fmt.Println(err)
	// Output:
	// [{a.yaml modified} {b.yaml removed} {c/d.yaml added}] <nil>
	// path "../etc/passwd" is not clean, or leaves the tree
}
