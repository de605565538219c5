package argocd

import (
	"path"
	"slices"
	"strings"
	"testing"

	apppath "github.com/argoproj/argo-cd/v3/util/app/path"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestGeneratePaths changes, one by one, the files of an Application's unit and
// one of another: Argo CD has to refresh the Application exactly where its build
// reads the file. Every change refreshes the roots: with paths of their own, they
// would never sync a commit that Argo CD saw while their last operation waited.
func TestGeneratePaths(t *testing.T) {
	for _, f := range fleetsOf(t, nil) {
		for _, i := range f.instances() {
			_, deployments := deploymentsOf(t, i)
			for _, d := range deployments {
				source := d.Spec.GetSource()
				refresh := apppath.GetSourceRefreshPaths(d.Application, source)
				if d.Spec.Project == layout.RootProject(f.Fleet.Name) {
					if len(refresh) != 0 {
						t.Errorf("%s: only changes of %v refresh it", d.Name, refresh)
					}
					continue
				}
				if len(refresh) == 0 {
					t.Errorf("%s: every change refreshes it", d.Name)
				}
				for _, file := range i.at(source.TargetRevision) {
					if want := i.reads(t, d, file); apppath.AppFilesHaveChanged(refresh, []string{file.Path}) != want {
						t.Errorf("%s %s: a change of %s refreshes it: %t, and its build reads it: %t", f.name, d.Name, file.Path, !want, want)
					}
				}
			}
		}
	}
}

// reads reports whether an Application's build is another without a file, or fails.
func (i instance) reads(t *testing.T, d deployment, file tree.File) bool {
	source := d.Spec.GetSource()
	at, _ := strings.CutPrefix(file.Path, i.Repository.Path+"/")
	unit := source.Path // apps/web of apps/web/overlays/prod, or the directory itself
	for _, layer := range []string{"/overlays/", "/clusters/", "/previews/"} {
		unit, _, _ = strings.Cut(unit, layer)
	}
	if !strings.HasPrefix(file.Path, unit+"/") {
		return false // nothing that is built reaches out of its unit
	}
	if file.Path == path.Join(source.Path, layout.Kustomization) {
		return true
	}
	i.files = slices.DeleteFunc(slices.Clone(i.files), func(f tree.File) bool { return f.Path == at })
	less, err := i.build(d.Application)
	if err != nil {
		return true
	}
	for k := range less {
		if k >= len(d.objects) || gocmp.Diff(less[k].Map(), d.objects[k].Map()) != "" {
			return true
		}
	}
	return len(less) != len(d.objects)
}
