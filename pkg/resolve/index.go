package resolve

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
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
	Scope
	// Callers tells that its callers were asked for, which depend on whom every
	// app of the fleet talks to; otherwise its own ports and namespace were.
	Callers bool
}

// Peer is an app as others see it in a scope.
type Peer struct {
	// App is its name, and Namespace where it runs; "" in the base.
	App, Namespace string
	// Ports are the ports of the main container, with their protocols, and Service
	// is the name of its Service; only set by App.
	Ports   []model.Port
	Service string
	// Edge is the caller's declaration, and Hooks are the names of its hooks,
	// which call whom it calls; only set by Callers.
	Edge  model.Peer
	Hooks []string
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
			out = append(out, backends(&s.Routes[i])...)
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

func (idx *Index) note(app string, s Scope, callers bool) {
	if idx.record != nil {
		idx.record(Read{App: app, Scope: s, Callers: callers})
	}
}

// Callers returns the apps that talk to an app in a scope, sorted by name, one
// entry for each edge, in the order in which the caller declares them. Callers
// that do not run in the scope are not among them. An app may call itself.
func (idx *Index) Callers(app string, s Scope) []Peer {
	idx.note(app, s, true)
	var out []Peer
	for _, name := range idx.callers[app] {
		a := idx.r.apps[name]
		if !idx.r.has(a, s) {
			continue
		}
		hooks := idx.r.hooks(a, s)
		for _, edge := range idx.r.edges(a, s) {
			if edge.App == app {
				if edge.Port != nil {
					edge.Port = model.Ptr(*edge.Port)
				}
				out = append(out, Peer{App: name, Namespace: idx.r.namespaceOf(a, s), Edge: edge, Hooks: hooks})
			}
		}
	}
	return out
}

// App returns an app as others see it in a scope, and whether it runs there. In
// the base, every app does.
func (idx *Index) App(app string, s Scope) (Peer, bool) {
	idx.note(app, s, false)
	a := idx.r.apps[app]
	if a == nil || !idx.r.has(a, s) {
		return Peer{}, false
	}
	var buf [maxLayers]layer
	spec := slim(idx.r.layers(buf[:0], a, s), "ports", func(out, l *model.AppSpec) bool {
		out.Ports = l.Ports
		return l.Ports != nil
	})
	ports := spec.Ports
	for i := range ports {
		fillZero(&ports[i].Protocol, corev1.ProtocolTCP)
	}
	spec = slim(idx.r.layers(buf[:0], a, s), "service", func(out, l *model.AppSpec) bool {
		out.Service = l.Service
		return l.Service != nil
	})
	service := app
	if spec.Service != nil {
		service = cmp.Or(spec.Service.Name, app)
	}
	return Peer{App: app, Namespace: idx.r.namespaceOf(a, s), Ports: ports, Service: service}, true
}

func (r *Resolver) namespaceOf(a *model.App, s Scope) string {
	if env := r.envs[s.Environment]; env != nil {
		return namespace(env, a.Name, cmp.Or(a.Project, r.fleet.Name))
	}
	return ""
}

// edges returns whom an app talks to in a scope. The result is not to be
// changed: mostly it is the list of the last layer that has one.
func (r *Resolver) edges(a *model.App, s Scope) []model.Peer {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	var last []model.Peer
	for _, l := range layers {
		if len(l.spec.Unset) > 0 {
			return slim(layers, "talksTo", func(out, l *model.AppSpec) bool {
				out.TalksTo = l.TalksTo
				return l.TalksTo != nil
			}).TalksTo
		}
		if l.spec.TalksTo != nil {
			last = l.spec.TalksTo
		}
	}
	return last
}

// hooks returns the names of an app's hooks in a scope.
func (r *Resolver) hooks(a *model.App, s Scope) []string {
	var buf [maxLayers]layer
	var names []string
	for _, h := range slim(r.layers(buf[:0], a, s), "hooks", func(out, l *model.AppSpec) bool {
		out.Hooks = l.Hooks
		return l.Hooks != nil
	}).Hooks {
		names = append(names, h.Name)
	}
	return names
}

// slim merges one field of some layers. Take takes the field over from a layer,
// and reports whether it has it.
func slim(layers []layer, field string, take func(out, l *model.AppSpec) bool) (out model.AppSpec) {
	for _, l := range layers {
		var part model.AppSpec
		set := take(&part, l.spec)
		for _, p := range l.spec.Unset {
			if steps, err := p.Steps(); err == nil && len(steps) > 0 && steps[0].Name == field {
				part.Unset, set = append(part.Unset, p), true
			}
		}
		if set {
			overlay(&out, &part)
		}
	}
	return out
}
