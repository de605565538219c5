package view

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// AppRoute is a route of an app in a scope.
type AppRoute struct {
	// App is whose route it is, and Project and Namespace are those of that app.
	App, Project, Namespace string
	// Route is the route, complete but for the ports of other apps.
	Route model.Route
	// Hosts are its hosts, completed, the main one first.
	Hosts []string
}

// Path returns the place in the fleet of the route, or of the whole object that it
// is.
func (r AppRoute) Path() fieldpath.Path {
	spec := fieldpath.Path("apps").Key(r.App).Field("spec")
	if r.Route.Host == "" {
		return spec.Field("objects").Key(r.Route.Name)
	}
	return spec.Field("routes").Key(r.Route.Host)
}

// Backends returns the backends of a rule: those that answer, and the mirror.
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
func (r AppRoute) Callees() []string { return Callees(&r.Route) }

// Callees returns the apps that a route's rules name.
func Callees(r *model.Route) []string {
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
