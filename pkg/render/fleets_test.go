package render_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestSampleFleets renders the fleets of testdata, which use every feature of a
// concern, with the proof: kustomize builds what the model says.
func TestSampleFleets(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "fleets", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("there are no sample fleets: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
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
			if l.Fleet.Repository.Layout != model.Rendered {
				checkContents(t, result)
			}
			if result.Report.Proved == 0 || result.Report.Targets == 0 {
				t.Errorf("of %d targets, %d were proved", result.Report.Targets, result.Report.Proved)
			}
		})
	}
}
