package resolve

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// facts remembers what targets state. A fleet has many, which mostly state the
// same of an app in all its scopes, and of the apps of a scope.
type facts struct {
	// index is where a scope of the fleet is in the lists of of.
	index map[view.Scope]int
	// of are the facts of each app, by scope, and previews those of previews, by
	// previewKey.
	of       map[string][]atomic.Pointer[view.Facts]
	previews sync.Map
	// ports are what the first target of each app states of its ports, and syncs
	// what that of each scope states of how it is synced.
	ports, syncs sync.Map
}

// previewKey names the target of some facts of a preview.
type previewKey struct {
	app string
	view.Scope
}

func newFacts(apps []string, scopes []view.Scope) *facts {
	f := &facts{index: make(map[view.Scope]int, len(scopes)+1), of: make(map[string][]atomic.Pointer[view.Facts], len(apps))}
	for i, s := range append(slices.Clip(scopes), view.Scope{}) {
		f.index[s] = i
	}
	for _, app := range apps {
		f.of[app] = make([]atomic.Pointer[view.Facts], len(f.index))
	}
	return f
}

// get returns the facts of an app in a scope, which state makes where nobody has
// asked for them before.
func (f *facts) get(app string, s view.Scope, state func() *view.Facts) *view.Facts {
	i, ok := f.index[s]
	if !ok {
		key := previewKey{app, s}
		known, ok := f.previews.Load(key)
		if !ok {
			known, _ = f.previews.LoadOrStore(key, state())
		}
		return known.(*view.Facts)
	}
	place := &f.of[app][i]
	if known := place.Load(); known != nil {
		return known
	}
	made := state()
	ports := made.Ports
	made.Ports = *shared(&f.ports, app, &ports)
	if made.Sync != nil {
		made.Sync = shared(&f.syncs, s, made.Sync)
	}
	place.CompareAndSwap(nil, made)
	return place.Load()
}

// shared returns the first value that was remembered under a key, where the other
// is equal to it.
func shared[T any](m *sync.Map, key any, v *T) *T {
	if first, ok := m.LoadOrStore(key, v); ok && reflect.DeepEqual(first, v) {
		return first.(*T)
	}
	return v
}

// Facts returns what an app states in a scope, and whether it runs there. In the
// base, every app does. What others see of an app in a preview is what it is in
// the environment that the preview is like. As with the targets, the scope of an
// environment with a single cluster is that cluster's.
func (r *Resolver) Facts(app string, s view.Scope) (*view.Facts, bool) {
	a := r.apps[app]
	if a == nil || !r.has(a, s) {
		return nil, false
	}
	if s.Preview.App != app {
		s = s.Like()
	}
	if env := r.envs[s.Environment]; env != nil && s.Cluster == "" && len(env.Clusters) == 1 {
		s.Cluster = env.Clusters[0]
	}
	return r.facts.get(app, s, func() *view.Facts {
		t := r.Target(app, s)
		return r.set.Facts(&t)
	}), true
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
