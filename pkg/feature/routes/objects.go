package routes

import (
	"cmp"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// wholeRoutes returns the HTTPRoutes and Ingresses among the whole objects of a
// site as routes: their hosts and paths, named by KIND/NAME.
func wholeRoutes(s view.Environment) []view.AppRoute {
	var out []view.AppRoute
	for _, w := range s.Objects {
		o := w.Object
		name := view.Text(o, "kind") + "/" + view.Text(o, "metadata", "name")
		switch view.KindOf(w.Object).Group + "/" + view.Text(o, "kind") {
		case "gateway.networking.k8s.io/HTTPRoute":
			r := view.AppRoute{App: w.App, Namespace: w.Namespace, Route: model.Route{Name: name}}
			for _, h := range view.List(o, "spec", "hostnames") {
				r.Hosts = append(r.Hosts, view.Text(map[string]any{"h": h}, "h"))
			}
			for _, rule := range view.List(o, "spec", "rules") {
				r.Route.Rules = append(r.Route.Rules, wholeRule(rule))
			}
			out = append(out, r)
		case "networking.k8s.io/Ingress":
			for _, rule := range view.List(o, "spec", "rules") {
				r := view.AppRoute{App: w.App, Namespace: w.Namespace, Hosts: []string{view.Text(rule, "host")}, Route: model.Route{Name: name}}
				var matches []model.RouteMatch
				for _, p := range view.List(rule, "http", "paths") {
					matches = append(matches, model.RouteMatch{Path: cmp.Or(view.Text(p, "path"), "/"), PathType: model.PathType(view.Text(p, "pathType"))})
				}
				r.Route.Rules = []model.RouteRule{{Matches: matches}}
				out = append(out, r)
			}
		}
	}
	return out
}

// wholeRule returns what a rule of an HTTPRoute matches.
func wholeRule(rule any) model.RouteRule {
	types := map[string]model.PathType{"Exact": model.PathExact, "RegularExpression": model.PathRegex}
	var out model.RouteRule
	for _, m := range view.List(rule, "matches") {
		match := model.RouteMatch{Path: cmp.Or(view.Text(m, "path", "value"), "/"), PathType: types[view.Text(m, "path", "type")], Method: view.Text(m, "method")}
		match.Headers, match.Query = wholeValues(m, "headers"), wholeValues(m, "queryParams")
		out.Matches = append(out.Matches, match)
	}
	return out
}

// wholeValues returns the headers or parameters that a match compares.
func wholeValues(match any, field string) []model.ValueMatch {
	var out []model.ValueMatch
	for _, v := range view.List(match, field) {
		out = append(out, model.ValueMatch{Name: view.Text(v, "name"), Value: view.Text(v, "value"), Regex: new(view.Text(v, "type") == "RegularExpression")})
	}
	return out
}

// references finds whole objects of the Gateway API that refer to another
// namespace without a grant, and listeners that let no route in.
func (c fleetChecker) references() {
	for _, s := range c.sites {
		granted := map[string]bool{}
		for _, w := range s.Objects {
			if o := w.Object; view.Text(o, "kind") == "ReferenceGrant" {
				for _, from := range view.List(o, "spec", "from") {
					for _, to := range view.List(o, "spec", "to") {
						granted[strings.Join([]string{view.Text(from, "kind"), view.Text(from, "namespace"), view.Text(to, "kind"), w.OwnNamespace()}, " ")] = true
					}
				}
			}
		}
		for _, w := range s.Objects {
			if view.KindOf(w.Object).Group != "gateway.networking.k8s.io" {
				continue
			}
			for _, ref := range referred(w) {
				if key := strings.Join([]string{view.Text(w.Object, "kind"), w.OwnNamespace(), ref.kind, ref.namespace}, " "); !granted[key] {
					c.Errorf("ungranted-reference", w.Path(), "add a ReferenceGrant there, or use routes, for which it is derived",
						"no ReferenceGrant in namespace %s allows it to use the %s %s", ref.namespace, ref.kind, ref.name)
				}
			}
			for _, l := range view.List(w.Object, "spec", "listeners") {
				if view.Text(l, "allowedRoutes", "namespaces", "from") == "None" {
					c.Warnf("listener-without-route", w.Path(), "allow a namespace", "the listener %s allows no routes", view.Text(l, "name"))
				}
			}
		}
	}
}

// reference is an object of another namespace.
type reference struct{ kind, namespace, name string }

// referred returns what an object refers to in other namespaces: the backends of
// a route, and the certificates of a Gateway.
func referred(w view.RawObject) []reference {
	var out []reference
	add := func(refs []any, kind string) {
		for _, ref := range refs {
			if ns := view.Text(ref, "namespace"); ns != "" && ns != w.OwnNamespace() {
				out = append(out, reference{cmp.Or(view.Text(ref, "kind"), kind), ns, view.Text(ref, "name")})
			}
		}
	}
	o := w.Object
	for _, rule := range view.List(o, "spec", "rules") {
		add(view.List(rule, "backendRefs"), "Service")
	}
	for _, l := range view.List(o, "spec", "listeners") {
		add(view.List(l, "tls", "certificateRefs"), "Secret")
	}
	return out
}
