package routes

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

const istioNetworking = "networking.istio.io/v1"

// virtualService returns a route on one of Istio's own gateways.
func (r *router) virtualService(g view.Gateway) (object.Object, error) {
	spec := part.Map{"hosts": r.hosts, "gateways": []string{g.Namespace + "/" + g.Name}}
	if r.route.Protocol == model.TLS {
		var tls part.List
		for _, rule := range r.route.Rules {
			tls = append(tls, part.Fields(part.Map{
				"match": part.List{part.Fields(part.Map{"port": 443, "sniHosts": r.hosts})}, "route": r.istioRoute(rule)}))
		}
		spec["tls"] = tls
	} else {
		spec["http"] = r.istioHTTP()
	}
	return part.Custom(istioNetworking, "VirtualService", r.meta(""), part.Fields(spec))
}

// matched is a rule and one of its matches.
type matched struct {
	rule  model.RouteRule
	match model.RouteMatch
}

// istioHTTP returns an entry for each match, the most specific first: Istio
// takes the first one that fits, where the Gateway API takes the best.
func (r *router) istioHTTP() part.List {
	var all []matched
	for _, rule := range r.route.Rules {
		for _, m := range rule.Matches {
			all = append(all, matched{rule, m})
		}
		if len(rule.Matches) == 0 {
			all = append(all, matched{rule: rule})
		}
	}
	slices.SortStableFunc(all, func(a, b matched) int { return slices.Compare(b.weight(), a.weight()) })
	var out part.List
	for _, x := range all {
		out = append(out, part.Fields(part.Map{
			"match": x.istio(), "route": r.istioRoute(x.rule), "timeout": istioDuration(x.rule.Timeout), "retries": istioRetries(x.rule),
			"redirect": istioRedirect(x.rule.Redirect), "rewrite": x.rewrite(), "headers": istioHeaders(x.rule), "mirror": r.istioMirror(x.rule),
		}))
	}
	return out
}

// weight orders matches as the Gateway API does: exact paths, then longer
// ones, then a method, then more headers and parameters.
func (x matched) weight() []int {
	of := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	m := x.match
	return []int{of(m.PathType == model.PathExact || m.Call != ""), len(m.Path) + len(m.Service), of(m.Method != ""), len(m.Headers), len(m.Query)}
}

// istio returns the alternatives that Istio knows a match by. A prefix of whole
// segments is two of them.
func (x matched) istio() part.List {
	var uris []part.Map
	m := x.match
	switch {
	case m.Call != "":
		uris = []part.Map{{"exact": "/" + m.Service + "/" + m.Call}}
	case m.Service != "":
		uris = []part.Map{{"prefix": "/" + m.Service + "/"}}
	case m.PathType == model.PathExact:
		uris = []part.Map{{"exact": m.Path}}
	case m.PathType == model.PathRegex:
		uris = []part.Map{{"regex": m.Path}}
	case m.Path == "" || m.Path == "/":
		uris = []part.Map{{"prefix": "/"}}
	default:
		p := strings.TrimSuffix(m.Path, "/")
		uris = []part.Map{{"exact": p}, {"prefix": p + "/"}}
	}
	var out part.List
	for _, uri := range uris {
		match := part.Map{"uri": uri, "headers": istioValues(m.Headers, strings.ToLower), "queryParams": istioValues(m.Query, strings.Clone)}
		if m.Method != "" {
			match["method"] = part.Map{"exact": m.Method}
		}
		out = append(out, part.Fields(match))
	}
	return out
}

// istioValues returns matches by name, in the form that Istio compares: header
// names in lower case, those of query parameters as callers write them.
func istioValues(list []model.ValueMatch, form func(string) string) part.Map {
	out := part.Map{}
	for _, v := range list {
		how := "exact"
		if v.Regex != nil && *v.Regex {
			how = "regex"
		}
		out[form(v.Name)] = part.Map{how: v.Value}
	}
	return out
}

// istioAttempts is how often Istio tries again where nobody says it.
const istioAttempts = 2

// istioRetries bounds each try at a backend. Istio has a place for that beside
// the number of further tries only, which stays what it is by default.
func istioRetries(rule model.RouteRule) part.Map {
	each := istioDuration(rule.BackendTimeout)
	if each == "" {
		return nil
	}
	return part.Map{"attempts": istioAttempts, "perTryTimeout": each}
}

// istioDuration returns a duration, and "" for one of zero: that is no limit in
// the Gateway API, and refused by Istio, which has none by default.
func istioDuration(text string) string {
	if d, err := time.ParseDuration(text); err == nil && d == 0 {
		return ""
	}
	return text
}

// istioRoute returns the destinations of a rule; a single one has no weight.
func (r *router) istioRoute(rule model.RouteRule) part.List {
	var out part.List
	list := r.destinations(rule)
	for _, d := range list {
		entry := part.Map{"destination": d.istio()}
		if len(list) > 1 {
			entry["weight"] = d.weight
		}
		out = append(out, entry)
	}
	return out
}

