package disk_test

import (
	"context"
	"fmt"
	"os"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func ExampleApply() {
	bare, err := tree.New([]tree.File{{Path: "apps/web/base/service.yaml", Data: []byte("kind: Service\n"), Owner: tree.Owner{Unit: "apps/web"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	want, err := inventory.With(bare, inventory.Meta{Generator: "v0.1.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for range 2 {
		plan, err := disk.Apply(context.Background(), dir, want, ownership.Options{})
		fmt.Println(plan, err)
	}
	// Output:
	// wrote 2 files, deleted 0, left 0 unchanged <nil>
	// nothing changed: 2 files up to date <nil>
}
