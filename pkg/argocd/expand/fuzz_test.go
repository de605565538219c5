package expand_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// FuzzApplications checks that no set makes Applications panic or hang, and that
// it gives the same each time.
func FuzzApplications(f *testing.F) {
	f.Add("  generators: [{list: {elements: [{app: a}]}}]" + plainTemplate)
	f.Add("  generators: [{clusters: {values: {a: '{{.name}}'}}}, {git: {repoURL: x, files: [{path: '**'}]}}]" + strings.ReplaceAll(plainTemplate, ".app}", ".name}"))
	f.Add("  generators: [{matrix: {generators: [{git: {repoURL: x, directories: [{path: '*'}]}}, {pullRequest: {github: {}}}]}}]" + strings.ReplaceAll(plainTemplate, ".app}", ".number}"))
	f.Add("  generators: [{merge: {mergeKeys: [app], generators: [{list: {elements: [{app: a}]}}, {list: {elements: [{app: a, b: {c: [1]}}]}}]}}]" + plainTemplate +
		"  templatePatch: '{\"spec\": {\"project\": null, \"$patch\": \"replace\"}}'\n")
	f.Fuzz(func(t *testing.T, spec string) {
		objects, err := object.Parse([]byte("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n  goTemplate: true\n" + spec))
		if err != nil || len(objects) == 0 {
			return
		}
		if strings.Contains(spec, "range") || strings.Contains(spec, "template ") {
			return // nothing bounds what templates do
		}
		first, err := expand.Applications(objects[0], world)
		again, errAgain := expand.Applications(objects[0], world)
		if (err == nil) != (errAgain == nil) || len(first) != len(again) {
			t.Fatalf("got %v and %v, errors %v and %v", names(first), names(again), err, errAgain)
		}
		for i := range first {
			if !object.Equal(first[i].Map(), again[i].Map()) {
				t.Fatalf("Application %d differs", i)
			}
		}
	})
}
