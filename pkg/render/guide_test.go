package render_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestGuide renders the sample fleets in both layouts: the page of a tree names the
// places of all of its files, and says the same whatever the fleet.
func TestGuide(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "fleets", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("there are no sample fleets: %v", err)
	}
	pages, used := map[model.Layout]string{}, map[string]bool{}
	for _, dir := range dirs {
		files, err := load.FS(os.DirFS(dir), filepath.Base(dir))
		if err != nil {
			t.Fatal(err)
		}
		l, err := load.Fleet(nil, files...)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []model.Layout{model.Overlays, model.Rendered} {
			l.Fleet.Repository.Layout = at
			result, err := render.Fleet(t.Context(), l.Fleet, render.WithoutProof())
			if err != nil {
				continue // previews cannot be rendered
			}
			page, ok := result.Tree.Get(layout.Guide)
			if _, marked := result.Tree.Get(layout.Attributes); !ok || !marked {
				t.Fatalf("%s, %s: the tree has no guide", dir, at)
			}
			if other, seen := pages[at]; seen && other != string(page.Data) {
				t.Errorf("%s, %s: the page is another one", dir, at)
			}
			pages[at] = string(page.Data)
			for _, f := range result.Tree.Files() {
				if inventory.IsPath(f.Path) {
					continue
				}
				row := rowOf(f.Path, pages[at])
				if row == "" {
					t.Errorf("%s, %s: the page does not say what %s is", dir, at, f.Path)
				}
				used[string(at)+row] = true
			}
		}
	}
	for at, page := range pages {
		for _, row := range rows.FindAllStringSubmatch(page, -1) {
			if !used[string(at)+row[1]] {
				t.Errorf("%s: the page names %s, which no fleet has", at, row[1])
			}
		}
	}
	if len(pages) != 2 || pages[model.Overlays] == pages[model.Rendered] {
		t.Error("the layouts do not have a page each")
	}
}

// rows are the places that a page names, and names what a user names in them.
var (
	rows  = regexp.MustCompile("(?m)^\\| `([^`]+)`")
	names = regexp.MustCompile(`[A-Z]+`)
)

// rowOf returns the place of a file among those that a page names, or "".
func rowOf(file, page string) string {
	for _, row := range rows.FindAllStringSubmatch(page, -1) {
		pattern := "^" + names.ReplaceAllString(strings.ReplaceAll(row[1], ".", `\.`), "[^/]+")
		if regexp.MustCompile(pattern).MatchString(file) {
			return row[1]
		}
	}
	return ""
}
