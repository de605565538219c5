package disk_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func ExampleWrite() {
	ctx := context.Background()
	fleet := &model.Fleet{
		Name:         "shop",
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"home"}}, {Name: "prod", Clusters: []string{"home"}}},
		Apps:         []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "ghcr.io/acme/web:1.0.0"}}}},
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	write := func(opts ...render.Option) {
		result, err := render.Fleet(ctx, fleet, opts...)
		if err != nil {
			fmt.Println(err)
			return
		}
		plan, err := disk.Write(ctx, dir, result)
		if errors.Is(err, render.ErrStale) {
			fmt.Println("what is not selected would be lost")
			return
		}
		fmt.Println(plan, err)
	}
	write()
	write()

	fleet.Environments[0].Defaults.Replicas = new(int32(2))
	dev := render.WithSelection(render.Selection{Environments: []string{"dev"}})
	write(dev)
	d, err := disk.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	write(dev, render.WithPrior(d.Tree()))
	// Output:
	// wrote 20 files, deleted 0, left 0 unchanged <nil>
	// nothing changed: 20 files up to date <nil>
	// what is not selected would be lost
	// wrote 4 files, deleted 0, left 18 unchanged <nil>
}

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
