package resolve

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Index is what only the whole fleet knows: who talks to whom. It is read-only
// and may be used by several goroutines at once.
type Index struct {
	r *Resolver
	// callers holds, by app, the sorted names of the apps that talk to it in some
	// scope.
	callers map[string][]string
	record  func(Read)
}

// Read is one thing that was asked of an Index.
type Read struct {
	// App is the app that was asked about.
	App string
	view.Scope
	// Callers tells that its callers were asked for, which depend on whom every
	// app of the fleet talks to; otherwise its own ports and namespace were.
	Callers bool
}

func newIndex(r *Resolver) *Index {
	idx := &Index{r: r, callers: map[string][]string{}}
	for _, name := range r.names {
		for _, peer := range r.everyPeer(r.apps[name]) {
			if known := idx.callers[peer]; len(known) == 0 || known[len(known)-1] != name {
				idx.callers[peer] = append(known, name)
			}
		}
	}
	return idx
}

// everyPeer returns the apps that an app talks to in some scope, or would if no
// later layer changed it.
func (r *Resolver) everyPeer(a *model.App) []string {
	var out []string
	add := func(s *model.AppSpec) {
		for _, p := range s.TalksTo {
			if p.App != "" {
				out = append(out, p.App)
			}
		}
		for i := range s.Routes {
			out = append(out, view.Callees(&s.Routes[i])...)
		}
	}
	add(&r.fleet.Defaults)
	for _, env := range r.envs {
		add(&env.Defaults)
	}
	for _, c := range r.clusters {
		add(&c.Defaults)
	}
	add(&a.Spec)
	for _, o := range a.Environments {
		add(&o.AppSpec)
		for _, c := range o.Clusters {
			add(&c)
		}
	}
	return out
}

// Near returns the other apps that what is asked about an app in any scope can
// depend on: those that it talks to and its callers, sorted.
func (idx *Index) Near(app string) []string {
	near := slices.Clone(idx.callers[app])
	if a := idx.r.apps[app]; a != nil {
		near = append(near, idx.r.everyPeer(a)...)
	}
	slices.Sort(near)
	return slices.DeleteFunc(slices.Compact(near), func(name string) bool { return name == app })
}

// Recording returns the same index, which tells record of everything that is
// asked of it. Record is called by the goroutine that asks.
func (idx *Index) Recording(record func(Read)) *Index {
	return &Index{r: idx.r, callers: idx.callers, record: record}
}

func (idx *Index) note(app string, s view.Scope, callers bool) {
	if idx.record != nil {
		idx.record(Read{App: app, Scope: s, Callers: callers})
	}
}

// Kinds returns the scopes of the kinds that the fleet describes.
func (idx *Index) Kinds() kind.Table { return idx.r.kinds }

// Callers returns the apps that talk to an app in a scope, sorted by name, one
// entry for each edge, in the order in which the caller declares them. Callers
// that do not run in the scope are not among them. An app may call itself. In a
// preview, nobody else calls it.
func (idx *Index) Callers(app string, s view.Scope) []view.Peer {
	idx.note(app, s, true)
	var out []view.Peer
	for _, name := range idx.callers[app] {
		a := idx.r.apps[name]
		if !idx.r.has(a, s) || s.Preview.App == app && name != app {
			continue
		}
		hooks := idx.r.hooks(a, s)
		var buf [maxLayers]layer
		for _, edge := range edges(idx.r.layers(buf[:0], a, s)) {
			if edge.App == app {
				out = append(out, view.Peer{App: name, Namespace: idx.r.namespaceOf(a, s), Edge: edge, Hooks: hooks,
					Previewed: name != app && idx.r.previewed(name, s)})
			}
		}
	}
	return out
}

