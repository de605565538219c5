// Package resolve turns a fleet into targets with nothing left to inherit: the
// layers of an app are merged for each environment and cluster, and what
// nobody said is filled in, each default by a named rule.
//
// The layers, each winning over those before it: the fleet's defaults, the
// environment's, the cluster's, the app's spec, the app's override for the
// environment, and that for the cluster there. How two layers meet is written
// in the struct tags of package model. Merging is associative as long as no
// layer unsets anything or changes from one member of a one-of to another,
// such as from an HTTP probe to a TCP one, which drops what was inherited.
//
//	r := resolve.New(fleet)
//	for _, app := range r.Apps() {
//		for _, scope := range r.Scopes(app) {
//			target := r.Target(app, scope)
//			…
//		}
//	}
package resolve

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Resolver resolves the targets of a fleet. It may be used by several
// goroutines at once, as long as nobody changes the fleet.
type Resolver struct {
	fleet    *model.Fleet
	set      *feature.Set
	settings map[string]any // those of set
	apps     map[string]*model.App
	envs     map[string]*model.Environment
	clusters map[string]*model.Cluster
	// components are the PlatformComponents, and kinds what the fleet says of kinds.
	components map[string]*model.PlatformComponent
	kinds      kind.Table
	// names are the names of all apps, sorted.
	names []string
	// scopes are all scopes of the fleet but the base, in order.
	scopes    []view.Scope
	platforms map[view.Scope]*view.Platform
	// synced are the clusters that an instance of Argo CD manages.
	synced map[string]bool
	// callers are, by app, the sorted names of those that talk to it in some scope.
	callers map[string][]string
	// facts are those that were asked for.
	facts *facts
	// sites are those that were asked for.
	mu    sync.Mutex
	sites map[view.Scope]view.Environment
}

// New returns the resolver of a fleet with some features. Of several entries with one name, which
// validation refuses, the last counts.
func New(fleet *model.Fleet, set *feature.Set) *Resolver {
	r := &Resolver{
		fleet:    fleet,
		set:      set,
		settings: set.Settings(),
		apps:     make(map[string]*model.App, len(fleet.Apps)),
		envs:     make(map[string]*model.Environment, len(fleet.Environments)),
		clusters: make(map[string]*model.Cluster, len(fleet.Clusters)),

		components: make(map[string]*model.PlatformComponent, len(fleet.Components)),
		kinds:      Kinds(fleet, set),
		synced:     make(map[string]bool, len(fleet.Clusters)),
	}
	for i := range fleet.Apps {
		r.apps[fleet.Apps[i].Name] = &fleet.Apps[i]
	}
	for i := range fleet.Environments {
		r.envs[fleet.Environments[i].Name] = &fleet.Environments[i]
	}
	for i := range fleet.Clusters {
		r.clusters[fleet.Clusters[i].Name] = &fleet.Clusters[i]
	}
	for i := range fleet.Components {
		r.components[fleet.Components[i].Name] = &fleet.Components[i]
	}
	if fleet.Repository.URL != "" {
		for _, a := range view.Instances(fleet) {
			for _, name := range a.Clusters {
				r.synced[name] = true
			}
		}
	}
	r.names = slices.Sorted(maps.Keys(r.apps))
	for _, env := range slices.Sorted(maps.Keys(r.envs)) {
		r.scopes = append(r.scopes, view.Scope{Environment: env})
		for _, cluster := range slices.Compact(slices.Sorted(slices.Values(r.envs[env].Clusters))) {
			r.scopes = append(r.scopes, view.Scope{Environment: env, Cluster: cluster})
		}
	}
	r.platforms = make(map[view.Scope]*view.Platform, len(r.scopes))
	for _, s := range r.scopes {
		r.platforms[s] = r.platform(s)
	}
	r.sites = make(map[view.Scope]view.Environment, len(r.scopes))
	r.callers = r.callersOf()
	r.facts = newFacts(r.names, r.scopes)
	return r
}

// Set returns the features.
func (r *Resolver) Set() *feature.Set { return r.set }

// Model returns the fleet as it was written.
func (r *Resolver) Model() *model.Fleet { return r.fleet }