func (d destination) istio() part.Map {
	host := d.name
	if d.namespace != "" {
		host += "." + d.namespace + ".svc.cluster.local"
	}
	return part.Map{"host": host, "port": part.Map{"number": d.port}}
}

func (r *router) istioMirror(rule model.RouteRule) part.Map {
	if rule.Mirror == nil {
		return nil
	}
	if d, ok := r.destination(*rule.Mirror); ok {
		return d.istio()
	}
	return nil
}

func istioRedirect(x *model.Redirect) part.Map {
	if x == nil {
		return nil
	}
	return part.Fields(part.Map{"scheme": x.Scheme, "authority": x.Host, "uri": cmp.Or(x.Path, x.Prefix), "port": x.Port, "redirectCode": x.Status})
}

// rewrite returns what the backends are asked for. A prefix is replaced by a
// regular expression, since the match that it replaces has two forms.
func (x matched) rewrite() part.Map {
	w := x.rule.Rewrite
	if w == nil {
		return nil
	}
	out := part.Map{"authority": w.Host, "uri": w.Path}
	if w.Prefix != "" {
		from, to := strings.TrimSuffix(x.match.Path, "/"), strings.TrimSuffix(w.Prefix, "/")
		pattern, with := "^"+regexp.QuoteMeta(from)+"(/.*)?$", to+`\1`
		if to == "" {
			pattern, with = "^"+regexp.QuoteMeta(from)+"/?(.*)$", `/\1`
		}
		out["uriRegexRewrite"] = part.Map{"match": pattern, "rewrite": with}
	}
	return part.Fields(out)
}

func istioHeaders(rule model.RouteRule) part.Map {
	change := func(h *model.HeaderChange) part.Map {
		if h == nil {
			return nil
		}
		return part.Fields(part.Map{"set": h.Set, "add": h.Add, "remove": h.Remove})
	}
	return part.Fields(part.Map{"request": change(rule.RequestHeaders), "response": change(rule.ResponseHeaders)})
}

// Mesh makes what the service mesh does for an app: whether its pods demand
// mutual TLS, and how its Service is called.
func Mesh(t *view.Target, _ *view.View) ([]object.Object, error) {
	m := t.Spec.Mesh
	if m == nil || t.Spec.Kind == model.NoWorkload {
		return nil, nil
	}
	var out []object.Object
	add := func(apiVersion, kind string, spec part.Map) error {
		o, err := part.Custom(apiVersion, kind, part.Meta(t, t.App), spec)
		out = append(out, o)
		return err
	}
	if m.MTLS != "" {
		selector := part.Fields(part.Map{"matchLabels": view.Selector(t.App)})
		if err := add("security.istio.io/v1", "PeerAuthentication", part.Map{"selector": selector, "mtls": part.Map{"mode": m.MTLS}}); err != nil {
			return nil, err
		}
	}
	if policy := trafficPolicy(m); len(policy) > 0 {
		host := cmp.Or(view.PortsOf(&t.Spec).Main, t.App)
		if err := add(istioNetworking, "DestinationRule", part.Map{"host": host, "trafficPolicy": policy}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func trafficPolicy(m *model.Mesh) part.Map {
	policy := part.Map{
		"connectionPool": part.Fields(part.Map{
			"tcp":  part.Fields(part.Map{"maxConnections": m.MaxConnections, "connectTimeout": m.ConnectTimeout}),
			"http": part.Fields(part.Map{"http1MaxPendingRequests": m.MaxPendingRequests}),
		}),
		"loadBalancer": part.Fields(part.Map{"simple": m.LoadBalancer}),
	}
	if o := m.Outliers; o != nil {
		policy["outlierDetection"] = part.Fields(part.Map{"consecutive5xxErrors": o.Consecutive5xx, "interval": o.Interval,
			"baseEjectionTime": o.BaseEjectionTime, "maxEjectionPercent": o.MaxEjectionPercent})
	}
	return part.Fields(policy)
}

// istioGateway returns one of Istio's own gateways: a server for each host, and
// one that answers plain HTTP with the address of HTTPS.
func istioGateway(g view.GatewayBinding) part.Map {
	var servers part.List
	plain := part.List{}
	for _, l := range g.Listeners {
		plain = append(plain, l.Host)
		tls, protocol := part.Map{"mode": "PASSTHROUGH"}, "TLS"
		if !l.Passthrough {
			tls, protocol = part.Fields(part.Map{"mode": "SIMPLE", "credentialName": l.Secret}), "HTTPS"
		}
		servers = append(servers, part.Map{"name": l.Name, "hosts": part.List{l.Host}, "tls": tls,
			"port": part.Map{"number": 443, "name": l.Name, "protocol": protocol}})
	}
	http := part.Map{"name": "http", "hosts": plain, "port": part.Map{"number": 80, "name": "http", "protocol": "HTTP"}}
	if g.PlainHTTP == nil || !*g.PlainHTTP {
		http["tls"] = part.Map{"httpsRedirect": true}
	}
	return part.Fields(part.Map{"selector": g.Selector, "servers": append(part.List{http}, servers...)})
}
