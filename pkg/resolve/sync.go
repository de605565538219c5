package resolve

import (
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Sync returns how Argo CD syncs an app in a scope, complete, but for what
// follows from the rest of the spec; in a scope that the fleet does not have it
// says nothing. Without an app it is what the layers of the
// fleet, the environment and the cluster say.
func (r *Resolver) Sync(app string, s view.Scope) *model.Sync {
	a := r.apps[app]
	if a == nil {
		a = &model.App{}
	}
	var buf [maxLayers]layer
	t := view.Target{App: app, Scope: s, Spec: mergeField(r.layers(buf[:0], a, s), "sync", func(out, l *model.AppSpec) bool {
		out.Sync = l.Sync
		return l.Sync != nil
	})}
	t.Spec.Kind = model.NoWorkload
	deriveSync(r.derivation(&t, nil))
	return fill.Struct(&t.Spec.Sync)
}
