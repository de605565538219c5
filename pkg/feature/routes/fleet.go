package routes

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// fleetChecker checks what all targets show together.
type fleetChecker struct {
	*feature.Report
	fleet view.Fleet
	sites []view.Environment
}

// checkFleet checks what routes are attached to and whom they call, and that no two
// of them serve the same.
func checkFleet(r *feature.Report, f view.Fleet) {
	c := fleetChecker{r, f, view.Environments(f)}
	c.attachments()
	c.conflicts()
	c.listeners()
	c.gatewaysUsed()
	c.references()
}

// attachments checks that each route is attached to something that can serve it.
func (c fleetChecker) attachments() {
	for _, s := range c.sites {
		for _, r := range s.Routes {
			for _, host := range r.Hosts {
				if !strings.Contains(strings.TrimPrefix(host, "*."), ".") {
					c.Errorf("incomplete-host", r.Path(), "set environments["+s.Model.Name+"].domain, or write the full host",
						"environment %s has no domain to complete %s with", s.Model.Name, host)
				}
			}
			g, ok := s.Platform.GatewayNamed(r.Route.Gateway)
			switch {
			case r.Route.IngressClass != "":
				c.ingress(s, r)
			case !ok:
				c.Errorf("unattached-route", r.Path(), "set a gateway or an ingress class in the environment",
					"environment %s has neither a gateway nor an ingress class for the route", s.Model.Name)
			case g.Kind == model.IstioGateway:
				c.istio(r)
			default:
				c.gatewayRoute(s, r)
			}
			c.backends(s, r)
		}
	}
}

// experimental reports a TLSRoute in an environment with a Gateway API in which
// it is experimental. No version of it is served before 1.5 and since.
func (c fleetChecker) experimental(s view.Environment, r view.AppRoute) {
	for _, cluster := range s.Clusters {
		if view.AtLeast(cluster.Operators.GatewayAPI, "1.5") {
			c.Errorf("mixed-gateway-api", r.Path(), "upgrade the older clusters, or move them into a separate environment",
				"cluster %s does not serve the same versions of TLSRoute as Gateway API %s, which another cluster of environment %s has", cluster.Name, s.Platform.GatewayAPI, s.Model.Name)
			return
		}
	}
	c.Warnf("experimental-route", r.Path(), "install the experimental channel or Gateway API 1.5",
		"environment %s has Gateway API %s, in which TLSRoute is experimental", s.Model.Name, s.Platform.GatewayAPI)
}

// backends checks that the apps that a route calls run beside it.
func (c fleetChecker) backends(s view.Environment, r view.AppRoute) {
	for i, rule := range r.Route.Rules {
		absent := 0
		for j, b := range view.Backends(rule) {
			if b.App == "" {
				continue
			}
			below := view.BackendPath(r.Path().Field("rules").Index(i), rule, j)
			peer, ok := c.fleet.View().App(b.App, s.Scope)
			const fix = "let it run there, or change the route in that environment"
			switch {
			case !ok && j == len(rule.Backends):
				c.Warnf("absent-backend", below, fix, "app %s does not run in %s, so no app receives the mirrored requests", b.App, s.Model.Name)
			case !ok && absent+1 == len(rule.Backends):
				c.Errorf("absent-backend", below, fix, "app %s does not run in %s, and the rule has no other backend", b.App, s.Model.Name)
			case !ok:
				absent++
				c.Warnf("absent-backend", below, fix, "app %s does not run in %s, so the other backends receive its share of the requests", b.App, s.Model.Name)
			case peer.Namespace != r.Namespace && r.Route.IngressClass != "":
				c.Errorf("ingress-cannot", below, "use a gateway, or an app of the same namespace",
					"an Ingress cannot route to an app in another namespace, and %s runs in namespace %s", b.App, peer.Namespace)
			case b.App != r.App:
				c.backendPort(below, peer, b)
			}
		}
	}
}

// backendPort checks that another app has the port that a route calls. What a
// route calls of its own app is checked with that.
func (c fleetChecker) backendPort(at fieldpath.Path, peer view.Peer, b model.Backend) {
	service, ok := peer.Ports.Service(peer.Ports.Main)
	_, has := service.Port(b.Port)
	switch {
	case !ok || len(service.Ports) == 0:
		c.Errorf("route-without-port", at, "add a port to the app, or enable its Service", "app %s has no Service", b.App)
	case !has:
		c.Errorf("unknown-port", at.Field("port"), "use one of "+view.ListPorts(service.Ports), "the Service %s of app %s has no port %d", service.Name, b.App, *b.Port)
	}
}

// claim is who serves some calls on a cluster.
type claim struct {
	site  view.Environment
	route view.AppRoute
}

// conflicts finds calls that two routes of a cluster both claim, over all
// environments there.
func (c fleetChecker) conflicts() {
	claims, passed := map[string]claim{}, map[string]claim{}
	for _, s := range c.sites {
		for _, r := range append(slices.Clone(s.Routes), wholeRoutes(s)...) {
			for _, host := range r.Hosts {
				if other, ok := passed[s.Cluster+" "+host]; ok && (other.route.Route.Protocol == model.TLS) != (r.Route.Protocol == model.TLS) {
					c.conflict("passthrough-conflict", s, r, other, "the host "+host+", whose connections only one of the routes decrypts,")
				}
				passed[s.Cluster+" "+host] = claim{s, r}
				for _, calls := range claimed(r.Route) {
					key := s.Cluster + " " + host + calls
					if other, ok := claims[key]; ok {
						c.conflict("host-conflict", s, r, other, strings.TrimSpace(host+strings.TrimSuffix(calls, " ")))
						continue
					}
					claims[key] = claim{s, r}
				}
			}
		}
	}
}

func (c fleetChecker) conflict(rule string, s view.Environment, r view.AppRoute, other claim, what string) {
	who := "app " + other.route.App
	if other.site.Model.Name != s.Model.Name {
		who += " of environment " + other.site.Model.Name
	}
	c.Errorf(rule, r.Path(), "change the host or the path of one of them",
		"on cluster %s, %s is already served by %s, at %s", s.Cluster, what, who, other.route.Path())
}

// claimed returns a text for each kind of calls that a route claims.
func claimed(r model.Route) []string {
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
	byName := func(a, b model.ValueMatch) int { return strings.Compare(form(a.Name), form(b.Name)) }
	for _, v := range slices.SortedFunc(slices.Values(list), byName) {
		sign := "="
		if v.Regex != nil && *v.Regex {
			sign = "~"
		}
		out.WriteString(" with " + what + " " + form(v.Name) + sign + v.Value)
	}
	return out.String()
}
