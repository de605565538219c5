package render_test

import (
	"context"
	"path"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestKeepsData looks for objects that hold data wherever they can come from: an
// app's objects, those of them that live in no namespace, and a component.
func TestKeepsData(t *testing.T) {
	result, err := render.Fleet(context.Background(), kindsFleet())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, f := range result.Tree.Files() {
		if path.Base(path.Dir(f.Path)) != "base" || path.Ext(f.Path) != ".yaml" || path.Base(f.Path) == "kustomization.yaml" {
			continue
		}
		parsed, err := object.Parse(f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		for _, o := range parsed {
			if !kind.HoldsData(o.KindName()) {
				continue
			}
			found[path.Dir(path.Dir(f.Path))]++
			if got := o.Text("metadata", "annotations", "argocd.argoproj.io/sync-options"); !strings.Contains(got, "Prune=false") || !strings.Contains(got, "Delete=false") {
				t.Errorf("%s: Argo CD may delete it: %q", f.Path, got)
			}
		}
	}
	for _, unit := range []string{"apps/web", "platform/web", "platform/all"} {
		if found[unit] == 0 {
			t.Errorf("%s has no object that holds data", unit)
		}
	}
}
