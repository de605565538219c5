package inventory_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func ExampleWith() {
	bare, err := tree.New([]tree.File{{Path: "apps/web/base/service.yaml", Data: []byte("kind: Service\n"), Owner: tree.Owner{Unit: "apps/web"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	full, err := inventory.With(bare, inventory.Meta{Generator: "v0.1.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := full.Get(".gitopsgen/apps/web/base.yaml")
	fmt.Print(string(f.Data))
	// Output:
	// apiVersion: gitopsgen.dev/v1alpha1
	// kind: Inventory
	// generator: v0.1.0
	// files:
	//   apps/web/base/service.yaml: 4fffa8482c3e834f679b98fddaab47f3c8679d0a
}
