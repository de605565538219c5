package argocd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// deploymentsOf returns the projects and the Applications of an instance.
func deploymentsOf(t *testing.T, i instance) ([]*v1alpha1.AppProject, []deployment) {
	t.Helper()
	deployments, err := i.deployments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	roots, err := i.bootstrap("AppProject")
	if err != nil {
		t.Fatal(err)
	}
	var projects []*v1alpha1.AppProject
	for _, o := range append(roots, objectsOf(t, i, "AppProject")...) {
		p, err := fromObject[v1alpha1.AppProject](o)
		if err != nil {
			t.Fatal(err)
		}
		projects = append(projects, p)
	}
	return projects, deployments
}

// TestPermissions asks Argo CD whether the projects permit all that is deployed,
// and whether they would without any one of their entries.
func TestPermissions(t *testing.T) {
	bare := fleetsOf(t, func(f *model.Fleet) { // the platform is namespaces, and nothing in them
		for i := range f.Environments {
			f.Environments[i].Namespaces.DefaultDeny = new(false)
		}
	})
	for _, f := range append(fleetsOf(t, nil), bare...) {
		for _, i := range f.instances() {
			projects, deployments := deploymentsOf(t, i)
			for _, d := range deployments {
				if !slices.ContainsFunc(projects, func(p *v1alpha1.AppProject) bool { return p.Name == d.Spec.Project }) {
					t.Errorf("%s: the Application %s has no project", f.name, d.Name)
				}
			}
			for _, p := range projects {
				t.Run(f.name+"/"+f.Name+"/"+i.ArgoCD.Name+"/"+p.Name, func(t *testing.T) {
					own := slices.DeleteFunc(slices.Clone(deployments), func(d deployment) bool { return d.Spec.Project != p.Name })
					for _, d := range own {
						if err := d.permitted(p); err != nil {
							t.Errorf("%s: %v", d.Name, err)
						}
						if len(d.objects) == 0 {
							t.Errorf("%s deploys nothing", d.Name)
						}
					}
					for _, entry := range superfluous(p, own) {
						// A person applies the root's project once, and sets may come later.
						if !strings.HasSuffix(p.Name, "-root") || entry != "{Group:argoproj.io Kind:ApplicationSet}" {
							t.Errorf("nobody needs %s", entry)
						}
					}
					for _, entry := range unlimited(p) {
						t.Errorf("it permits %s", entry)
					}
					if err := p.ValidateProject(); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// superfluous returns the entries of a project without which it still permits
// all deployments.
func superfluous(p *v1alpha1.AppProject, of []deployment) []string {
	var out []string
	try := func(entry any, remove func(spec *v1alpha1.AppProjectSpec)) {
		less := p.DeepCopy()
		remove(&less.Spec)
		if !slices.ContainsFunc(of, func(d deployment) bool { return d.permitted(less) != nil }) {
			out = append(out, fmt.Sprintf("%+v", entry))
		}
	}
	for i, e := range p.Spec.SourceRepos {
		try(e, func(s *v1alpha1.AppProjectSpec) { s.SourceRepos = slices.Delete(s.SourceRepos, i, i+1) })
	}
	for i, e := range p.Spec.Destinations {
		try(e, func(s *v1alpha1.AppProjectSpec) { s.Destinations = slices.Delete(s.Destinations, i, i+1) })
	}
	for i, e := range p.Spec.ClusterResourceWhitelist {
		try(e, func(s *v1alpha1.AppProjectSpec) {
			s.ClusterResourceWhitelist = slices.Delete(s.ClusterResourceWhitelist, i, i+1)
		})
	}
	children := map[argocd.GroupKind]bool{} // they are permitted to be seen
	for _, e := range p.Spec.NamespaceResourceWhitelist {
		for _, child := range kind.Lookup(kind.Name(e)).Creates {
			children[argocd.GroupKind(child)] = true
		}
	}
	for i, e := range p.Spec.NamespaceResourceWhitelist {
		if children[argocd.GroupKind(e)] {
			continue
		}
		try(e, func(s *v1alpha1.AppProjectSpec) {
			s.NamespaceResourceWhitelist = slices.Delete(s.NamespaceResourceWhitelist, i, i+1)
		})
	}
	return out
}

// unlimited returns what a project permits although no fleet has it.
func unlimited(p *v1alpha1.AppProject) []string {
	var out []string
	for _, namespaced := range []bool{true, false} {
		if p.IsGroupKindNamePermitted(schema.GroupKind{Group: "example.com", Kind: "Thing"}, "thing", namespaced) {
			out = append(out, fmt.Sprintf("any kind; namespaced: %t", namespaced))
		}
	}
	if p.IsSourcePermitted(v1alpha1.ApplicationSource{RepoURL: "https://git.example.com/other.git"}) {
		out = append(out, "another repository")
	}
	for _, c := range []*v1alpha1.Cluster{{Name: "other", Server: "https://other.example.com"}, {Name: "in-cluster", Server: v1alpha1.KubernetesInternalAPIServerAddr}} {
		if ok, _ := p.IsDestinationPermitted(c, "kube-system", nil); ok {
			out = append(out, "kube-system of "+c.Name)
		}
	}
	return out
}
