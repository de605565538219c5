package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// calls draws edges to apps that run in the scope, and to what lives outside.
func (d *drawing) calls(t view.Target, from string, node func(string) string) {
	for _, p := range t.Spec.TalksTo {
		if p.App != "" {
			if _, ok := d.resolver.TargetIdentity(p.App, t.Scope); ok {
				d.edge(Edge{From: from, To: node(p.App), Kind: Calls})
			}
			continue
		}
		name := cmp.Or(p.Host, p.CIDR)
		if name == "" || slices.ContainsFunc(t.Spec.Outside, func(o model.OutsideService) bool { return o.Name == name }) {
			continue
		}
		d.outside("outside/"+name, name)
		d.edge(Edge{From: from, To: "outside/" + name, Kind: Calls})
	}
	for _, o := range t.Spec.Outside {
		d.edge(Edge{From: from, To: d.service(o), Kind: Calls})
	}
}

// service draws what a Service for the outside leads to, once for all that lead
// there, and returns its id.
func (d *drawing) service(o model.OutsideService) string {
	if o.Host != "" {
		d.outside("outside/"+o.Host, o.Host)
		return "outside/" + o.Host
	}
	id, shown := "outside/"+strings.Join(o.Addresses, ","), strings.Join(o.Addresses, ", ")
	if n := len(o.Addresses); n > 3 {
		shown = fmt.Sprintf("%s and %d more", o.Addresses[0], n-1)
	}
	d.outside(id, o.Name+": "+shown)
	return id
}

// routes draws the hosts of an environment's routes, with edges to whom they lead.
func (d *drawing) routes(env string, clusters []string, node func(string) string) {
	var edges []Edge
	on := map[Edge][]string{}
	for _, c := range clusters {
		scope := view.Scope{Environment: env, Cluster: c}
		for _, r := range d.resolver.Environment(scope).Routes {
			for _, e := range d.route(r, scope, node) {
				if on[e] == nil {
					edges = append(edges, e)
				}
				if !slices.Contains(on[e], c) {
					on[e] = append(on[e], c)
				}
			}
		}
	}
	for _, e := range edges {
		if where := on[e]; len(where) < len(clusters) {
			e.Label = strings.TrimSpace(e.Label + " on " + strings.Join(where, ", "))
		}
		d.edge(e)
	}
}

// route draws the hosts of a route, and returns the edges to whom it leads. What
// concerns no selected app is left out.
func (d *drawing) route(r view.AppRoute, s view.Scope, node func(string) string) []Edge {
	apps, services := led(r)
	var out []Edge
	id := "host/" + strings.Join(r.Hosts, ",")
	to := func(target string) {
		out = append(out, Edge{From: id, To: target, Kind: Routes, Label: attachment(r.Route)})
	}
	for _, app := range apps {
		_, runs := d.resolver.TargetIdentity(app, s)
		if runs && (d.selection.App(app) || d.selection.App(r.App)) {
			to(node(app))
		}
	}
	if len(services) > 0 && d.selection.App(r.App) {
		for _, o := range d.resolver.Target(r.App, s).Spec.Outside {
			if slices.Contains(services, o.Name) {
				to(d.service(o))
				services = slices.DeleteFunc(services, func(name string) bool { return name == o.Name })
			}
		}
		if len(services) > 0 { // of the app itself, or beside it
			to(node(r.App))
		}
	}
	if len(out) > 0 && !d.seen[id] {
		d.seen[id] = true
		d.Hosts = append(d.Hosts, Node{ID: id, Label: strings.Join(r.Hosts, ", ")})
	}
	return out
}

// led returns the apps and the Services that a route leads to. One that
// redirects all calls is shown at its own app.
func led(r view.AppRoute) (apps, services []string) {
	for _, rule := range r.Route.Rules {
		for _, b := range view.Backends(rule) {
			if b.App != "" {
				apps = append(apps, b.App)
			} else {
				services = append(services, b.Service)
			}
		}
	}
	if apps == nil && services == nil {
		apps = []string{r.App}
	}
	return apps, services
}

// attachment names what a route is attached to.
func attachment(r model.Route) string {
	switch {
	case r.Gateway != "":
		return "gateway " + r.Gateway
	case r.IngressClass != "":
		return "ingress " + r.IngressClass
	}
	return ""
}
