package resolve

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Sync returns how Argo CD syncs an app in a scope, complete. Where the app does not
// run there, it is what the layers of the fleet, the environment and the cluster
// say. It is not to be changed.
func (r *Resolver) Sync(app string, s view.Scope) *model.Sync {
	if f, ok := r.Facts(app, s); ok && f.Sync != nil {
		return f.Sync
	}
	layers := []layer{{ofFleet, &r.fleet.Defaults}}
	if env := r.envs[s.Environment]; env != nil {
		layers = append(layers, layer{ofEnvironment, &env.Defaults})
	}
	if c := r.clusters[s.Cluster]; c != nil {
		layers = append(layers, layer{ofCluster, &c.Defaults})
	}
	return r.bareSync(s, layers, r.Platform(s))
}

// bareSync returns what some layers say of how Argo CD syncs what is no app, complete.
func (r *Resolver) bareSync(s view.Scope, layers []layer, platform *view.Platform) *model.Sync {
	t := view.Target{Scope: s, Platform: platform, Spec: mergeField(layers, "sync", func(out, l *model.AppSpec) bool {
		out.Sync = l.Sync
		return l.Sync != nil
	})}
	t.Spec.Kind = model.NoWorkload
	r.set.Derive(&feature.Derivation{Target: &t})
	return fill.Struct(&t.Spec.Sync)
}
