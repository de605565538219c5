package resolve

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// deriveRoutes completes routes from the environment. In the base, where there
// is none, routes stay as they are.
func deriveRoutes(d *derivation) {
	for i := range d.spec.Outside {
		for j := range d.spec.Outside[i].Ports {
			fill.Zero(&d.spec.Outside[i].Ports[j].Protocol, corev1.ProtocolTCP)
		}
	}
	service := mainService(d)
	for i := range d.spec.Routes {
		completeRoute(d.app, i, &d.spec.Routes[i], d.platform)
		if p, ok := service.Port(nil); ok {
			fill.Zero(&d.spec.Routes[i].Port, p.Name)
		}
	}
}

// completeRoute completes the i-th route of an app, all but its port. The host
// stays as it was written: it names the route.
func completeRoute(app string, i int, r *model.Route, a *view.Platform) {
	name := app
	if label, _, _ := strings.Cut(strings.TrimPrefix(r.Host, "*."), "."); i > 0 && label != "" {
		name = app + "-" + label
	}
	fill.Zero(&r.Name, name)
	fill.Zero(&r.Protocol, model.HTTP)
	if a == nil {
		return
	}
	for j, alias := range r.Aliases {
		r.Aliases[j] = a.Host(alias)
	}
	if r.Gateway == "" && r.IngressClass == "" {
		r.Gateway, r.IngressClass = a.Gateway, a.IngressClass
	}
}

// mainService returns the app's main Service; it has no name where there is none.
func mainService(d *derivation) view.Service {
	ports := view.PortsOf(d.spec)
	s, _ := ports.Service(ports.Main)
	return s
}

func deriveRouteRules(d *derivation) {
	service := mainService(d)
	for i := range d.spec.Routes {
		r := &d.spec.Routes[i]
		if len(r.Rules) == 0 {
			r.Rules = []model.RouteRule{{}}
		}
		for j := range r.Rules {
			completeRule(d.app, service, r, &r.Rules[j])
		}
	}
}

func completeRule(app string, service view.Service, r *model.Route, rule *model.RouteRule) {
	if rule.Redirect == nil && len(rule.Backends) == 0 {
		rule.Backends = []model.Backend{{}}
	}
	complete := func(b *model.Backend) {
		if b.Service == "" {
			fill.Zero(&b.App, app)
		}
		fill.Nil(&b.Weight, 1)
		i := slices.IndexFunc(service.Ports, func(p view.Port) bool { return p.Name == r.Port })
		if b.App == app && i >= 0 {
			fill.Nil(&b.Port, service.Ports[i].Number)
		}
	}
	for k := range rule.Backends {
		complete(&rule.Backends[k])
	}
	if rule.Mirror != nil {
		complete(rule.Mirror)
	}
	if rule.Redirect != nil {
		fill.Nil(&rule.Redirect.Status, 302)
	}
	if r.Protocol != model.HTTP {
		return
	}
	if len(rule.Matches) == 0 {
		rule.Matches = []model.RouteMatch{{}}
	}
	for k := range rule.Matches {
		fill.Zero(&rule.Matches[k].Path, "/")
		fill.Zero(&rule.Matches[k].PathType, model.PathPrefix)
	}
}

// deriveCertificates completes declared certificates.
func deriveCertificates(d *derivation) {
	for i := range d.spec.Certificates {
		c := &d.spec.Certificates[i]
		fill.Zero(&c.Secret, d.app+"-"+c.Name)
		if d.platform != nil {
			fill.Zero(&c.Issuer, d.platform.Issuer)
		}
		issuer, _ := d.platform.IssuerNamed(c.Issuer)
		for j, n := range c.DNSNames {
			if issuer.Public() { // within a cluster, names without a dot are whole
				c.DNSNames[j] = d.platform.Host(n)
			}
		}
		view.CompleteCertificate(c, issuer)
	}
}

func deriveDNS(d *derivation) {
	for i := range d.spec.DNS {
		r := &d.spec.DNS[i]
		fill.Zero(&r.Type, "CNAME")
		if d.platform != nil {
			r.Host = d.platform.Host(r.Host)
		}
	}
}

func deriveMesh(d *derivation) {
	if d.spec.Mesh != nil {
		fill.Zero(&d.spec.Mesh.Mode, model.Sidecar)
	}
}
