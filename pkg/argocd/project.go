package argocd

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Deployed is what a target of the tree deploys.
type Deployed struct {
	Target
	// Project and Namespace are those of the target's Application.
	Project, Namespace string
	// Objects are the identities of its objects. In an app, those without a namespace
	// live in that of the Application; in a component of the platform they are
	// cluster-scoped.
	Objects []object.ID
	// Previews are those that previews of the target deploy.
	Previews []object.ID
}

// Place returns the identity of one of the objects in the cluster.
func (d Deployed) Place(id object.ID) object.ID {
	if id.Namespace == "" && !isComponent(d.Unit) {
		id.Namespace = d.Namespace
	}
	return id
}

// Deployed returns what a target deploys, given its objects. It is false where
// the model no longer has the target.
func (m *Model) Deployed(t Target, objects []object.ID) (Deployed, bool) {
	d := Deployed{Target: t, Objects: objects}
	if t.Environment == "" {
		on, ok := m.resolver.OnCluster(path.Base(t.Unit), t.Cluster)
		d.Project, d.Namespace = cmp.Or(on.Project, layout.PlatformProject(m.fleet.Name)), on.Namespace
		return d, ok
	}
	if isComponent(t.Unit) {
		site := m.resolver.Environment(t.Scope)
		d.Project, d.Namespace = layout.PlatformProject(m.fleet.Name), componentNamespace(site)
		return d, len(site.Clusters) > 0
	}
	bare, ok := m.resolver.TargetIdentity(path.Base(t.Unit), t.Scope)
	d.Project, d.Namespace = bare.Project, bare.Namespace
	return d, ok
}

// namedKinds is the version from which on a project may narrow a cluster's kinds
// to objects by name.
const namedKinds = "3.3"

// projectKey names a project of an instance.
type projectKey struct{ instance, name string }

// permissions are what the Applications of a project need.
type permissions struct {
	destinations map[Destination]bool
	cluster      map[ResourceRestriction]bool
	namespaced   map[GroupKind]bool
	apps         []Deployed
}

