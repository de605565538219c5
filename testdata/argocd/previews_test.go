package argocd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestPreviews looks into what the Application of each pull request deploys: the
// image of the pull request, the Namespace of the Application and, in no other
// namespace, all else, and nothing of the example that stands in the tree. It is
// what the library proved.
func TestPreviews(t *testing.T) {
	seen := 0
	for _, f := range fleetsOf(t, nil) {
		for _, i := range f.instances() {
			_, deployments := deploymentsOf(t, i)
			for _, d := range deployments {
				number := d.Labels[view.PullRequestLabel]
				if number == "" {
					continue
				}
				seen++
				at := slices.IndexFunc(pulls, func(p Pull) bool { return fmt.Sprint(p.Number) == number })
				t.Run(f.name+"/"+d.Name, func(t *testing.T) {
					judgePreview(t, d, pulls[at])
					want := provedPreview(t, f, strings.TrimSuffix(d.Name, "-pr-"+number), pulls[at])
					if diff := gocmp.Diff(values(want), values(d.objects)); diff != "" {
						t.Errorf("what the library proved is not what Argo CD deploys (-proved +deployed):\n%s", diff)
					}
				})
			}
		}
	}
	if seen == 0 {
		t.Error("there are no previews")
	}
}

// judgePreview judges the objects of the preview of a pull request by themselves.
func judgePreview(t *testing.T, d deployment, pull Pull) {
	example := strings.TrimSuffix(d.Name, fmt.Sprint(pull.Number)) + view.Example
	hasImage, hasNamespace := false, false
	for _, o := range d.objects {
		text := string(o.YAML())
		hasImage = hasImage || strings.Contains(text, ":"+pull.Commit)
		if strings.Contains(text, example) {
			t.Errorf("%s names the example %s:\n%s", o.ID(), example, text)
		}
		switch {
		case isNamespaced(o):
			if d.namespaceOf(o) != d.Spec.Destination.Namespace {
				t.Errorf("it deploys %s into another namespace", o.ID())
			}
		case o.Kind() == "Namespace" && o.Name() == d.Spec.Destination.Namespace:
			hasNamespace = true
		default:
			t.Errorf("it shares %s with other previews", o.ID())
		}
	}
	if !hasImage {
		t.Error("it has not the image of its pull request")
	}
	if !hasNamespace {
		t.Errorf("the Namespace %s is none of its objects", d.Spec.Destination.Namespace)
	}
}

// provedPreview returns what the library lets kustomize build to prove a preview.
func provedPreview(t *testing.T, f fleet, app string, pull Pull) []object.Object {
	t.Helper()
	dir, files, err := f.library().PreviewFiles(app, f.files, expand.PullRequest{
		Number: int64(pull.Number), Title: pull.Title, Branch: pull.Branch, TargetBranch: pull.Target, HeadSHA: pull.Commit, Author: pull.Author})
	if err != nil {
		t.Fatal(err)
	}
	out, err := kustomize.Build(files, dir)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// values returns objects as values to compare.
func values(objects []object.Object) []map[string]any {
	var out []map[string]any
	for _, o := range objects {
		out = append(out, o.Map())
	}
	return out
}
