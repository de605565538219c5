package render_test

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// checkContents holds what is read from the files of each target, on which the
// projects of Argo CD stand, to what kustomize builds of them.
func checkContents(t *testing.T, r *render.Result) {
	t.Helper()
	for _, target := range r.Targets {
		dirs := []string{layout.Base(target.Unit), layout.Overlay(target.Unit, target.Environment)}
		if target.Cluster != "" {
			dirs = append(dirs, layout.Cluster(target.Unit, target.Environment, target.Cluster))
		}
		var layers [][]tree.File
		for _, dir := range dirs {
			var files []tree.File
			for _, f := range r.Tree.Under(dir) {
				if path.Dir(f.Path) == dir {
					files = append(files, f)
				}
			}
			layers = append(layers, files)
		}
		got := map[object.ID]bool{}
		for _, id := range kustomize.Contents(layers...) {
			id.Namespace = ""
			got[id] = true
		}
		built, err := kustomize.BuildUnhashed(r.Tree.Under(target.Unit), target.Dir)
		if err != nil {
			t.Fatal(err)
		}
		want := map[object.ID]bool{}
		for _, o := range built {
			id := o.ID()
			id.Namespace = ""
			want[id] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-built +read):\n%s", target, diff)
		}
	}
}
