package examples_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestKustomizeBinary lets the kustomize binary that GITOPSGEN_KUSTOMIZE names
// build every directory of the expected trees. It must print no warning, and
// give the objects that the library builds in memory: those that the proof
// compared with the targets.
func TestKustomizeBinary(t *testing.T) {
	binary := os.Getenv("GITOPSGEN_KUSTOMIZE")
	if binary == "" {
		t.Skip("set GITOPSGEN_KUSTOMIZE to a kustomize binary")
	}
	trees, err := filepath.Glob("*/expected")
	if err != nil || len(trees) == 0 {
		t.Fatalf("finding the expected trees: %d, %v", len(trees), err)
	}
	for _, dir := range trees {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			files := readFiles(t, dir)
			built := 0
			for _, f := range files {
				if path.Base(f.Path) != layout.Kustomization {
					continue
				}
				built++
				unit := path.Dir(f.Path)
				want, err := kustomize.Build(files, unit)
				if err != nil {
					t.Fatal(err)
				}
				got, err := runKustomize(binary, filepath.Join(dir, filepath.FromSlash(unit)))
				if err != nil {
					t.Errorf("%s: %v", unit, err)
					continue
				}
				if diff := cmp.Diff(byID(want), byID(got)); diff != "" {
					t.Errorf("%s (-library +binary):\n%s", unit, diff)
				}
			}
			t.Logf("%d directories built", built)
		})
	}
}

// runKustomize returns what the binary builds from dir. Anything that it says
// besides is an error.
func runKustomize(binary, dir string) ([]object.Object, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(binary, "build", dir)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("kustomize build: %w: %s", err, stderr.Bytes())
	}
	if stderr.Len() > 0 {
		return nil, fmt.Errorf("kustomize build: warned: %s", stderr.Bytes())
	}
	return object.Parse(stdout.Bytes())
}

func byID(objects []object.Object) map[object.ID]map[string]any {
	out := map[object.ID]map[string]any{}
	for _, o := range objects {
		out[o.ID()] = o.Map()
	}
	return out
}

// readFiles returns the files below dir, without owners.
func readFiles(t *testing.T, dir string) []tree.File {
	t.Helper()
	var files []tree.File
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
		files = append(files, tree.File{Path: p, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
