package audit

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// sites returns every cluster of every environment, as the platform sees it, by
// the names of environments and clusters.
func (a *auditor) sites() []view.Site {
	if a.all != nil {
		return a.all
	}
	a.all = []view.Site{}
	for _, e := range sortedBy(a.Fleet.Environments, func(e model.Environment) string { return e.Name }) {
		for _, cluster := range slices.Compact(slices.Sorted(slices.Values(e.Clusters))) {
			a.all = append(a.all, a.resolver.Site(view.Scope{Environment: e.Name, Cluster: cluster}))
		}
	}
	return a.all
}

func sortedBy[T any](list []T, key func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int { return strings.Compare(key(a), key(b)) })
}

// attachments checks that each route is attached to something that can serve it.
func (a *auditor) attachments() {
	for _, s := range a.sites() {
		for _, r := range s.Routes {
			for _, host := range r.Hosts {
				if !strings.Contains(strings.TrimPrefix(host, "*."), ".") {
					a.Errorf("incomplete-host", r.Path(), "set environments["+s.Environment.Name+"].domain, or write the full host",
						"environment %s has no domain to complete %s with", s.Environment.Name, host)
				}
			}
			g, ok := s.Platform.GatewayNamed(r.Route.Gateway)
			switch {
			case r.Route.IngressClass != "":
				a.ingress(s, r)
			case !ok:
				a.Errorf("unattached-route", r.Path(), "set a gateway or an ingress class in the environment",
					"environment %s has neither a gateway nor an ingress class for the route", s.Environment.Name)
			case g.Kind == model.IstioGateway:
				a.istio(r)
			default:
				a.gatewayRoute(s, r)
			}
			a.backends(s, r)
		}
	}
}

// experimental reports a TLSRoute in an environment with a Gateway API in which
// it is experimental. No version of it is served before 1.5 and since.
func (a *auditor) experimental(s view.Site, r view.AppRoute) {
	for _, c := range s.Clusters {
		if view.AtLeast(c.Operators.GatewayAPI, "1.5") {
			a.Errorf("mixed-gateway-api", r.Path(), "upgrade the older clusters, or move them into a separate environment",
				"cluster %s does not serve the same versions of TLSRoute as Gateway API %s, which another cluster of environment %s has", c.Name, s.Platform.GatewayAPI, s.Environment.Name)
			return
		}
	}
	a.Warnf("experimental-route", r.Path(), "install the experimental channel or Gateway API 1.5",
		"environment %s has Gateway API %s, in which TLSRoute is experimental", s.Environment.Name, s.Platform.GatewayAPI)
}

// backends checks that the apps that a route calls run beside it.
func (a *auditor) backends(s view.Site, r view.AppRoute) {
	for i, rule := range r.Route.Rules {
		absent := 0
		for j, b := range view.Backends(rule) {
			if b.App == "" {
				continue
			}
			below := view.BackendPath(r.Path().Field("rules").Index(i), rule, j)
			peer, ok := a.resolver.View().App(b.App, s.Scope)
			const fix = "let it run there, or change the route in that environment"
			switch {
			case !ok && j == len(rule.Backends):
				a.Warnf("absent-backend", below, fix, "app %s does not run in %s, so no app receives the mirrored requests", b.App, s.Environment.Name)
			case !ok && absent+1 == len(rule.Backends):
				a.Errorf("absent-backend", below, fix, "app %s does not run in %s, and the rule has no other backend", b.App, s.Environment.Name)
			case !ok:
				absent++
				a.Warnf("absent-backend", below, fix, "app %s does not run in %s, so the other backends receive its share of the requests", b.App, s.Environment.Name)
			case peer.Namespace != r.Namespace && r.Route.IngressClass != "":
				a.Errorf("ingress-cannot", below, "use a gateway, or an app of the same namespace",
					"an Ingress cannot route to an app in another namespace, and %s runs in namespace %s", b.App, peer.Namespace)
			case b.App != r.App:
				a.backendPort(below, peer, b)
			}
		}
	}
}

// backendPort checks that another app has the port that a route calls. What a
// route calls of its own app is checked with that.
func (a *auditor) backendPort(at fieldpath.Path, peer view.Peer, b model.Backend) {
	service, ok := peer.Ports.Service(peer.Ports.Main)
	_, has := service.Port(b.Port)
	switch {
	case !ok || len(service.Ports) == 0:
		a.Errorf("route-without-port", at, "add a port to the app, or enable its Service", "app %s has no Service", b.App)
	case !has:
		a.Errorf("unknown-port", at.Field("port"), "use one of "+view.ListPorts(service.Ports), "the Service %s of app %s has no port %d", service.Name, b.App, *b.Port)
	}
}

// claim is who serves some calls on a cluster.
type claim struct {
	site  view.Site
	route view.AppRoute
}

// conflicts finds calls that two routes of a cluster both claim, over all
// environments there.
func (a *auditor) conflicts() {
	claims, passed := map[string]claim{}, map[string]claim{}
	for _, s := range a.sites() {
		for _, r := range append(slices.Clone(s.Routes), wholeRoutes(s)...) {
			for _, host := range r.Hosts {
				if other, ok := passed[s.Cluster+" "+host]; ok && (other.route.Route.Protocol == model.TLS) != (r.Route.Protocol == model.TLS) {
					a.conflict("passthrough-conflict", s, r, other, "the host "+host+", whose connections only one of the routes decrypts,")
				}
				passed[s.Cluster+" "+host] = claim{s, r}
				for _, calls := range matched(r.Route) {
					key := s.Cluster + " " + host + calls
					if other, ok := claims[key]; ok {
						a.conflict("host-conflict", s, r, other, strings.TrimSpace(host+strings.TrimSuffix(calls, " ")))
						continue
					}
					claims[key] = claim{s, r}
				}
			}
		}
	}
}

func (a *auditor) conflict(rule string, s view.Site, r view.AppRoute, other claim, what string) {
	who := "app " + other.route.App
	if other.site.Environment.Name != s.Environment.Name {
		who += " of environment " + other.site.Environment.Name
	}
	a.Errorf(rule, r.Path(), "change the host or the path of one of them",
		"on cluster %s, %s is already served by %s, at %s", s.Cluster, what, who, other.route.Path())
}

// matched returns a text for each kind of calls that a route claims.
func matched(r model.Route) []string {
	var out []string
	for _, rule := range r.Rules {
		for _, m := range rule.Matches {
			text := m.Path
			switch {
			case m.PathType == model.PathExact:
				text = " exactly " + m.Path
			case m.PathType == model.PathRegex:
				text = " like " + m.Path
			case m.Service != "":
				text = "/" + m.Service + "/" + m.Call
			case text != "/":
				text = strings.TrimSuffix(text, "/")
			}
			if m.Method != "" {
				text += " by " + m.Method
			}
			out = append(out, text+compared("header", m.Headers, strings.ToLower)+compared("parameter", m.Query, strings.Clone))
		}
		if len(rule.Matches) == 0 {
			out = append(out, "/")
		}
	}
	return out
}

// compared returns a text for values that have to be found under names, whose
// form says which of them are one.
func compared(what string, list []model.ValueMatch, form func(string) string) string {
	var out strings.Builder
	for _, v := range sortedBy(list, func(v model.ValueMatch) string { return form(v.Name) }) {
		sign := "="
		if v.Regex != nil && *v.Regex {
			sign = "~"
		}
		out.WriteString(" with " + what + " " + form(v.Name) + sign + v.Value)
	}
	return out.String()
}
