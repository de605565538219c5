package kustomize_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestShared takes what overlays have in common, and proves each of them on the base
// that comes of it.
func TestShared(t *testing.T) {
	thing := func(name, fields string) string {
		return "{apiVersion: example.com/v1, kind: Thing, metadata: {name: " + name + ", namespace: NS}, spec: {" + fields + "}}\n"
	}
	for name, tc := range map[string]struct {
		reason   string
		base     string
		overlays []string
		want     string
	}{
		"Deleted": {"What most overlays delete is not in the base.",
			thing("a", "x: 1") + "---\n" + thing("b", "x: 1"), []string{thing("a", "x: 1"), thing("a", "x: 1"), thing("a", "x: 1") + "---\n" + thing("b", "x: 1")}, thing("a", "x: 1")},
		"Kept": {"What half of them keep is.",
			thing("a", "x: 1") + "---\n" + thing("b", "x: 1"), []string{thing("a", "x: 1"), thing("a", "x: 1") + "---\n" + thing("b", "x: 1")}, thing("a", "x: 1") + "---\n" + thing("b", "x: 1")},
		"Common": {"Of an object that all have, the base has what is alike, lists as a whole.",
			thing("a", "x: 1"), []string{
				thing("a", "x: 1") + "---\n" + thing("b", "x: 1, in: {z: 1, host: a}, l: [1], m: [1, 2], only: {host: a}"),
				thing("a", "x: 1") + "---\n" + thing("b", "x: 1, in: {z: 1, host: b}, l: [1], m: [1, 3], only: {host: b}")},
			thing("a", "x: 1") + "---\n" + thing("b", "x: 1, in: {z: 1}, l: [1]")},
		"NotInAll": {"An object that one lacks is that of the others.",
			thing("a", "x: 1"), []string{thing("a", "x: 1"), thing("a", "x: 1") + "---\n" + thing("b", "x: 1"), thing("a", "x: 1") + "---\n" + thing("b", "x: 1")}, thing("a", "x: 1")},
		"Fields": {"Lists and maps that all add alike are shared; single values and what differs are not.",
			thing("a", "x: {}"), []string{thing("a", "x: {l: [1], m: {k: 1}, d: [1], s: 7}"), thing("a", "x: {l: [1], m: {k: 1}, d: [2], s: 7}")},
			thing("a", "x: {l: [1], m: {k: 1}}")},
		"Single": {"A single overlay repeats nothing.",
			thing("a", "x: 1"), []string{thing("a", "x: 1, l: [1]") + "---\n" + thing("b", "x: 1")}, thing("a", "x: 1")},
	} {
		t.Run(name, func(t *testing.T) {
			in := func(namespace, text string) []object.Object {
				if namespace == "" {
					return traps(t, strings.ReplaceAll(text, ", namespace: NS", ""))
				}
				return traps(t, strings.ReplaceAll(text, "NS", namespace))
			}
			var overlays []kustomize.Overlay
			for i, o := range tc.overlays {
				namespace := "app-" + string(rune('a'+i))
				overlays = append(overlays, kustomize.Overlay{Unit: "apps/app", Parent: "../../base", Namespace: namespace, To: in(namespace, o)})
			}
			got := kustomize.Shared(in("", tc.base), overlays)
			if diff := cmp.Diff(yamlOf(in("", tc.want)), yamlOf(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			base, err := kustomize.Base("apps/app", got)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range overlays {
				o.From = got
				files, err := o.Files()
				if err != nil {
					t.Fatal(err)
				}
				differences, err := kustomize.Prove(slices.Concat(place(base, "apps/app/base"), place(files, "apps/app/overlays/x")), "apps/app/overlays/x", o.To)
				if err != nil || len(differences) > 0 {
					t.Errorf("%s: %v %v", o.Namespace, differences, err)
				}
			}
		})
	}
}

func yamlOf(objects []object.Object) string {
	var b strings.Builder
	for _, o := range objects {
		b.Write(o.YAML())
	}
	return b.String()
}
