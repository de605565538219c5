package examples_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// allFleets returns the fleets of the examples in YAML and of testdata, by name.
func allFleets(t *testing.T) map[string]*model.Fleet {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join("..", "testdata", "fleets", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("there are no sample fleets: %v", err)
	}
	for _, name := range fleets {
		dirs = append(dirs, filepath.Join(name, "fleet"))
	}
	out := map[string]*model.Fleet{}
	for _, dir := range dirs {
		files, err := load.FS(os.DirFS(dir), dir)
		if err != nil {
			t.Fatal(err)
		}
		l, err := load.Fleet(nil, files...)
		if err != nil {
			t.Fatal(err)
		}
		out[dir] = l.Fleet
	}
	return out
}

// TestNarrowedAgain renders parts of a fleet again over the whole tree: nothing
// changes, whatever the parts, in no file.
func TestNarrowedAgain(t *testing.T) {
	for name, fleet := range allFleets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, err := render.Fleet(context.Background(), fleet)
			if err != nil {
				t.Fatal(err)
			}
			var selections []render.Selection
			for _, e := range fleet.Environments {
				selections = append(selections, render.Selection{Environments: []string{e.Name}})
			}
			for _, c := range fleet.Clusters {
				selections = append(selections, render.Selection{Clusters: []string{c.Name}})
			}
			for _, a := range fleet.Apps {
				selections = append(selections, render.Selection{Apps: []string{a.Name}},
					render.Selection{Apps: []string{a.Name}, Environments: []string{fleet.Environments[0].Name}})
			}
			for _, s := range selections {
				part, err := render.Fleet(context.Background(), fleet, render.WithSelection(s), render.WithPrior(whole.Tree))
				if err != nil {
					t.Errorf("%+v: %v", s, err)
					continue
				}
				for _, c := range tree.Changes(whole.Tree, part.Tree) {
					t.Errorf("%+v: %s was %s", s, c.Path, c.Kind)
				}
			}
		})
	}
}

// TestGoneEnvironment renders one environment after another has left the model:
// what stands of that one is still permitted.
func TestGoneEnvironment(t *testing.T) {
	fleet := loadFleet(t, "boutique").Fleet
	whole, err := render.Fleet(context.Background(), fleet)
	if err != nil {
		t.Fatal(err)
	}
	fleet.Environments = slices.DeleteFunc(fleet.Environments, func(e model.Environment) bool { return e.Name == "prod" })
	for i := range fleet.Apps {
		delete(fleet.Apps[i].Environments, "prod")
		fleet.Apps[i].RunsIn = slices.DeleteFunc(fleet.Apps[i].RunsIn, func(env string) bool { return env == "prod" })
	}
	part, err := render.Fleet(context.Background(), fleet, render.WithPrior(whole.Tree), render.WithSelection(render.Selection{Environments: []string{"dev"}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tree.Changes(whole.Tree, part.Tree) {
		t.Errorf("%s was %s", c.Path, c.Kind)
	}
}