// Kinds returns the scopes of the kinds that the fleet describes.
func (r *Resolver) Kinds() kind.Table { return r.kinds }

// Apps returns the names of all apps, sorted.
func (r *Resolver) Apps() []string { return slices.Clone(r.names) }

// Target resolves an app in a scope, one of those that Scopes returns. Of an
// app that the fleet does not have, there is nothing but the name.
func (r *Resolver) Target(app string, s view.Scope) view.Target {
	a := r.apps[app]
	if a == nil {
		return view.Target{App: app, Scope: s}
	}
	t := r.bare(a, s)
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	for _, l := range layers {
		overlay(&t.Spec, l.spec)
	}
	if s.Preview.App == app && s.IsPreview() {
		p, _, _ := r.Previews(app)
		previewSpec(&t.Spec, s.Preview, p.Image)
	}
	r.set.Derive(r.derivation(&t, layers))
	r.set.Yield(&t)
	return t
}

// TargetIdentity returns a target without its spec, which costs little, and whether the
// app runs in the scope.
func (r *Resolver) TargetIdentity(app string, s view.Scope) (view.Target, bool) {
	a := r.apps[app]
	if a == nil || !r.has(a, s) {
		return view.Target{}, false
	}
	return r.bare(a, s), true
}

// HasProject reports whether an app names its project; else it is the fleet's name.
func (r *Resolver) HasProject(app string) bool {
	a := r.apps[app]
	return a != nil && a.Project != ""
}

// HasNamespace reports whether an environment has a rule for namespaces; else
// they are named after the project and the environment.
func (r *Resolver) HasNamespace(env string) bool {
	e := r.envs[env]
	return e != nil && e.Namespace != ""
}

// bare returns a target without its spec.
func (r *Resolver) bare(a *model.App, s view.Scope) view.Target {
	t := view.Target{App: a.Name, Project: cmp.Or(a.Project, r.fleet.Name), Scope: s}
	if env := r.envs[s.Environment]; env != nil {
		t.Namespace = r.namespaceOf(a, s)
		t.KubernetesVersion = r.version(env, s.Cluster)
		t.Platform = r.Platform(s)
	} else {
		t.Common = r.common(a)
	}
	return t
}

// common returns what the scopes of an app have in common.
func (r *Resolver) common(a *model.App) view.Common {
	var out view.Common
	differ := false
	for _, s := range r.scopes {
		if s.Cluster != "" || !runsIn(a, s.Environment) {
			continue
		}
		if v := r.version(r.envs[s.Environment], ""); v != "" && (out.KubernetesVersion == "" || !view.AtLeast(v, out.KubernetesVersion)) {
			out.KubernetesVersion = v
		}
		namespace := r.namespaceOf(a, s)
		differ = differ || out.Namespace != "" && out.Namespace != namespace
		out.Namespace = namespace
	}
	if differ {
		out.Namespace = ""
	}
	return out
}

// namespace follows the environment's rule for the namespace of an app.
func namespace(env *model.Environment, app, project string) string {
	if env.Namespace == "" {
		return project + "-" + env.Name
	}
	return strings.NewReplacer("{app}", app, "{project}", project, "{env}", env.Name).Replace(env.Namespace)
}

// version returns the version of a cluster, or the lowest of the environment's.
func (r *Resolver) version(env *model.Environment, cluster string) string {
	lowest := ""
	for _, name := range env.Clusters {
		c := r.clusters[name]
		if c == nil || c.KubernetesVersion == "" || cluster != "" && name != cluster {
			continue
		}
		v := strings.TrimPrefix(c.KubernetesVersion, "v")
		if lowest == "" || !view.AtLeast(v, lowest) {
			lowest = v
		}
	}
	return lowest
}

// platform makes the Platform of a scope.
func (r *Resolver) platform(s view.Scope) *view.Platform {
	env := r.envs[s.Environment]
	var clusters []*model.Cluster // as they are large
	for _, name := range slices.Sorted(slices.Values(env.Clusters)) {
		if c := r.clusters[name]; c != nil {
			clusters = append(clusters, c)
		}
	}
	return view.NewPlatform(r.fleet, env, clusters, s.Cluster, r.Production(env.Name))
}
