package resolve

import (
	"reflect"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
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
	f := r.set.Facts(&t)
	r.share(f, s)
	known, _ := r.facts.LoadOrStore(key, f)
	return known.(*view.Facts), true
}

// share lets targets that are synced alike share how, as most of a scope are.
func (r *Resolver) share(f *view.Facts, s view.Scope) {
	if f.Sync == nil {
		return
	}
	if first, ok := r.syncs.LoadOrStore(s.Like(), f.Sync); ok && reflect.DeepEqual(first, f.Sync) {
		f.Sync = first.(*model.Sync)
	}
}

// ObjectPath returns the place of a whole object of an app in a scope: in the last
// layer that has it, or where the app's own layer is, if some patch made it.
func (r *Resolver) ObjectPath(app string, s view.Scope, id object.ID) fieldpath.Path {
	a := r.apps[app]
	if a == nil {
		return ""
	}
	is := func(o model.RawObject) bool {
		return view.KindOf(o) == id.KindName() && view.Text(o, "metadata", "name") == id.Name
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	for _, l := range slices.Backward(layers) {
		if i := slices.IndexFunc(l.spec.Objects, is); i >= 0 {
			return l.path(app, s).Field("objects").Index(i)
		}
	}
	t := r.Target(app, s)
	if i := slices.IndexFunc(t.Sourced, func(w view.WholeObject) bool { return is(w.Object) }); i >= 0 {
		for _, l := range slices.Backward(layers) {
			if r.set.IsSourced(l.spec) {
				return l.path(app, s).Join(t.Sourced[i].At)
			}
		}
	}
	return fieldpath.Path("apps").Key(app)
}
