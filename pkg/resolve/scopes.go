package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Scopes returns the scopes of an app: the base, then each environment that it
// runs in, by name, followed by its clusters, by name. Names in runsIn that are
// no environments have no scope. An app that the fleet does not have has none.
func (r *Resolver) Scopes(app string) []view.Scope {
	a := r.apps[app]
	if a == nil {
		return nil
	}
	out := make([]view.Scope, 1, 1+len(r.scopes))
	for _, s := range r.scopes {
		if runsIn(a, s.Environment) {
			out = append(out, s)
		}
	}
	return out
}

// runsIn reports whether an app runs in an environment of the fleet.
func runsIn(a *model.App, env string) bool {
	return len(a.RunsIn) == 0 || slices.Contains(a.RunsIn, env)
}

// has reports whether a scope is one of an app's.
func (r *Resolver) has(a *model.App, s view.Scope) bool {
	if s.Environment == "" {
		return s.Cluster == ""
	}
	env := r.envs[s.Environment]
	return env != nil && runsIn(a, s.Environment) && (s.Cluster == "" || slices.Contains(env.Clusters, s.Cluster))
}

// layer is one AppSpec on the way to a target.
type layer struct {
	kind layerKind
	spec *model.AppSpec
}

type layerKind int

const (
	ofFleet layerKind = iota
	ofEnvironment
	ofCluster
	ofApp
	ofAppEnvironment
	ofAppCluster
	maxLayers = iota
)

// reach returns where layers of a kind hold.
func (k layerKind) reach() feature.Reach {
	switch k {
	case ofEnvironment, ofAppEnvironment:
		return feature.InEnvironment
	case ofCluster, ofAppCluster:
		return feature.OnCluster
	}
	return feature.Everywhere
}

// layers appends the layers of a target to out, the first to yield first.
func (r *Resolver) layers(out []layer, a *model.App, s view.Scope) []layer {
	out = append(out, layer{ofFleet, &r.fleet.Defaults})
	if env := r.envs[s.Environment]; env != nil {
		out = append(out, layer{ofEnvironment, &env.Defaults})
	}
	if c := r.clusters[s.Cluster]; c != nil {
		out = append(out, layer{ofCluster, &c.Defaults})
	}
	out = append(out, layer{ofApp, &a.Spec})
	if len(a.Environments) == 0 {
		return out
	}
	if _, ok := a.Environments[s.Environment]; !ok {
		return out
	}
	o := a.Environments[s.Environment] // a copy, as are those of clusters
	out = append(out, layer{ofAppEnvironment, &o.AppSpec})
	if _, ok := o.Clusters[s.Cluster]; ok {
		c := o.Clusters[s.Cluster]
		out = append(out, layer{ofAppCluster, &c})
	}
	return out
}

// name returns the name of a layer of a target, as Origin has it.
func (l layer) name(s view.Scope) string {
	switch l.kind {
	case ofFleet:
		return "fleet"
	case ofEnvironment:
		return "environment/" + s.Environment
	case ofCluster:
		return "cluster/" + s.Cluster
	case ofAppEnvironment:
		return "app/" + s.Environment
	case ofAppCluster:
		return "app/" + s.Environment + "/" + s.Cluster
	}
	return "app"
}

// path returns the place of a layer's AppSpec in the fleet.
func (l layer) path(app string, s view.Scope) fieldpath.Path {
	at := fieldpath.Path("apps").Key(app)
	switch l.kind {
	case ofFleet:
		return "defaults"
	case ofEnvironment:
		return fieldpath.Path("environments").Key(s.Environment).Field("defaults")
	case ofCluster:
		return fieldpath.Path("clusters").Key(s.Cluster).Field("defaults")
	case ofAppEnvironment:
		return at.Field("environments").Key(s.Environment)
	case ofAppCluster:
		return at.Field("environments").Key(s.Environment).Field("clusters").Key(s.Cluster)
	}
	return at.Field("spec")
}
