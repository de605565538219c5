package routes

import (
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// What a rule of a route may ask for.
const (
	weights       = "weights"
	timeouts      = "timeouts"
	redirects     = "redirects"
	rewrites      = "rewrites"
	mirrors       = "mirrors"
	headerChanges = "header changes"
	byPath        = "path matches"
	byMethod      = "method matches"
	byHeader      = "header matches"
	byParameter   = "query parameter matches"
	byCall        = "gRPC service matches"
)

// asked returns what a rule asks for.
func asked(rule model.RouteRule) []string {
	matches := func(f func(model.RouteMatch) bool) bool { return slices.ContainsFunc(rule.Matches, f) }
	asks := map[string]bool{
		weights: len(rule.Backends) > 1, timeouts: rule.Timeout != "" || rule.BackendTimeout != "",
		redirects: rule.Redirect != nil, rewrites: rule.Rewrite != nil, mirrors: rule.Mirror != nil,
		headerChanges: rule.RequestHeaders != nil || rule.ResponseHeaders != nil,
		byPath:        matches(func(m model.RouteMatch) bool { return m.Path != "" }),
		byMethod:      matches(func(m model.RouteMatch) bool { return m.Method != "" }),
		byHeader:      matches(func(m model.RouteMatch) bool { return len(m.Headers) > 0 }),
		byParameter:   matches(func(m model.RouteMatch) bool { return len(m.Query) > 0 }),
		byCall:        matches(func(m model.RouteMatch) bool { return m.Service != "" || m.Call != "" }),
	}
	maps.DeleteFunc(asks, func(_ string, yes bool) bool { return !yes })
	return slices.Sorted(maps.Keys(asks))
}

// lacks holds what each kind of route has no field for.
var lacks = map[string][]string{
	"an Ingress":   {weights, timeouts, redirects, rewrites, mirrors, headerChanges, byMethod, byHeader, byParameter, byCall},
	"an HTTPRoute": {byCall},
	"a GRPCRoute":  {timeouts, redirects, rewrites, byPath, byMethod, byParameter},
	passedThrough:  {timeouts, redirects, rewrites, mirrors, headerChanges, byPath, byMethod, byHeader, byParameter, byCall},
}

// passedThrough is a route of connections that nobody decrypts on their way:
// of them, only the host is known.
const passedThrough = "a route of protocol TLS"

// kindNames are the kinds of the Gateway API's routes.
var kindNames = map[model.RouteProtocol]string{model.HTTP: "an HTTPRoute", model.GRPC: "a GRPCRoute", model.TLS: passedThrough}

// lack is what a rule asks for and is not there.
type lack struct {
	at   fieldpath.Path
	what string
}

// lacking returns what the rules of a route ask for, and its kind has no field
// for: it would be left out.
func lacking(kind string, r view.AppRoute) []lack {
	var out []lack
	for i, rule := range r.Route.Rules {
		for _, what := range asked(rule) {
			if slices.Contains(lacks[kind], what) {
				out = append(out, lack{r.Path().Field("rules").Index(i), what})
			}
		}
	}
	return out
}

// gatewayRoute checks a route of the Gateway API.
func (c fleetChecker) gatewayRoute(s view.Environment, r view.AppRoute) {
	kind := kindNames[r.Route.Protocol]
	for _, l := range lacking(kind, r) {
		c.Errorf("route-cannot", l.at, "remove it", "%s does not support %s", kind, l.what)
	}
	if r.Route.Protocol == model.TLS && !view.AtLeast(s.Platform.GatewayAPI, "1.5") {
		c.experimental(s, r)
	}
}

// ingress finds what an Ingress has no words for.
func (c fleetChecker) ingress(s view.Environment, r view.AppRoute) {
	if r.Route.Protocol != model.HTTP {
		c.Errorf("ingress-cannot", r.Path().Field("protocol"), "use a gateway, or remove it", "an Ingress does not support the protocol %s", r.Route.Protocol)
	}
	for _, l := range lacking("an Ingress", r) {
		c.Errorf("ingress-cannot", l.at, "use a gateway, or remove it", "an Ingress does not support %s", l.what)
	}
	_, ok, _ := s.Platform.IngressCertificate(&r.Route)
	if !ok && (r.Route.TLS == nil || r.Route.TLS.Secret == "") {
		c.Warnf("plain-http", r.Path(), "name an issuer, or a secret in tls", "the Ingress has no certificate in environment %s: requests over plain HTTP can be read and changed in transit", s.Model.Name)
	}
}

// istio finds what Istio does otherwise.
func (c fleetChecker) istio(r view.AppRoute) {
	if r.Route.Protocol == model.TLS {
		for _, l := range lacking(passedThrough, r) {
			c.Errorf("istio-cannot", l.at, "remove it", "%s does not support %s", passedThrough, l.what)
		}
	}
	for i, rule := range r.Route.Rules {
		if rule.Redirect != nil && rule.Redirect.Prefix != "" {
			c.Errorf("istio-cannot", r.Path().Field("rules").Index(i).Field("redirect"), "use path, or a gateway of the Gateway API",
				"an Istio redirect replaces the whole path, not a prefix")
		}
	}
}
