package audit

import (
	"cmp"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// value returns the value at keys below v, or nil.
func value(v any, keys ...string) any {
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

func text(v any, keys ...string) string {
	s, _ := value(v, keys...).(string)
	return s
}

func list(v any, keys ...string) []any {
	l, _ := value(v, keys...).([]any)
	return l
}

// group returns the API group of an object.
func group(o model.RawObject) string {
	g, _, ok := strings.Cut(text(map[string]any(o), "apiVersion"), "/")
	if !ok {
		return ""
	}
	return g
}

// wholeRoutes returns the HTTPRoutes and Ingresses among the whole objects of a
// site as routes: their hosts and paths, named by KIND/NAME.
func wholeRoutes(s view.Site) []view.AppRoute {
	var out []view.AppRoute
	for _, w := range s.Objects {
		o := map[string]any(w.Object)
		name := text(o, "kind") + "/" + text(o, "metadata", "name")
		switch group(w.Object) + "/" + text(o, "kind") {
		case "gateway.networking.k8s.io/HTTPRoute":
			r := view.AppRoute{App: w.App, Namespace: w.Namespace, Route: model.Route{Name: name}}
			for _, h := range list(o, "spec", "hostnames") {
				r.Hosts = append(r.Hosts, text(map[string]any{"h": h}, "h"))
			}
			for _, rule := range list(o, "spec", "rules") {
				r.Route.Rules = append(r.Route.Rules, wholeRule(rule))
			}
			out = append(out, r)
		case "networking.k8s.io/Ingress":
			for _, rule := range list(o, "spec", "rules") {
				r := view.AppRoute{App: w.App, Namespace: w.Namespace, Hosts: []string{text(rule, "host")}, Route: model.Route{Name: name}}
				var matches []model.RouteMatch
				for _, p := range list(rule, "http", "paths") {
					matches = append(matches, model.RouteMatch{Path: cmp.Or(text(p, "path"), "/"), PathType: model.PathType(text(p, "pathType"))})
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
	for _, m := range list(rule, "matches") {
		match := model.RouteMatch{Path: cmp.Or(text(m, "path", "value"), "/"), PathType: types[text(m, "path", "type")], Method: text(m, "method")}
		match.Headers, match.Query = wholeValues(m, "headers"), wholeValues(m, "queryParams")
		out.Matches = append(out.Matches, match)
	}
	return out
}

// wholeValues returns the headers or parameters that a match compares.
func wholeValues(match any, field string) []model.ValueMatch {
	var out []model.ValueMatch
	for _, v := range list(match, field) {
		out = append(out, model.ValueMatch{Name: text(v, "name"), Value: text(v, "value"), Regex: new(text(v, "type") == "RegularExpression")})
	}
	return out
}

// references finds whole objects of the Gateway API that refer to another
// namespace without a grant, and listeners that let no route in.
func (a *auditor) references() {
	for _, s := range a.sites() {
		granted := map[string]bool{}
		for _, w := range s.Objects {
			if o := map[string]any(w.Object); text(o, "kind") == "ReferenceGrant" {
				for _, from := range list(o, "spec", "from") {
					for _, to := range list(o, "spec", "to") {
						granted[strings.Join([]string{text(from, "kind"), text(from, "namespace"), text(to, "kind"), namespaceOf(w)}, " ")] = true
					}
				}
			}
		}
		for _, w := range s.Objects {
			if group(w.Object) != "gateway.networking.k8s.io" {
				continue
			}
			for _, ref := range referred(w) {
				if key := strings.Join([]string{text(map[string]any(w.Object), "kind"), namespaceOf(w), ref.kind, ref.namespace}, " "); !granted[key] {
					a.Errorf("ungranted-reference", pathOf(w), "add a ReferenceGrant there, or use routes, for which it is derived",
						"no ReferenceGrant in namespace %s allows it to use the %s %s", ref.namespace, ref.kind, ref.name)
				}
			}
			for _, l := range list(map[string]any(w.Object), "spec", "listeners") {
				if text(l, "allowedRoutes", "namespaces", "from") == "None" {
					a.Warnf("listener-without-route", pathOf(w), "allow a namespace", "the listener %s allows no routes", text(l, "name"))
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
			if ns := text(ref, "namespace"); ns != "" && ns != namespaceOf(w) {
				out = append(out, reference{cmp.Or(text(ref, "kind"), kind), ns, text(ref, "name")})
			}
		}
	}
	o := map[string]any(w.Object)
	for _, rule := range list(o, "spec", "rules") {
		add(list(rule, "backendRefs"), "Service")
	}
	for _, l := range list(o, "spec", "listeners") {
		add(list(l, "tls", "certificateRefs"), "Secret")
	}
	return out
}

func namespaceOf(w view.RawObject) string {
	return cmp.Or(text(map[string]any(w.Object), "metadata", "namespace"), w.Namespace)
}

func pathOf(w view.RawObject) fieldpath.Path {
	o := map[string]any(w.Object)
	return fieldpath.Path("apps").Key(w.App).Field("spec").Field("objects").Key(text(o, "kind") + "/" + text(o, "metadata", "name"))
}
