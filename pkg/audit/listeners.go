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
				a.errorf("incomplete-host", path.Field("wildcard"), "set environments["+s.Environment.Name+"].domain",
					"environment %s has no domain whose hosts the gateway could serve", s.Environment.Name)
			}
			if n := len(e.Listeners) + 1; n > maxListeners && e.Kind == model.GatewayAPI {
				a.errorf("too-many-listeners", path, "set wildcard, or spread the routes over several gateways",
					"in %s the gateway would have %d listeners, and %d are the most", s.Environment.Name, n, maxListeners)
			}
			if c := e.CertificateSecret; c != nil && e.Kind == model.IstioGateway && c.Namespace != "" && c.Namespace != e.CertificateNamespace() {
				a.errorf("istio-cannot", path.Field("certificateSecret"), "put the Secret beside the gateway's pods",
					"Istio's own gateway reads certificates in the namespace of its pods, %s, alone", e.CertificateNamespace())
			}
			for _, l := range e.Listeners {
				if !l.Passthrough && l.Secret == "" {
					a.errorf("listener-without-certificate", path, "name an issuer in the environment, or a certificateSecret",
						"in %s the gateway has no certificate for %s", s.Environment.Name, l.Host)
				}
			}
			if e.CertificateSecret == nil && e.CertificateNamespace() != e.Issuer.Namespace && e.Issuer.Kind == "Issuer" {
				a.errorf("issuer-out-of-reach", path.Field("issuer"), "use a ClusterIssuer: leave the issuer's namespace out",
					"issuer %s serves namespace %s alone, and the gateway's certificates lie in %s", e.Issuer.Model.Name, e.Issuer.Namespace, e.CertificateNamespace())
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
	for _, g := range a.fleet.Gateways {
		if !used[g.Name] {
			a.warnf("unused-gateway", fieldpath.Path("gateways").Key(g.Name), "attach a route to it, or remove it",
				"no route is attached to the gateway: it would let nobody in, and is not written")
		}
	}
}
