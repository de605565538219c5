package kustomize_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestOverlayKeepsObjects makes random overlays: they change none of their objects,
// which the proof and other overlays share.
func TestOverlayKeepsObjects(t *testing.T) {
	for i := range *cases {
		w := world{rand.New(rand.NewPCG(uint64(i), 23))}
		from := w.objects(t, append(w.some(kinds...), "ServiceAccount"), "")
		to := w.mutated(t, from, "app-prod")
		before := clones(from, to)
		if _, err := (kustomize.Overlay{Unit: "apps/app", Parent: "../../base", Namespace: "app-prod", From: from, To: to}).Files(); err != nil {
			t.Fatalf("in case %d: %v", i, err)
		}
		if diff := cmp.Diff(before, clones(from, to)); diff != "" {
			t.Fatalf("in case %d, the objects changed (-before +after):\n%s", i, diff)
		}
	}
}

// clones returns copies of the values of objects.
func clones(lists ...[]object.Object) []any {
	var out []any
	for _, objects := range lists {
		for _, o := range objects {
			out = append(out, o.Clone().Map())
		}
	}
	return out
}
