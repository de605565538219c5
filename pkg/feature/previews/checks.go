package previews

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker checks the previews of pull requests.
type checker struct {
	*feature.Report
	fleet view.Fleet
}

// checkFleet checks the previews of all apps.
func checkFleet(r *feature.Report, f view.Fleet) {
	c := checker{r, f}
	c.previews()
}

// previews checks that previews work, and take nothing from the environment that
// they are like.
func (c *checker) previews() {
	claimed := map[string]string{}
	for _, s := range view.Environments(c.fleet) {
		for _, app := range s.Previews {
			if s.Production {
				c.Warnf("preview-production", fieldpath.Path("apps").Key(app), "choose an environment that is not production",
					"previews of app %s run unreviewed changes with the Secrets of environment %s", app, s.Model.Name)
			}
		}
		for _, r := range s.Routes {
			if slices.Contains(s.Previews, r.App) {
				c.previewHosts(s, r)
			}
		}
		for _, r := range s.PreviewRoutes {
			c.previewRoute(s, r)
			for _, host := range r.Hosts {
				if other := claimed[host]; other != "" && other != r.App {
					c.Errorf("preview-host", r.Path(), "change the first label of the host, or the domain of the previews of one app",
						"the previews of the apps %s and %s would both have the host %s", other, r.App, host)
				}
				claimed[host] = r.App
			}
		}
	}
}

// previewHosts checks that a route of the environment can have a host of its own
// in each preview.
func (c *checker) previewHosts(s view.Environment, r view.AppRoute) {
	domain := c.fleet.PreviewDomain(r.App)
	if domain == "" {
		c.Errorf("preview-host", r.Path(), "set previews.domain, or environments["+s.Model.Name+"].domain",
			"the previews of app %s have no domain for their hosts", r.App)
		return
	}
	for _, e := range c.Fleet.Environments {
		if e.Domain == domain {
			c.Errorf("preview-host", r.Path(), "set previews.domain to a separate domain, such as previews."+domain,
				"previews below %s could take over hosts of environment %s", domain, e.Name)
		}
	}
	for _, host := range r.Hosts {
		if strings.HasPrefix(host, "*.") {
			c.Errorf("preview-host", r.Path(), "remove the wildcard, or the app's previews",
				"a preview has only hosts directly below %s and cannot serve %s", domain, host)
		}
	}
}

// previewRoute checks that the route of a preview reaches its backends, and is
// reached.
func (c *checker) previewRoute(s view.Environment, r view.AppRoute) {
	for _, host := range r.Hosts {
		label, _, _ := strings.Cut(host, ".")
		if n := len(label) + len(view.LongExample) - len(view.Example); n > 63 {
			c.Errorf("preview-name", r.Path(), "shorten the first label of the host, or the name of the app",
				"the first label of %s would have up to %d characters, more than the 63 that DNS allows", host, n)
		}
	}
	g, ok := s.Platform.GatewayNamed(r.Route.Gateway)
	if ok && !g.Managed() {
		c.Warnf("preview-listener", r.Path(), "configure a listener of it to serve *."+c.fleet.PreviewDomain(r.App)+" and to allow the namespaces with the label "+view.PreviewLabel,
			"the gateway %s is unmanaged and has to allow the previews of app %s", g.Name, r.App)
	}
	for _, app := range r.Callees() {
		if app != r.App && (!ok || g.Kind != model.IstioGateway) {
			c.Errorf("preview-backend", r.Path(), "give app "+app+" its own route, or remove the previews",
				"the previews of app %s cannot route requests to app %s: it runs in another namespace, and neither a ReferenceGrant nor an Ingress can refer to the namespaces of previews", r.App, app)
		}
	}
}
