package render_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

var update = flag.Bool("update", false, "rewrite the expected findings")

// TestBroken loads and renders each broken fleet and compares all findings with
// those that stand beside it.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("../../testdata/broken/*.yaml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d broken fleets, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: data})
			if err == nil {
				_, err = render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
			}
			var findings *finding.Findings
			if !errors.As(err, &findings) {
				t.Fatalf("no findings, but %v", err)
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
