package examples_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestPlatformNamespaces builds every platform directory of examples and sample fleets, by
// the binary that GITOPSGEN_KUSTOMIZE names where there is one: what is
// cluster-scoped must have no namespace, although kustomize takes all custom
// resources for namespaced, and all else must have one.
func TestPlatformNamespaces(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "testdata", "fleets", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("there are no sample fleets: %v", err)
	}
	for _, name := range fleets {
		dirs = append(dirs, filepath.Join(name, "fleet"))
	}
	binary, built := os.Getenv("GITOPSGEN_KUSTOMIZE"), 0
	for _, dir := range dirs {
		t.Run(dir, func(t *testing.T) {
			result := renderSample(t, dir)
			out := t.TempDir()
			files := map[string]string{}
			for _, f := range result.Tree.Files() {
				files[f.Path] = string(f.Data)
			}
			rewrite(t, out, files)
			for _, target := range result.Targets {
				if !strings.HasPrefix(target.Unit, "platform/") {
					continue
				}
				built++
				objects, err := kustomize.Build(result.Tree.Files(), target.Dir)
				if binary != "" {
					objects, err = runKustomize(binary, filepath.Join(out, filepath.FromSlash(target.Dir)))
				}
				if err != nil {
					t.Fatalf("%s: %v", target.Dir, err)
				}
				checkScopes(t, target.Dir, objects)
			}
		})
	}
	if built == 0 {
		t.Error("no platform directory was built")
	}
}

func checkScopes(t *testing.T, dir string, objects []object.Object) {
	t.Helper()
	for _, o := range objects {
		if scope := kind.Of(o.KindName()); scope == kind.Unknown || (scope == kind.Cluster) != (o.Namespace() == "") {
			t.Errorf("%s: %s has the namespace %q", dir, o.ID(), o.Namespace())
		}
	}
}

// renderSample renders a fleet of testdata.
func renderSample(t *testing.T, dir string) *render.Result {
	t.Helper()
	files, err := load.FS(os.DirFS(dir), filepath.Base(dir))
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
	if err != nil {
		t.Fatal(err)
	}
	return result
}
