// Package resolve turns a fleet into targets with nothing left to inherit: the
// layers of an app are merged for each environment and cluster, and the
// defaults that depend on other values are derived, each by a named rule.
//
// The layers, each winning over those before it: the fleet's defaults, the
// environment's, the cluster's, the app's spec, the app's override for the
// environment, and that for the cluster there.
package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Scope is where a target runs. Without an environment it is the base: what is
// the same everywhere. Without a cluster it is what all clusters of the
// environment share.
type Scope struct {
	Environment, Cluster string
}

// Target is an app in one scope.
type Target struct {
	App, Project string
	Scope
	// Namespace is "" for the base.
	Namespace string
	// KubernetesVersion is the cluster's, or the lowest of the environment's
	// clusters, as in 1.36; "" where none is known.
	KubernetesVersion string
	// Spec is merged and derived; it must not be changed.
	Spec model.AppSpec
}

// Origin is where a value of a resolved spec comes from.
type Origin struct {
	// Layer is the layer, as in "fleet", "environment/prod", "cluster/tokyo",
	// "app", "app/prod" or "app/prod/tokyo"; "rule" for derived values.
	Layer string
	// Path is the value's path in the fleet; "" for derived values.
	Path fieldpath.Path
	// Rule is the id of the rule that derived the value.
	Rule string
}

// Origins holds the origin of each leaf of a spec, by its path in the spec.
type Origins map[fieldpath.Path]Origin

// Resolver resolves the targets of a fleet. It may be used by several
// goroutines; the fleet must not change.
type Resolver struct {
	fleet    *model.Fleet
	apps     map[string]*model.App
	envs     map[string]*model.Environment
	clusters map[string]*model.Cluster
	index    *Index
}

// New returns the resolver of a fleet.
func New(fleet *model.Fleet) *Resolver {
	r := &Resolver{
		fleet: fleet, apps: map[string]*model.App{},
		envs: map[string]*model.Environment{}, clusters: map[string]*model.Cluster{},
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
	r.index = newIndex(r)
	return r
}

// Index returns what only the whole fleet knows.
func (r *Resolver) Index() *Index { return r.index }

// Apps returns the names of all apps, sorted.
func (r *Resolver) Apps() []string {
	var names []string
	for name := range r.apps {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Scopes returns the scopes of an app: the base, then each environment, by name,
// followed by its clusters.
func (r *Resolver) Scopes(app string) []Scope {
	a := r.apps[app]
	if a == nil {
		return nil
	}
	scopes := []Scope{{}}
	var envs []string
	for name := range r.envs {
		if len(a.RunsIn) == 0 || slices.Contains(a.RunsIn, name) {
			envs = append(envs, name)
		}
	}
	slices.Sort(envs)
	for _, env := range envs {
		scopes = append(scopes, Scope{Environment: env})
		for _, cluster := range slices.Sorted(slices.Values(r.envs[env].Clusters)) {
			scopes = append(scopes, Scope{env, cluster})
		}
	}
	return scopes
}

// Target resolves an app in a scope. It panics on names that Apps and Scopes do
// not return.
func (r *Resolver) Target(app string, s Scope) Target {
	t := r.bare(r.apps[app], s)
	m := merger{}
	for _, l := range r.layers(r.apps[app], s) {
		m.layer(&t.Spec, l.spec)
	}
	derive(&t)
	return t
}

// bare returns a target without its spec.
func (r *Resolver) bare(a *model.App, s Scope) Target {
	t := Target{App: a.Name, Project: cmp.Or(a.Project, r.fleet.Name), Scope: s}
	if env := r.envs[s.Environment]; env != nil {
		t.Namespace = strings.NewReplacer("{app}", t.App, "{project}", t.Project, "{env}", env.Name).
			Replace(cmp.Or(env.Namespace, "{project}-{env}"))
		t.KubernetesVersion = r.version(env, s.Cluster)
	}
	return t
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
		if lowest == "" || minor(v) < minor(lowest) {
			lowest = v
		}
	}
	return lowest
}

// minor returns the minor version of 1.MINOR[.PATCH].
func minor(v string) int {
	n := 0
	_, rest, _ := strings.Cut(v, ".")
	for _, c := range rest {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// layer is one AppSpec on the way to a target.
type layer struct {
	name string
	path fieldpath.Path // of the AppSpec in the fleet
	spec *model.AppSpec
}

// layers returns the layers of a target, the first to yield first.
func (r *Resolver) layers(a *model.App, s Scope) []layer {
	app := fieldpath.Path("apps").Key(a.Name)
	out := []layer{{"fleet", "defaults", &r.fleet.Defaults}}
	if env := r.envs[s.Environment]; env != nil {
		out = append(out, layer{"environment/" + env.Name, fieldpath.Path("environments").Key(env.Name).Field("defaults"), &env.Defaults})
	}
	if c := r.clusters[s.Cluster]; c != nil {
		out = append(out, layer{"cluster/" + c.Name, fieldpath.Path("clusters").Key(c.Name).Field("defaults"), &c.Defaults})
	}
	out = append(out, layer{"app", app.Field("spec"), &a.Spec})
	o, ok := a.Environments[s.Environment]
	if !ok {
		return out
	}
	at := app.Field("environments").Key(s.Environment)
	out = append(out, layer{"app/" + s.Environment, at, &o.AppSpec})
	if c, ok := o.Clusters[s.Cluster]; ok {
		out = append(out, layer{"app/" + s.Environment + "/" + s.Cluster, at.Field("clusters").Key(s.Cluster), &c})
	}
	return out
}
