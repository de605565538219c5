package part_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestKeep says what Argo CD is told about objects that hold data.
func TestKeep(t *testing.T) {
	const sync, compare = "argocd.argoproj.io/sync-options", "argocd.argoproj.io/compare-options"
	for name, tc := range map[string]struct {
		reason           string
		apiVersion, kind string
		said, want       map[string]any
	}{
		"Claim": {reason: "A claim stays when it leaves git, and when its Application goes.", apiVersion: "v1", kind: "PersistentVolumeClaim",
			want: map[string]any{sync: "Prune=false,Delete=false", compare: "IgnoreExtraneous"}},
		"Snapshot": {reason: "So does a snapshot.", apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshot",
			want: map[string]any{sync: "Prune=false,Delete=false", compare: "IgnoreExtraneous"}},
		"Definition": {reason: "A definition takes all objects of its kind along.", apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition",
			want: map[string]any{sync: "Prune=false,Delete=false", compare: "IgnoreExtraneous"}},
		"Said": {reason: "What the object says itself stays: this one may be pruned.", apiVersion: "v1", kind: "PersistentVolumeClaim",
			said: map[string]any{sync: "Prune=true"}, want: map[string]any{sync: "Prune=true,Delete=false"}},
		"Other": {reason: "Another option is no answer to these.", apiVersion: "v1", kind: "PersistentVolumeClaim",
			said: map[string]any{sync: "Validate=false", compare: "IgnoreExtraneous"},
			want: map[string]any{sync: "Validate=false,Prune=false,Delete=false", compare: "IgnoreExtraneous"}},
		"Elsewhere": {reason: "A kind of this name in another group is another kind.", apiVersion: "example.com/v1", kind: "PersistentVolumeClaim"},
		"ConfigMap": {reason: "A ConfigMap comes from git again.", apiVersion: "v1", kind: "ConfigMap"},
	} {
		t.Run(name, func(t *testing.T) {
			meta := map[string]any{"name": "x"}
			if tc.said != nil {
				meta["annotations"] = tc.said
			}
			o, err := object.FromMap(map[string]any{"apiVersion": tc.apiVersion, "kind": tc.kind, "metadata": meta})
			if err != nil {
				t.Fatal(err)
			}
			got, _ := part.Keep([]object.Object{o}, &kind.Set{})[0].Get("metadata", "annotations")
			want := any(nil)
			if tc.want != nil {
				want = tc.want
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
