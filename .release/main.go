// Release builds the archives of a release of gitopsgen, with checksums and a bill
// of materials for each, and lists the modules that the command links.
//
//	go -C .release run . modules         # rewrites .release/MODULES.md
//	go -C .release run . build VERSION   # writes out/VERSION
//
// The same commit gives the same bytes with the same version of Go, wherever it is
// built. With a warm module cache nothing is fetched.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

// root is the checkout, seen from the directory of this module.
const root = ".."

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "modules":
		text, err := modulesFile(ctx, root)
		if err != nil {
			return err
		}
		return os.WriteFile(modulesName, text, 0o644)
	case len(args) == 2 && args[0] == "build":
		dir := filepath.Join(root, "out", filepath.Base(args[1]))
		return release{root: root, version: args[1], dir: dir}.build(ctx, platforms)
	}
	return errors.New("use modules, or build VERSION")
}
