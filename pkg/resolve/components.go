package resolve

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Component is a PlatformComponent in a scope.
type Component struct {
	// Name is its name, and Namespace where its objects live that name none.
	Name, Namespace string
	// Spec is merged. Its Unset is empty, and its Sync is not complete.
	Spec model.ComponentSpec
}

// ComponentNames returns the names of all PlatformComponents, sorted.
func (r *Resolver) ComponentNames() []string { return slices.Sorted(maps.Keys(r.components)) }

// Component resolves a PlatformComponent: without a cluster, what is the same
// everywhere; with one, as it is there for an environment of the cluster.
func (r *Resolver) Component(name string, s view.Scope) Component {
	c := r.components[name]
	if c == nil {
		return Component{Name: name}
	}
	var merged model.AppSpec
	for _, l := range componentLayers(c, s) {
		overlay(&merged, l.spec)
	}
	return Component{c.Name, c.Namespace, model.ComponentSpec{Objects: merged.Objects, Patches: merged.Patches, Sync: merged.Sync}}
}

// ComponentOrigins returns the origin of each leaf of a PlatformComponent's spec in
// a scope.
func (r *Resolver) ComponentOrigins(name string, s view.Scope) Origins {
	origins := Origins{}
	if c := r.components[name]; c != nil {
		var merged model.AppSpec
		for _, l := range componentLayers(c, s) {
			origins.layer(&merged, layer{spec: l.spec}, l.name, l.at)
		}
	}
	return origins
}

// componentLayer is a layer of a PlatformComponent, with its place in the fleet.
type componentLayer struct {
	name string
	at   fieldpath.Path
	spec *model.AppSpec
}

// componentLayers returns the layers of a PlatformComponent in a scope.
func componentLayers(c *model.PlatformComponent, s view.Scope) []componentLayer {
	own := fieldpath.Path("components").Key(c.Name)
	overrides := own.Field("overrides")
	layers := []componentLayer{{"component", own, componentSpec(c.ComponentSpec)}}
	if l, ok := c.Overrides.Environments[s.Environment]; ok {
		layers = append(layers, componentLayer{"component/" + s.Environment, overrides.Field("environments").Key(s.Environment), componentSpec(l)})
	}
	if l, ok := c.Overrides.Clusters[s.Cluster]; ok {
		layers = append(layers, componentLayer{"component/" + s.Cluster, overrides.Field("clusters").Key(s.Cluster), componentSpec(l)})
	}
	return layers
}

func componentSpec(l model.ComponentSpec) *model.AppSpec {
	return &model.AppSpec{Objects: l.Objects, Patches: l.Patches, Sync: l.Sync, Unset: l.Unset}
}

// OverridesComponent reports whether a PlatformComponent has an override for an
// environment.
func (r *Resolver) OverridesComponent(name, env string) bool {
	c := r.components[name]
	if c == nil {
		return false
	}
	_, ok := c.Overrides.Environments[env]
	return ok
}

// ComponentClusters returns the clusters that a PlatformComponent runs on, sorted.
func (r *Resolver) ComponentClusters(name string) []string {
	c := r.components[name]
	if c == nil {
		return nil
	}
	if c.Clusters == nil {
		return slices.Sorted(maps.Keys(r.clusters))
	}
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(c.Clusters))), func(name string) bool { return r.clusters[name] == nil })
}

// EnvironmentsOn returns the environments of a cluster, sorted.
func (r *Resolver) EnvironmentsOn(cluster string) []string {
	var out []string
	for _, s := range r.scopes {
		if s.Cluster == cluster {
			out = append(out, s.Environment)
		}
	}
	return out
}

// OnCluster is what Argo CD has to know of what runs once per cluster: a
// PlatformComponent, or the cluster-scoped objects of an app.
type OnCluster struct {
	// App is the app, or "" for a component; Project is the app's.
	App, Project string
	// Namespace is that of the Application.
	Namespace string
	// Sync is complete.
	Sync *model.Sync
}

