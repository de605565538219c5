package gitrepo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestPart divides a tree between its branches: nothing is lost, and what Argo
// CD's root reads is on the shared one.
func TestPart(t *testing.T) {
	tests := map[string]struct{ reason, fleet, shared, other string }{
		"OneBranch":    {"All is on the one that there is.", "hub", "dev prod", ""},
		"TwoBranches":  {"What is of no environment is not on the branch of one.", "each", "dev", "prod"},
		"NothingThere": {"The root is also on a shared branch without an environment.", "each", "", "dev prod"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			files, err := load.FS(os.DirFS(filepath.Join("..", "..", "testdata", "fleets", tc.fleet)), "fleet")
			if err != nil {
				t.Fatal(err)
			}
			loaded, err := load.Fleet(nil, files...)
			if err != nil {
				t.Fatal(err)
			}
			result, err := render.Fleet(t.Context(), loaded.Fleet, render.WithoutProof())
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]string{}
			for _, b := range []branch{{environments: named(tc.shared), shared: true}, {environments: named(tc.other)}} {
				part, err := b.part(result.Tree)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range part.Files() {
					if b.shared {
						have[f.Path] += "shared"
					} else {
						have[f.Path] += "other"
					}
				}
			}
			for _, f := range result.Tree.Files() {
				rooted := f.Owner.Environment == "" && (strings.HasPrefix(f.Path, "argocd/") || strings.HasPrefix(f.Path, "clusters/"))
				if on := have[f.Path]; on == "" || rooted && !strings.HasPrefix(on, "shared") {
					t.Errorf("%s: %s is on the branches %q", tc.reason, f.Path, on)
				}
				if strings.HasPrefix(f.Path, "clusters/") && have[f.Path] != "shared" {
					t.Errorf("%s: %s is on the branches %q", tc.reason, f.Path, have[f.Path])
				}
			}
		})
	}
}

// TestPartOfNothing asks for a branch whose environments have nothing: it stays empty.
func TestPartOfNothing(t *testing.T) {
	all, err := tree.New([]tree.File{
		{Path: "apps/web/overlays/dev/x.yaml", Owner: tree.Owner{Unit: "apps/web", Environment: "dev"}},
		{Path: layout.Guide, Owner: tree.Owner{Unit: layout.GuideUnit}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for env, want := range map[string]int{"dev": 2, "nowhere": 0} {
		if part, err := (branch{environments: named(env)}).part(all); err != nil || part.Len() != want {
			t.Errorf("a branch with %s has %d files, want %d: %v", env, part.Len(), want, err)
		}
	}
}

func named(environments string) map[string]bool {
	out := map[string]bool{}
	for _, e := range strings.Fields(environments) {
		out[e] = true
	}
	return out
}
