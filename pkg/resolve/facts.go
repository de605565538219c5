package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// factsKey names the target of some facts.
type factsKey struct {
	app string
	view.Scope
}

// Facts returns what an app states in a scope, and whether it runs there. In the
// base, every app does. What others see of an app in a preview is what it is in
// the environment that the preview is like.
func (r *Resolver) Facts(app string, s view.Scope) (*view.Facts, bool) {
	a := r.apps[app]
	if a == nil || !r.has(a, s) {
		return nil, false
	}
	if s.Preview.App != app {
		s = s.Like()
	}
	key := factsKey{app, s}
	if known, ok := r.facts.Load(key); ok {
		return known.(*view.Facts), true
	}
	t := r.Target(app, s)
	known, _ := r.facts.LoadOrStore(key, r.set.Facts(&t))
	return known.(*view.Facts), true
}

// ObjectPath returns the place of a whole object of an app in a scope: in the last
// layer that has it, or where the app's own layer is, if some patch made it.
func (r *Resolver) ObjectPath(app string, s view.Scope, id object.ID) fieldpath.Path {
	a := r.apps[app]
	if a == nil {
		return ""
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	for _, l := range slices.Backward(layers) {
		for i, o := range l.spec.Objects {
			meta, _ := o["metadata"].(map[string]any)
			if view.KindOf(o) == id.KindName() && meta["name"] == id.Name {
				return l.path(app, s).Field("objects").Index(i)
			}
		}
	}
	return fieldpath.Path("apps").Key(app)
}