// OnCluster returns what is known of the PlatformComponent, or of the
// cluster-scoped objects of the app, of a name on a cluster, and whether it runs
// there.
func (r *Resolver) OnCluster(name, cluster string) (OnCluster, bool) {
	if c := r.components[name]; c != nil {
		if !slices.Contains(r.ComponentClusters(name), cluster) {
			return OnCluster{}, false
		}
		scope := view.Scope{Cluster: cluster}
		if envs := r.EnvironmentsOn(cluster); len(envs) > 0 {
			scope.Environment = envs[0]
		}
		spec := r.Component(name, scope).Spec
		sync := r.clusterSync(cluster, &model.AppSpec{Sync: spec.Sync})
		if c.Namespace != "" && !r.hasNamespace(spec, c.Namespace, cluster) {
			fill.Key(sync.Options, "CreateNamespace", "true")
		}
		return OnCluster{Namespace: cmp.Or(c.Namespace, r.anyNamespace(cluster)), Sync: sync}, true
	}
	a := r.apps[name]
	if a == nil {
		return OnCluster{}, false
	}
	for _, env := range r.EnvironmentsOn(cluster) {
		if s := (view.Scope{Environment: env, Cluster: cluster}); r.has(a, s) {
			return OnCluster{App: name, Project: cmp.Or(a.Project, r.fleet.Name), Namespace: r.namespaceOf(a, s), Sync: r.clusterSync(cluster, &a.Spec)}, true
		}
	}
	return OnCluster{}, false
}

// anyNamespace returns the namespace of an Application that deploys nothing to it:
// one that the platform's project permits anyway, if the cluster has any.
func (r *Resolver) anyNamespace(cluster string) string {
	for _, env := range r.EnvironmentsOn(cluster) {
		if names := r.Environment(view.Scope{Environment: env, Cluster: cluster}).Namespaces; len(names) > 0 {
			return names[0]
		}
	}
	return "default"
}

// clusterSync returns how Argo CD syncs what a layer says on a cluster.
func (r *Resolver) clusterSync(cluster string, own *model.AppSpec) *model.Sync {
	layers := []layer{{ofFleet, &r.fleet.Defaults}}
	if c := r.clusters[cluster]; c != nil {
		layers = append(layers, layer{ofCluster, &c.Defaults})
	}
	production := slices.ContainsFunc(r.EnvironmentsOn(cluster), r.Production)
	return r.bareSync(view.Scope{Cluster: cluster}, append(layers, layer{ofApp, own}), &view.Platform{Production: production, ManagesNamespaces: true})
}

// hasNamespace reports whether a namespace of a cluster is there without Argo CD
// creating it: Kubernetes, the component itself or an environment has it.
func (r *Resolver) hasNamespace(spec model.ComponentSpec, name, cluster string) bool {
	if kind.IsSystemNamespace(name) {
		return true
	}
	for _, o := range spec.Objects {
		meta, _ := o["metadata"].(map[string]any)
		if view.KindOf(o) == (kind.Name{Kind: "Namespace"}) && meta["name"] == name {
			return true
		}
	}
	return slices.ContainsFunc(r.EnvironmentsOn(cluster), func(env string) bool {
		site := r.Environment(view.Scope{Environment: env, Cluster: cluster})
		return site.ManagesNamespaces() && slices.Contains(site.Namespaces, name)
	})
}

// ComponentLayers calls yield for every ComponentSpec of a fleet as it was
// written, with its place.
func ComponentLayers(f *model.Fleet, yield func(at fieldpath.Path, s *model.ComponentSpec)) {
	for i := range f.Components {
		c := &f.Components[i]
		at := fieldpath.Path("components").Key(c.Name)
		yield(at, &c.ComponentSpec)
		for _, list := range []struct {
			field string
			of    map[string]model.ComponentSpec
		}{{"environments", c.Overrides.Environments}, {"clusters", c.Overrides.Clusters}} {
			for _, name := range slices.Sorted(maps.Keys(list.of)) {
				s := list.of[name]
				yield(at.Field("overrides").Field(list.field).Key(name), &s)
			}
		}
	}
}