// Projects returns the files of all projects. Each allows just what is deployed:
// these destinations, these kinds, from this repository.
func (m *Model) Projects(deployed []Deployed) ([]tree.File, error) {
	needs := map[projectKey]*permissions{}
	for _, d := range deployed {
		a := m.instance(d.Cluster)
		if a == nil {
			continue
		}
		key := projectKey{a.Name, d.Project}
		if needs[key] == nil {
			needs[key] = &permissions{map[Destination]bool{}, map[ResourceRestriction]bool{}, map[GroupKind]bool{}, nil}
		}
		m.permit(needs[key], a, d)
	}
	var out []tree.File
	for i := range m.instances {
		a := &m.instances[i]
		for _, key := range slices.SortedFunc(maps.Keys(needs), func(x, y projectKey) int { return cmp.Compare(x.name, y.name) }) {
			if key.instance != a.Name {
				continue
			}
			f, err := file(layout.AppProject(m.dir(a), key.name), tree.Owner{Unit: "argocd/" + key.name}, m.project(a, key.name, needs[key]))
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, nil
}

// permit adds what a target needs.
func (m *Model) permit(p *permissions, a *model.ArgoCD, d Deployed) {
	p.apps = append(p.apps, d)
	p.destinations[destination(a, d.Cluster, d.Namespace)] = true
	for _, id := range d.Objects {
		if id = d.Place(id); id.Namespace == "" {
			p.cluster[clusterKind(a, id)] = true
			continue
		}
		m.permitKind(p, id)
		p.destinations[destination(a, d.Cluster, id.Namespace)] = true
	}
	for _, id := range d.Previews {
		if m.resolver.Kinds().Scope(id.KindName()) != kind.Cluster {
			m.permitKind(p, id) // the Namespace of the preview is permitted by its name
		}
	}
	if m.createsNamespace(d.Target) {
		p.cluster[clusterKind(a, object.ID{Kind: "Namespace", Name: d.Namespace})] = true
	}
	if m.previewed(d) {
		any := view.PreviewName(path.Base(d.Unit), "*")
		p.destinations[destination(a, d.Cluster, any)] = true
		p.cluster[clusterKind(a, object.ID{Kind: "Namespace", Name: any})] = true
	}
}

// permitKind adds the kind of an object, and those that its controllers create:
// Argo CD shows, and gives the logs of, what a project permits.
func (m *Model) permitKind(p *permissions, id object.ID) {
	n := id.KindName()
	p.namespaced[GroupKind(n)] = true
	for _, child := range m.resolver.Set().Kinds().Lookup(n).Creates {
		p.namespaced[GroupKind(child)] = true
	}
}

// previewed reports whether pull requests get previews like a target.
func (m *Model) previewed(d Deployed) bool {
	_, scope, ok := m.resolver.Previews(path.Base(d.Unit))
	return ok && !isComponent(d.Unit) && scope == d.Scope
}

// createsNamespace reports whether a target's Application creates its namespace.
func (m *Model) createsNamespace(t Target) bool {
	return m.syncOf(t).Options["CreateNamespace"] == "true"
}

func (m *Model) project(a *model.ArgoCD, name string, p *permissions) *AppProject {
	said := model.Project{Name: name}
	for _, x := range m.fleet.Projects {
		if x.Name == name {
			said = x
		}
	}
	m.permitAlso(p, a, said.AlsoPermits)
	out := &AppProject{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "AppProject"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: a.Namespace,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"},
			// The last Application goes before its project.
			Finalizers: []string{"resources-finalizer.argocd.argoproj.io"}},
		Spec: AppProjectSpec{
			Description: said.Description,
			SourceRepos: []string{m.fleet.Repository.URL},
			Destinations: slices.SortedFunc(maps.Keys(p.destinations), func(x, y Destination) int {
				return cmp.Or(cmp.Compare(x.Server, y.Server), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Namespace, y.Namespace))
			}),
			ClusterResourceWhitelist: sortedRestrictions(p.cluster), NamespaceResourceWhitelist: sortedKinds(p.namespaced),
			OrphanedResources: &OrphanedResources{Warn: said.OrphanedResources == nil || *said.OrphanedResources},
			SyncWindows:       m.windows(said, p.apps),
		},
	}
	if len(p.namespaced) == 0 { // without a list, Argo CD permits all
		out.Spec.NamespaceResourceBlacklist = []GroupKind{{Group: "*", Kind: "*"}}
	}
	for _, r := range said.Roles {
		out.Spec.Roles = append(out.Spec.Roles, m.role(name, r, p.apps))
	}
	if len(said.Notify) > 0 {
		out.Annotations = map[string]string{}
		subscribe(out.Annotations, said.Notify)
	}
	return out
}

// permitAlso adds what the model says beside the apps' needs.
func (m *Model) permitAlso(p *permissions, a *model.ArgoCD, also *model.Permits) {
	if also == nil {
		return
	}
	for _, k := range also.Kinds {
		group, kind, ok := strings.Cut(k, "/")
		if !ok {
			group, kind = "", k
		}
		p.namespaced[GroupKind{group, kind}] = true
	}
	for _, d := range also.Destinations {
		if m.instance(d.Cluster) == a {
			p.destinations[destination(a, d.Cluster, d.Namespace)] = true
		}
	}
}

// clusterKind returns what allows an object of a cluster.
func clusterKind(a *model.ArgoCD, id object.ID) ResourceRestriction {
	out := ResourceRestriction{Group: id.Group, Kind: id.Kind}
	if view.AtLeast(a.Version, namedKinds) {
		out.Name = id.Name
	}
	return out
}

func sortedRestrictions(kinds map[ResourceRestriction]bool) []ResourceRestriction {
	return slices.SortedFunc(maps.Keys(kinds), func(x, y ResourceRestriction) int {
		return cmp.Or(cmp.Compare(x.Group, y.Group), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name))
	})
}

func sortedKinds(kinds map[GroupKind]bool) []GroupKind {
	return slices.SortedFunc(maps.Keys(kinds), func(x, y GroupKind) int {
		return cmp.Or(cmp.Compare(x.Group, y.Group), cmp.Compare(x.Kind, y.Kind))
	})
}
