package crds

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// root is the repository.
var root = filepath.Join("..", "..")

// all returns the judges of all releases.
var all = sync.OnceValues(func() (panel, error) { return newPanel(context.Background(), releases) })

// TestDefinitionsAccept judges the fleets of the examples and of testdata/fleets,
// each rendered for several sets of releases, the trees of examples in Go, and
// the objects beside this test.
func TestDefinitionsAccept(t *testing.T) {
	judges, err := all()
	if err != nil {
		t.Fatal(err)
	}
	plain := map[string]fs.FS{"objects": os.DirFS("objects")}
	var fleets []string
	for _, dir := range subdirectories(t, filepath.Join(root, "examples")) {
		fleet, expected := filepath.Join(dir, "fleet"), filepath.Join(dir, "expected")
		switch {
		case isDir(fleet):
			fleets = append(fleets, fleet)
		case isDir(expected): // of an example in Go
			plain[dir] = os.DirFS(expected)
		}
	}
	fleets = append(fleets, subdirectories(t, filepath.Join(root, "testdata", "fleets"))...)
	for name, tree := range plain {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			judgeTree(t, judges.unversioned(), tree)
		})
	}
	for _, dir := range fleets {
		for i, round := range judges.rounds() {
			t.Run(fmt.Sprintf("%s/%d", strings.TrimPrefix(dir, root), i), func(t *testing.T) {
				t.Parallel()
				judgeTree(t, round, renderFleet(t, dir, round))
			})
		}
	}
}

func isDir(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

func judgeTree(t *testing.T, judges panel, tree fs.FS) {
	t.Helper()
	objects, err := treeObjects(tree)
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

// renderFleet renders the fleet in dir for the releases of a round.
func renderFleet(t *testing.T, dir string, round panel) fs.FS {
	t.Helper()
	files, err := load.FS(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	fleet := loaded.Fleet
	if fleet.Repository.URL != "" {
		fleet.ArgoCD = view.Instances(fleet)
	}
	for i := range fleet.ArgoCD {
		fleet.ArgoCD[i].Version = round.minor("Argo CD")
	}
	for i := range fleet.Clusters {
		fleet.Clusters[i].Operators = model.Operators{
			ExternalSecrets: round.minor("External Secrets"), CertManager: round.minor("cert-manager"),
			GatewayAPI: round.minor("Gateway API"), ExternalDNS: round.minor("ExternalDNS"), Istio: round.minor("Istio"),
		}
	}
	result, err := render.Fleet(t.Context(), fleet, render.WithPositions(loaded.Positions))
	if err != nil {
		t.Fatal(err)
	}
	return result.Tree
}
