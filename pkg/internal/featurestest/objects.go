package featurestest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Objects generates the objects of small fleets. Each file of the package's testdata
// holds a reason, the kinds to look at, a fleet, and the objects expected of each
// cluster, which it rewrites where update says so.
func Objects(t *testing.T, update bool) {
	t.Helper()
	cases, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("there are no cases: %v", err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			reason, kinds, ok := strings.Cut(strings.TrimSpace(string(archive.Comment)), "\nkinds: ")
			if !ok || len(archive.Files) != 2 {
				t.Fatalf("%s: a reason, kinds, fleet.yaml and want.yaml are expected", file)
			}
			l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: archive.Files[0].Data})
			if err != nil {
				t.Fatal(err)
			}
			got := generated(t, resolve.New(l.Fleet, features.Default()), strings.Fields(kinds))
			if update {
				archive.Files[1].Data = got
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", reason, diff)
			}
		})
	}
}

// generated returns the objects of some kinds, of all apps and components.
func generated(t *testing.T, r *resolve.Resolver, kinds []string) []byte {
	t.Helper()
	var out bytes.Buffer
	add := func(title string, objects []object.Object, err error) {
		if err != nil {
			t.Fatal(err)
		}
		object.Sort(objects)
		for _, o := range objects {
			if slices.Contains(kinds, o.Kind()) {
				fmt.Fprintf(&out, "# %s\n%s---\n", title, o.YAML())
			}
		}
	}
	scopes := map[view.Scope]bool{}
	for _, app := range r.Apps() {
		for _, s := range r.Scopes(app) {
			if s.Cluster == "" {
				continue
			}
			objects, err := TargetObjects(r, app, s)
			add(fmt.Sprintf("%s in %s/%s", app, s.Environment, s.Cluster), objects, err)
			scopes[s] = true
		}
	}
	for _, c := range r.Set().Components() {
		for _, s := range slices.SortedFunc(keys(scopes), func(a, b view.Scope) int {
			return strings.Compare(a.Environment+"/"+a.Cluster, b.Environment+"/"+b.Cluster)
		}) {
			objects, err := c.Objects(r.Environment(s))
			add(fmt.Sprintf("platform %s in %s/%s", c.Name, s.Environment, s.Cluster), objects, err)
		}
	}
	return out.Bytes()
}

func keys(m map[view.Scope]bool) func(func(view.Scope) bool) {
	return func(yield func(view.Scope) bool) {
		for s := range m {
			if !yield(s) {
				return
			}
		}
	}
}

// TargetObjects returns the objects that the features make of a target.
func TargetObjects(r *resolve.Resolver, app string, s view.Scope) ([]object.Object, error) {
	t := r.Target(app, s)
	return r.Set().Objects(&t, r.View())
}
