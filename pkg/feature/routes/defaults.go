package routes

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// deriveRoutes completes routes from the environment. In the base, where there
// is none, routes stay as they are.
func deriveRoutes(d *feature.Derivation) {
	service := mainService(d)
	for i := range d.Spec.Routes {
		completeRoute(d.App, i, &d.Spec.Routes[i], d.Platform)
		if p, ok := service.Port(nil); ok {
			fill.Zero(&d.Spec.Routes[i].Port, p.Name)
		}
	}
}

// completeRoute completes the i-th route of an app, all but its port. The host
// stays as it was written: it names the route.
func completeRoute(app string, i int, r *model.Route, a *view.Platform) {
	name := app
	if label, _, _ := strings.Cut(strings.TrimPrefix(r.Host, "*."), "."); i > 0 && label != "" {
		name = app + "-" + label
	}
	fill.Zero(&r.Name, name)
	fill.Zero(&r.Protocol, model.HTTP)
	if a == nil {
		return
	}
	for j, alias := range r.Aliases {
		r.Aliases[j] = a.Host(alias)
	}
	if r.Gateway == "" && r.IngressClass == "" {
		r.Gateway, r.IngressClass = a.Gateway, a.IngressClass
	}
}

// mainService returns the app's main Service; it has no name where there is none.
func mainService(d *feature.Derivation) view.Service {
	ports := view.PortsOf(&d.Spec)
	s, _ := ports.Service(ports.Main)
	return s
}

func deriveRouteRules(d *feature.Derivation) {
	service := mainService(d)
	for i := range d.Spec.Routes {
		r := &d.Spec.Routes[i]
		if len(r.Rules) == 0 {
			r.Rules = []model.RouteRule{{}}
		}
		for j := range r.Rules {
			completeRule(d.App, service, r, &r.Rules[j])
		}
	}
}

func completeRule(app string, service view.Service, r *model.Route, rule *model.RouteRule) {
	if rule.Redirect == nil && len(rule.Backends) == 0 {
		rule.Backends = []model.Backend{{}}
	}
	complete := func(b *model.Backend) {
		if b.Service == "" {
			fill.Zero(&b.App, app)
		}
		fill.Nil(&b.Weight, 1)
		i := slices.IndexFunc(service.Ports, func(p view.Port) bool { return p.Name == r.Port })
		if b.App == app && i >= 0 {
			fill.Nil(&b.Port, service.Ports[i].Number)
		}
	}
	for k := range rule.Backends {
		complete(&rule.Backends[k])
	}
	if rule.Mirror != nil {
		complete(rule.Mirror)
	}
	if rule.Redirect != nil {
		fill.Nil(&rule.Redirect.Status, 302)
	}
	if r.Protocol != model.HTTP {
		return
	}
	if len(rule.Matches) == 0 {
		rule.Matches = []model.RouteMatch{{}}
	}
	for k := range rule.Matches {
		fill.Zero(&rule.Matches[k].Path, "/")
		fill.Zero(&rule.Matches[k].PathType, model.PathPrefix)
	}
}

func routeFacts(t *view.Target, f *view.Facts) {
	for _, route := range t.Spec.Routes {
		f.Routes = append(f.Routes, view.AppRoute{App: t.App, Project: t.Project, Namespace: t.Namespace, Route: route, Hosts: t.Platform.Hosts(&route)})
	}
}
