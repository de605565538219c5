package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Platform returns what the platform offers in a scope, or nil for the base.
func (idx *Index) Platform(s view.Scope) *view.Platform { return idx.r.platformIn(s) }

// Routed returns the routes of other apps that call an app in a scope, by the
// other apps' names. In a preview there are none.
func (idx *Index) Routed(app string, s view.Scope) []view.AppRoute {
	idx.note(app, s, true)
	var out []view.AppRoute
	for _, name := range idx.callers[app] {
		a := idx.r.apps[name]
		if name == app || s.Preview.App == app || !idx.r.has(a, s) {
			continue
		}
		for _, route := range idx.r.routes(a, s) {
			if slices.Contains(view.Callees(&route.Route), app) {
				out = append(out, route)
			}
		}
	}
	return out
}

// routes returns the completed routes of an app in a scope.
func (r *Resolver) routes(a *model.App, s view.Scope) []view.AppRoute {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	if !slices.ContainsFunc(layers, func(l layer) bool { return l.spec.Routes != nil }) {
		return nil
	}
	spec := r.portSpec(a, s)
	spec.Routes = mergeField(layers, "routes", func(out, l *model.AppSpec) bool {
		out.Routes = l.Routes
		return l.Routes != nil
	}).Routes
	d := &derivation{app: a.Name, spec: &spec, platform: r.platformIn(s)}
	deriveRoutes(d)
	deriveRouteRules(d)
	out := make([]view.AppRoute, len(spec.Routes))
	for i, route := range spec.Routes {
		out[i] = view.AppRoute{App: a.Name, Namespace: r.namespaceOf(a, s), Route: route, Hosts: d.platform.Hosts(&route)}
	}
	return out
}
