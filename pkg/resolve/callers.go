package resolve

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// View returns a view of the whole fleet.
func (r *Resolver) View() *view.View { return view.New(r) }

// Callers returns the apps that talk or route to an app in some scope, or would if
// no later layer changed it, sorted. It is not to be changed.
func (r *Resolver) Callers(app string) []string { return r.callers[app] }

// callersOf returns Callers of each app.
func (r *Resolver) callersOf() map[string][]string {
	out := map[string][]string{}
	for _, name := range r.names {
		for _, peer := range r.everyPeer(r.apps[name]) {
			if known := out[peer]; len(known) == 0 || known[len(known)-1] != name {
				out[peer] = append(known, name)
			}
		}
	}
	return out
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

func (r *Resolver) namespaceOf(a *model.App, s view.Scope) string {
	if s.Preview.App == a.Name {
		return view.PreviewName(a.Name, s.Preview.Number)
	}
	if env := r.envs[s.Environment]; env != nil {
		return namespace(env, a.Name, cmp.Or(a.Project, r.fleet.Name))
	}
	return ""
}

// PeerPath returns where the fleet declares the entry of a name in an app's talksTo
// in a scope.
func (r *Resolver) PeerPath(app string, s view.Scope, name string) fieldpath.Path {
	a := r.apps[app]
	if a == nil {
		return ""
	}
	var buf [maxLayers]layer
	return declaredAt(r.layers(buf[:0], a, s), app, s)[name]
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
