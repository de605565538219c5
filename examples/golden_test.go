package examples_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

var update = flag.Bool("update", false, "rewrite the expected trees")

// fleets are the examples in YAML.
var fleets = []string{"aws", "boutique", "guestbook", "multicluster", "vault"}

// loadFleet loads the fleet of an example.
func loadFleet(t testing.TB, name string) *load.Result {
	t.Helper()
	files, err := load.FS(os.DirFS(filepath.Join(name, "fleet")), "fleet")
	if err != nil {
		t.Fatal(err)
	}
	result, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestExpectedTrees renders each example and compares it with its expected tree,
// byte by byte.
func TestExpectedTrees(t *testing.T) {
	for _, name := range fleets {
		t.Run(name, func(t *testing.T) {
			l := loadFleet(t, name)
			result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, f := range result.Tree.Files() {
				want[f.Path] = string(f.Data)
			}
			dir := filepath.Join(name, "expected")
			if *update {
				rewrite(t, dir, want)
			}
			if diff := cmp.Diff(readTree(t, dir), want); diff != "" {
				t.Errorf("the expected tree differs; run go test ./examples -update and review (-expected +rendered):\n%s", diff)
			}
		})
	}
}

// TestNoWarnings renders the examples that say of themselves that there is nothing
// to warn of.
func TestNoWarnings(t *testing.T) {
	for _, name := range []string{"aws", "boutique", "guestbook", "multicluster", "vault"} {
		t.Run(name, func(t *testing.T) {
			l := loadFleet(t, name)
			result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range result.Findings {
				t.Error(f)
			}
		})
	}
}

func rewrite(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(bytes.Clone(data))
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out
}
