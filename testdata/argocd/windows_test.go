package argocd

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestWindows asks Argo CD which windows hold for each Application: those of its
// project, and those that the model has for its app there. Previews are nobody's
// environment.
func TestWindows(t *testing.T) {
	seen := 0
	for _, f := range fleetsOf(t, nil) {
		resolver := resolve.New(f.Fleet, features.Default())
		for _, i := range f.instances() {
			projects, deployments := deploymentsOf(t, i)
			for _, d := range deployments {
				if d.Labels["gitopsgen.dev/pull-request"] != "" || d.Labels["gitopsgen.dev/environment"] == "" {
					continue
				}
				var want []string
				for _, p := range f.Projects {
					for _, w := range p.Windows {
						if p.Name == d.Spec.Project {
							want = append(want, w.Name)
						}
					}
				}
				if app := d.Labels["app.kubernetes.io/name"]; slices.Contains(resolver.Apps(), app) {
					scope := view.Scope{Environment: d.Labels["gitopsgen.dev/environment"], Cluster: d.Labels["gitopsgen.dev/cluster"]}
					for _, w := range resolver.Sync(app, scope).Windows {
						want = append(want, w.Name)
					}
				}
				var got []string
				for _, p := range projects {
					if p.Name != d.Spec.Project {
						continue
					}
					if _, err := p.Spec.SyncWindows.CanSync(false, nil); err != nil {
						t.Errorf("%s: %v", p.Name, err)
					}
					if matches := p.Spec.SyncWindows.Matches(d.Application); matches != nil {
						for _, w := range *matches {
							got = append(got, w.Description)
						}
					}
				}
				slices.Sort(want)
				slices.Sort(got)
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s: Application %s (-model +Argo CD):\n%s", f.name, d.Name, diff)
				}
				seen += len(got)
			}
		}
	}
	if seen == 0 {
		t.Error("there are no windows")
	}
}
