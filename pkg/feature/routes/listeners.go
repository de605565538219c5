package routes

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// maxListeners is how many listeners a Gateway may have, that for plain HTTP
// among them.
const maxListeners = 64

// listeners checks the gateways that are ours.
func (c fleetChecker) listeners() {
	for _, s := range c.sites {
		for _, e := range s.GatewayBindings() {
			path := fieldpath.Path("gateways").Key(e.Name)
			if !e.Managed() {
				continue
			}
			if e.IsWildcard() && s.Platform.Domain == "" {
				c.Errorf("incomplete-host", path.Field("wildcard"), "set environments["+s.Model.Name+"].domain",
					"environment %s has no domain for the wildcard of the gateway", s.Model.Name)
			}
			if n := len(e.Listeners) + 1; n > maxListeners && e.Kind == model.GatewayAPI {
				c.Errorf("too-many-listeners", path, "set wildcard, or distribute the routes over several gateways",
					"in environment %s, the gateway would have %d listeners, more than the limit of %d", s.Model.Name, n, maxListeners)
			}
			if secret := e.CertificateSecret; secret != nil && e.Kind == model.IstioGateway && secret.Namespace != "" && secret.Namespace != e.CertificateNamespace() {
				c.Errorf("istio-cannot", path.Field("certificateSecret"), "put the Secret into the namespace of the gateway's pods",
					"an Istio Gateway reads certificates only in the namespace of its pods, %s", e.CertificateNamespace())
			}
			for _, l := range e.Listeners {
				if !l.Passthrough && l.Secret == "" {
					c.Errorf("listener-without-certificate", path, "set an issuer in the environment, or certificateSecret",
						"in environment %s, the gateway has no certificate for %s", s.Model.Name, l.Host)
				}
			}
		}
	}
}

// gatewaysUsed finds gateways that no route is attached to.
func (c fleetChecker) gatewaysUsed() {
	used := map[string]bool{}
	for _, s := range c.sites {
		for _, r := range s.Routes {
			used[r.Route.Gateway] = true
		}
	}
	for _, g := range c.Fleet.Gateways {
		if !used[g.Name] {
			c.Warnf("unused-gateway", fieldpath.Path("gateways").Key(g.Name), "attach a route to it, or remove it",
				"no route is attached to the gateway, so it is not written")
		}
	}
}
