package audit

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// maxListeners is how many listeners a Gateway may have, that for plain HTTP
// among them.
const maxListeners = 64

// listeners checks the gateways that are ours.
func (a *auditor) listeners() {
	for _, s := range a.sites() {
		for _, e := range s.GatewayBindings() {
			path := fieldpath.Path("gateways").Key(e.Name)
			if !e.Managed() {
				continue
			}
			if e.IsWildcard() && s.Platform.Domain == "" {
				a.Errorf("incomplete-host", path.Field("wildcard"), "set environments["+s.Environment.Name+"].domain",
					"environment %s has no domain for the wildcard of the gateway", s.Environment.Name)
			}
			if n := len(e.Listeners) + 1; n > maxListeners && e.Kind == model.GatewayAPI {
				a.Errorf("too-many-listeners", path, "set wildcard, or distribute the routes over several gateways",
					"in environment %s, the gateway would have %d listeners, more than the limit of %d", s.Environment.Name, n, maxListeners)
			}
			if c := e.CertificateSecret; c != nil && e.Kind == model.IstioGateway && c.Namespace != "" && c.Namespace != e.CertificateNamespace() {
				a.Errorf("istio-cannot", path.Field("certificateSecret"), "put the Secret into the namespace of the gateway's pods",
					"an Istio Gateway reads certificates only in the namespace of its pods, %s", e.CertificateNamespace())
			}
			for _, l := range e.Listeners {
				if !l.Passthrough && l.Secret == "" {
					a.Errorf("listener-without-certificate", path, "set an issuer in the environment, or certificateSecret",
						"in environment %s, the gateway has no certificate for %s", s.Environment.Name, l.Host)
				}
			}
		}
	}
}

// gatewaysUsed finds gateways that no route is attached to.
func (a *auditor) gatewaysUsed() {
	used := map[string]bool{}
	for _, s := range a.sites() {
		for _, r := range s.Routes {
			used[r.Route.Gateway] = true
		}
	}
	for _, g := range a.Fleet.Gateways {
		if !used[g.Name] {
			a.Warnf("unused-gateway", fieldpath.Path("gateways").Key(g.Name), "attach a route to it, or remove it",
				"no route is attached to the gateway, so it is not written")
		}
	}
}
