package routes

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checker checks routes and gateways, in a layer, a target and the fleet as it was
// written.
type checker struct{ *feature.Report }

// checkModel checks the fleet's gateways, and where they are chosen.
func checkModel(r *feature.Report) {
	c := checker{r}
	c.gateways()
	c.attachments()
}

// gateways checks the fleet's gateways.
func (c checker) gateways() {
	seen := map[string]bool{}
	for _, g := range c.Fleet.Gateways {
		at := fieldpath.Path("gateways").Key(g.Name)
		c.Label(at.Field("name"), g.Name, 63)
		c.Unique(seen, at, g.Name)
		switch g.Kind {
		case "", model.GatewayAPI, model.IstioGateway:
		default:
			c.Errorf("invalid-value", at.Field("kind"), "use Gateway or IstioGateway", "%q is not a known kind of gateway", g.Kind)
		}
		managed := g.Manage == nil || *g.Manage
		if managed && g.Class == "" && g.Kind != model.IstioGateway {
			c.Errorf("missing-value", at.Field("class"), "set its GatewayClass in class, or set manage: false", "the gateway has no class, so no controller would serve it")
		}
		c.gatewayPods(at.Field("pods"), g.Pods)
		if feature.IsTrue(g.PlainHTTP) {
			c.Warnf("plain-http", at.Field("plainHTTP"), "remove it: HTTP is then redirected to HTTPS", "requests over plain HTTP can be read and changed in transit")
		}
		if feature.IsTrue(g.Wildcard) && g.CertificateSecret != nil {
			continue // whose certificate it is says what it covers
		}
		c.NamespacePattern(at.Field("namespace"), g.Namespace)
		c.sharedGateway(at, g, managed)
	}
}

// attachments checks what environments and clusters attach routes to, and issuers
// the answers of HTTP-01.
func (c checker) attachments() {
	for _, i := range c.Fleet.Issuers {
		if i.ACME == nil {
			continue
		}
		for j, s := range i.ACME.Solvers {
			if h := s.HTTP01; h != nil {
				c.attachment(fieldpath.Path("issuers").Key(i.Name).Field("acme").Field("solvers").Index(j).Field("http01"), h.Gateway, h.IngressClass)
			}
		}
	}
	for _, e := range c.Fleet.Environments {
		at := fieldpath.Path("environments").Key(e.Name)
		c.attachment(at, e.Gateway, e.IngressClass)
		if e.Domain != "" && len(validation.IsDNS1123Subdomain(e.Domain)) > 0 {
			c.Errorf("invalid-host", at.Field("domain"), "write it as shop.example.com", "%q is not a valid domain", e.Domain)
		}
	}
	for _, cl := range c.Fleet.Clusters {
		at := fieldpath.Path("clusters").Key(cl.Name)
		c.attachment(at, cl.Gateway, cl.IngressClass)
	}
}

// gatewayPods checks what selects a gateway's pods, in which {env} is replaced.
func (c checker) gatewayPods(at fieldpath.Path, p *model.Pods) {
	if p == nil {
		return
	}
	c.NamespacePattern(at.Field("namespace"), p.Namespace)
	for _, k := range feature.SortedKeys(p.Labels) {
		if v := p.Labels[k]; len(validation.IsValidLabelValue(strings.ReplaceAll(v, "{env}", "x"))) > 0 {
			c.Errorf("invalid-value", at.Field("labels").Key(k), "use letters, digits, dashes, dots and {env}", "%q does not produce a valid label value", v)
		}
	}
}

// attachment checks what routes are attached to.
func (c checker) attachment(at fieldpath.Path, gateway, class string) {
	c.ExactlyOne(at, "at most one", map[string]bool{"gateway": gateway != "", "ingressClass": class != ""}, 0)
	if gateway != "" {
		c.Known("unknown-gateway", "gateway", at.Field("gateway"), gateway, gatewayNames(c.Fleet))
	}
	if class == "nginx" {
		c.Warnf("retired-ingress", at.Field("ingressClass"), "move to a gateway, or to another controller", "nginx is usually the class of ingress-nginx, which is retired and gets no fixes")
	}
}

// sharedGateway finds environments that would write one Gateway between them.
func (c checker) sharedGateway(at fieldpath.Path, g model.Gateway, managed bool) {
	if !managed || g.Namespace == "" || strings.Contains(g.Namespace, "{env}") {
		return
	}
	for _, a := range c.Fleet.Environments {
		for _, b := range c.Fleet.Environments {
			if a.Name < b.Name && shareCluster(a, b) {
				c.Errorf("shared-gateway", at.Field("namespace"), "add {env} to the namespace, or set manage: false",
					"environments %s and %s share a cluster and would both write the gateway", a.Name, b.Name)
				return
			}
		}
	}
}

func gatewayNames(f *model.Fleet) (out []string) {
	for _, x := range f.Gateways {
		out = append(out, x.Name)
	}
	return out
}

// shareCluster reports whether two environments have a cluster in common.
func shareCluster(a, b model.Environment) bool {
	return slices.ContainsFunc(a.Clusters, func(name string) bool { return slices.Contains(b.Clusters, name) })
}
