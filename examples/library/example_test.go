package main

import (
	"context"
	"fmt"
	"os"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// A program that is not a command calls the engine by itself. The guards of the fleet,
// the features and what a person edited count as they do for the command.
func Example() {
	dir, err := os.MkdirTemp("", "library")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx, apps := context.Background(), fleet()
	for range 2 {
		result, err := render.Fleet(ctx, apps, program().Options...)
		if err != nil {
			fmt.Println(err)
			return
		}
		if plan, err := disk.Write(ctx, dir, result); err != nil {
			fmt.Println(err)
		} else {
			fmt.Println(plan)
		}
		apps.Apps = apps.Apps[:1] // search is gone
	}
	// Output:
	// wrote 61 files, deleted 0, left 0 unchanged
	// this run would delete 15 of 47 owned files, more than 30%; nothing was written (use --allow-delete if this is intended)
}