// App returns an app as others see it in a scope, and whether it runs there. In
// the base, every app does.
func (idx *Index) App(app string, s view.Scope) (view.Peer, bool) {
	idx.note(app, s, false)
	a := idx.r.apps[app]
	if a == nil || !idx.r.has(a, s) {
		return view.Peer{}, false
	}
	spec := idx.r.portSpec(a, s)
	return view.Peer{App: app, Namespace: idx.r.namespaceOf(a, s), Ports: view.PortsOf(&spec)}, true
}

func (r *Resolver) namespaceOf(a *model.App, s view.Scope) string {
	if s.Preview.App == a.Name {
		return view.PreviewName(a.Name, s.Preview.Number)
	}
	if env := r.envs[s.Environment]; env != nil {
		return namespace(env, a.Name, cmp.Or(a.Project, r.fleet.Name))
	}
	return ""
}

// Edges returns whom an app talks to in a scope, in the order in which it is
// declared.
func (r *Resolver) Edges(app string, s view.Scope) []view.Edge {
	a := r.apps[app]
	if a == nil || !r.has(a, s) {
		return nil
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	var out []view.Edge
	at := declaredAt(layers, app, s)
	for _, p := range edges(layers) {
		out = append(out, view.Edge{Peer: p, Path: at[p.Name]})
	}
	return out
}

// edges returns whom some layers of an app talk to. It belongs to the caller.
func edges(layers []layer) []model.Peer {
	var all []model.Peer
	setters := 0
	for _, l := range layers {
		if l.spec.TalksTo != nil {
			all = namedPeers(l.spec.TalksTo)
		}
		if l.spec.TalksTo != nil || len(l.spec.Unset) > 0 {
			setters++
		}
	}
	if setters > 1 {
		return mergeField(layers, "talksTo", func(out, l *model.AppSpec) bool {
			out.TalksTo = l.TalksTo
			return l.TalksTo != nil
		}).TalksTo
	}
	for i, p := range all {
		if p.Port != nil {
			all[i].Port = new(*p.Port)
		}
	}
	return all
}

// declaredAt returns the path of the last entry of each name in the talksTo of
// some layers.
func declaredAt(layers []layer, app string, s view.Scope) map[string]fieldpath.Path {
	at := map[string]fieldpath.Path{}
	for _, l := range layers {
		for i, name := range model.PeerNames(l.spec.TalksTo) {
			if list := l.path(app, s).Field("talksTo"); l.spec.TalksTo[i].Name != "" {
				at[name] = list.Key(name)
			} else {
				at[name] = list.Index(i)
			}
		}
	}
	return at
}

// hooks returns the names of an app's hooks in a scope.
func (r *Resolver) hooks(a *model.App, s view.Scope) []string {
	var names []string
	for _, h := range r.hookSpecs(a, s) {
		names = append(names, h.Name)
	}
	return names
}

// hookSpecs returns an app's hooks in a scope, as the layers say.
func (r *Resolver) hookSpecs(a *model.App, s view.Scope) []model.Hook {
	var buf [maxLayers]layer
	return mergeField(r.layers(buf[:0], a, s), "hooks", func(out, l *model.AppSpec) bool {
		out.Hooks = l.Hooks
		return l.Hooks != nil
	}).Hooks
}

// mergeField merges one field of some layers. Take takes the field over from a layer,
// and reports whether it has it.
func mergeField(layers []layer, field string, take func(out, l *model.AppSpec) bool) model.AppSpec {
	return mergeFields(layers, []string{field}, take)
}

// mergeFields merges some fields of some layers, as mergeField does one.
func mergeFields(layers []layer, fields []string, take func(out, l *model.AppSpec) bool) (out model.AppSpec) {
	for _, l := range layers {
		var part model.AppSpec
		set := take(&part, l.spec)
		for _, p := range l.spec.Unset {
			if steps, err := p.Steps(); err == nil && len(steps) > 0 && slices.Contains(fields, steps[0].Name) {
				part.Unset, set = append(part.Unset, p), true
			}
		}
		if set {
			overlay(&out, &part)
		}
	}
	return out
}
