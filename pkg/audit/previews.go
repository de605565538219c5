package audit

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// previews checks that previews work, and take nothing from the environment that
// they are like.
func (a *auditor) previews() {
	claimed := map[string]string{}
	for _, s := range a.sites() {
		for _, app := range s.Previews {
			if s.Production {
				a.warnf("preview-production", fieldpath.Path("apps").Key(app), "choose an environment that is not production",
					"previews of app %s run changes that nobody has reviewed with the Secrets of %s", app, s.Environment.Name)
			}
		}
		for _, r := range s.Routes {
			if slices.Contains(s.Previews, r.App) {
				a.previewHosts(s, r)
			}
		}
		for _, r := range s.PreviewRoutes {
			a.previewRoute(s, r)
			for _, host := range r.Hosts {
				if other := claimed[host]; other != "" && other != r.App {
					a.errorf("preview-host", at(r), "give the host another first label, or the previews of one app another domain",
						"the previews of the apps %s and %s would both have the host %s", other, r.App, host)
				}
				claimed[host] = r.App
			}
		}
	}
}

// previewHosts checks that a route of the environment can have a host of its own
// in each preview.
func (a *auditor) previewHosts(s view.Site, r view.AppRoute) {
	domain := a.resolver.PreviewDomain(r.App)
	if domain == "" {
		a.errorf("preview-host", at(r), "set previews.domain, or environments["+s.Environment.Name+"].domain",
			"there is no domain for the hosts of the previews of app %s", r.App)
		return
	}
	for _, e := range a.fleet.Environments {
		if e.Domain == domain {
			a.errorf("preview-host", at(r), "set previews.domain to a domain of their own, such as previews."+domain,
				"previews below %s could take hosts of the environment %s", domain, e.Name)
		}
	}
	for _, host := range r.Hosts {
		if strings.HasPrefix(host, "*.") {
			a.errorf("preview-host", at(r), "remove the wildcard, or the app's previews",
				"a preview has single hosts directly below %s, and cannot serve %s", domain, host)
		}
	}
}

// previewRoute checks that the route of a preview reaches its backends, and is
// reached.
func (a *auditor) previewRoute(s view.Site, r view.AppRoute) {
	for _, host := range r.Hosts {
		label, _, _ := strings.Cut(host, ".")
		if n := len(label) + len(view.LongExample) - len(view.Example); n > 63 {
			a.errorf("preview-name", at(r), "shorten the first label of the host, or the name of the app",
				"the first label of %s would have up to %d characters, and DNS allows 63", host, n)
		}
	}
	g, ok := s.Platform.GatewayNamed(r.Route.Gateway)
	if ok && !g.Managed() {
		a.warnf("preview-listener", at(r), "let a listener of it serve *."+a.resolver.PreviewDomain(r.App)+" and the namespaces with the label "+view.PreviewLabel,
			"the gateway %s is managed by others, and has to let the previews of app %s in", g.Name, r.App)
	}
	for _, app := range r.Callees() {
		if app != r.App && (!ok || g.Kind != model.IstioGateway) {
			a.errorf("preview-backend", at(r), "give app "+app+" a route of its own, or remove the previews",
				"the previews of app %s cannot route calls to app %s in another namespace, whose name no ReferenceGrant and no Ingress can know", r.App, app)
		}
	}
}
