package crds

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// root is the repository.
var root = filepath.Join("..", "..")

// all returns the judges of all releases.
var all = sync.OnceValues(func() (panel, error) { return newPanel(context.Background(), releases) })

// TestDefinitionsAccept judges the trees of all examples, of the fleets in
// testdata/fleets, and the objects beside this test by every release.
func TestDefinitionsAccept(t *testing.T) {
	judges, err := all()
	if err != nil {
		t.Fatal(err)
	}
	trees := map[string]fs.FS{"objects": os.DirFS("objects")}
	for _, dir := range subdirectories(t, filepath.Join(root, "examples")) {
		trees[dir] = os.DirFS(filepath.Join(dir, "expected"))
	}
	for _, dir := range subdirectories(t, filepath.Join(root, "testdata", "fleets")) {
		trees[dir] = renderFleet(t, dir)
	}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			objects, err := treeObjects(trees[name])
			if err != nil {
				t.Fatal(err)
			}
			judged := map[string]int{}
			for _, from := range slices.Sorted(maps.Keys(objects)) {
				for _, o := range objects[from] {
					judgeObject(t, judges, from, o, judged)
				}
			}
			t.Logf("%d places, objects judged: %v", len(objects), judged)
		})
	}
}

// judgeObject reports what any release has to say against an object, and
// counts the judged ones.
func judgeObject(t *testing.T, judges panel, from string, o *unstructured.Unstructured, judged map[string]int) {
	t.Helper()
	concerned := judges.of(o.GetAPIVersion(), o.GetKind())
	if len(concerned) == 0 && judges.hasGroup(o.GetAPIVersion()) {
		t.Errorf("%s: no release defines %s %s", from, o.GetAPIVersion(), o.GetKind())
	}
	for _, j := range concerned {
		judged[j.release.String()]++
		for _, f := range j.findings(t.Context(), o) {
			t.Errorf("%s: %s: %s %s: %s", j.release, from, o.GetKind(), o.GetName(), f)
		}
	}
}

// subdirectories returns the directories in dir, which need not exist.
func subdirectories(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range names {
		out = append(out, filepath.Dir(n))
	}
	return slices.Compact(out)
}

// renderFleet renders the fleet in dir.
func renderFleet(t *testing.T, dir string) fs.FS {
	t.Helper()
	files, err := load.FS(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.Fleet(t.Context(), loaded.Fleet, render.WithPositions(loaded.Positions))
	if err != nil {
		t.Fatal(err)
	}
	return result.Tree
}
