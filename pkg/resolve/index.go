package resolve

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Index is what only the whole fleet knows: who talks to whom. It is read-only.
type Index struct {
	r *Resolver
	// callers holds who talks to an app, by scope and app.
	callers map[Scope]map[string][]Peer
}

// Peer is an app as others see it in a scope.
type Peer struct {
	App, Namespace string
	// Ports are the ports of the main container.
	Ports []model.Port
	// Edge is the caller's declaration; only set by Callers.
	Edge model.Peer
}

func newIndex(r *Resolver) *Index {
	idx := &Index{r: r, callers: map[Scope]map[string][]Peer{}}
	for _, app := range r.Apps() {
		for _, s := range r.Scopes(app) {
			spec := r.slim(app, s)
			t := r.bare(r.apps[app], s)
			for _, edge := range spec.TalksTo {
				if edge.App == "" || edge.App == app {
					continue
				}
				m := idx.callers[s]
				if m == nil {
					m = map[string][]Peer{}
					idx.callers[s] = m
				}
				m[edge.App] = append(m[edge.App], Peer{App: app, Namespace: t.Namespace, Edge: edge})
			}
		}
	}
	for _, m := range idx.callers {
		for _, peers := range m {
			slices.SortStableFunc(peers, func(a, b Peer) int { return cmp.Compare(a.App, b.App) })
		}
	}
	return idx
}

// slim merges only what other apps may see of a target.
func (r *Resolver) slim(app string, s Scope) model.AppSpec {
	var spec model.AppSpec
	m := merger{}
	for _, l := range r.layers(r.apps[app], s) {
		seen := model.AppSpec{TalksTo: l.spec.TalksTo}
		seen.Ports = l.spec.Ports
		for _, p := range l.spec.Unset {
			if steps, err := p.Steps(); err == nil && (steps[0].Name == "talksTo" || steps[0].Name == "ports") {
				seen.Unset = append(seen.Unset, p)
			}
		}
		if seen.TalksTo != nil || seen.Ports != nil || seen.Unset != nil {
			m.layer(&spec, &seen)
		}
	}
	return spec
}

// Callers returns the apps that talk to an app in a scope, sorted by name, one
// entry for each edge. Callers that do not run in the scope are not among them.
func (idx *Index) Callers(app string, s Scope) []Peer { return idx.callers[s][app] }

// App returns an app as others see it in a scope, and whether it runs there. In
// the base, every app does.
func (idx *Index) App(app string, s Scope) (Peer, bool) {
	a := idx.r.apps[app]
	if a == nil || !slices.Contains(idx.r.Scopes(app), s) {
		return Peer{}, false
	}
	spec := idx.r.slim(app, s)
	ports := slices.Clone(spec.Ports)
	for i := range ports {
		ports[i].Protocol = cmp.Or(ports[i].Protocol, "TCP")
	}
	return Peer{App: app, Namespace: idx.r.bare(a, s).Namespace, Ports: ports}, true
}

// Explained is Target with the origin of each leaf of the spec.
func (r *Resolver) Explained(app string, s Scope) (Target, Origins) {
	t := r.bare(r.apps[app], s)
	origins := Origins{}
	forget := func(at fieldpath.Path) {
		for p := range origins {
			if rest := p[min(len(at), len(p)):]; len(p) >= len(at) && p[:len(at)] == at && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				delete(origins, p)
			}
		}
	}
	for _, l := range r.layers(r.apps[app], s) {
		m := merger{forget: forget, note: func(spec, from fieldpath.Path) {
			origins[spec] = Origin{Layer: l.name, Path: l.path.Join(from)}
		}}
		m.layer(&t.Spec, l.spec)
	}
	for _, rule := range rules {
		rule.apply(&t)
		for at := range Leaves(&t.Spec) {
			if _, ok := origins[at]; !ok {
				origins[at] = Origin{Layer: "rule", Rule: rule.ID}
			}
		}
	}
	return t, origins
}

// Leaves returns the paths of all leaves that a spec sets.
func Leaves(spec *model.AppSpec) map[fieldpath.Path]bool {
	out := map[fieldpath.Path]bool{}
	var empty model.AppSpec
	m := merger{note: func(at, _ fieldpath.Path) { out[at] = true }}
	m.layer(&empty, spec)
	return out
}
