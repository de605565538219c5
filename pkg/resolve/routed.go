package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// AppRoute is a route of an app in a scope.
type AppRoute struct {
	// App is whose route it is, and Namespace where that app runs.
	App, Namespace string
	// Route is the route, complete but for the ports of other apps.
	Route model.Route
	// Hosts are its hosts, completed, the main one first.
	Hosts []string
}

// Platform returns what the platform offers in a scope, or nil for the base.
func (idx *Index) Platform(s Scope) *Platform { return idx.r.platformIn(s) }

// Routed returns the routes of other apps that call an app in a scope, by the
// other apps' names. In a preview there are none.
func (idx *Index) Routed(app string, s Scope) []AppRoute {
	idx.note(app, s, true)
	var out []AppRoute
	for _, name := range idx.callers[app] {
		a := idx.r.apps[name]
		if name == app || s.Preview.App == app || !idx.r.has(a, s) {
			continue
		}
		for _, route := range idx.r.routes(a, s) {
			if slices.Contains(backends(&route.Route), app) {
				out = append(out, route)
			}
		}
	}
	return out
}

// Hosts returns the hosts of a route, completed, the main one first.
func (a *Platform) Hosts(r *model.Route) []string {
	out := []string{a.Host(r.Host)}
	for _, alias := range r.Aliases {
		if host := a.Host(alias); !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out
}

// routes returns the completed routes of an app in a scope.
func (r *Resolver) routes(a *model.App, s Scope) []AppRoute {
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
	out := make([]AppRoute, len(spec.Routes))
	for i, route := range spec.Routes {
		out[i] = AppRoute{App: a.Name, Namespace: r.namespaceOf(a, s), Route: route, Hosts: d.platform.Hosts(&route)}
	}
	return out
}

// Backends returns whom a rule calls: those that answer, and the mirror.
func Backends(rule model.RouteRule) []model.Backend {
	if rule.Mirror == nil {
		return rule.Backends
	}
	return append(slices.Clip(rule.Backends), *rule.Mirror)
}

// BackendPath returns the path of one of Backends, by the path of its rule.
func BackendPath(at fieldpath.Path, rule model.RouteRule, i int) fieldpath.Path {
	if i == len(rule.Backends) {
		return at.Field("mirror")
	}
	return at.Field("backends").Index(i)
}

// Callees returns the apps that the route's rules name.
func (r AppRoute) Callees() []string { return backends(&r.Route) }

// backends returns the apps that a route's rules name.
func backends(r *model.Route) []string {
	var out []string
	for _, rule := range r.Rules {
		for _, b := range Backends(rule) {
			if b.App != "" {
				out = append(out, b.App)
			}
		}
	}
	return out
}
