package kustomize_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// TestQuotes changes a variable between texts of which some need quotes: kustomize
// builds the text, and a patch names the variable where it can, and not its index.
func TestQuotes(t *testing.T) {
	web := func(apiVersion, kind, value string) object.Object {
		o, err := object.FromMap(map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": "web"},
			"spec": map[string]any{"x": value, "template": map[string]any{"spec": map[string]any{"containers": []any{map[string]any{
				"name": "main", "image": "web:1", "env": []any{map[string]any{"name": "A", "value": "first"}, map[string]any{"name": "B", "value": value}}}}}}}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	names := []string{"8080", "true", "FALSE", "null", "~", "", "1e3", "0x1F", "1_000", "0o7", "010", ".5", "+1", "-1", "word"}
	others := []string{".inf", ".NaN", "n", "yes", "on", "Off", "y", "1:30", "2020-01-01", "<<", "=", "a: b", "- x", "#c", " a", "a # b", "*a", "%a", "@a", "a\nb", "a\n", "a\n\n b\t", "\t", "\u2028", "a\u0085b"}
	for _, kind := range [][2]string{{"apps/v1", "Deployment"}, {"apps/v1", "StatefulSet"}, {"example.com/v1", "Thing"}} {
		for _, old := range slices.Concat([]string{"bare words"}, names[:3], others[:2]) {
			for _, value := range slices.Concat(names, others) {
				if value == old {
					continue
				}
				from, to := []object.Object{web(kind[0], kind[1], old)}, []object.Object{web(kind[0], kind[1], value)}
				b, err := kustomize.Base("apps/app", from)
				if err != nil {
					t.Fatal(err)
				}
				o, err := kustomize.Overlay{Unit: "apps/app", Parent: "../../base", From: from, To: to}.Files()
				if err != nil {
					t.Fatal(err)
				}
				files := slices.Concat(place(b, "apps/app/base"), place(o, "apps/app/overlays/prod"))
				if differences, err := kustomize.Prove(files, "apps/app/overlays/prod", to); err != nil || len(differences) > 0 {
					t.Errorf("%s: %q -> %q: %v %v", kind[1], old, value, err, differences)
				}
				byIndex := slices.ContainsFunc(o, func(f kustomize.File) bool { return strings.Contains(string(f.Data), "/env/1/") })
				if slices.Contains(names, value) && kind[0] == "apps/v1" && byIndex {
					t.Errorf("%s: %q -> %q names an index:\n%s", kind[1], old, value, o[0].Data)
				}
			}
		}
	}
}
