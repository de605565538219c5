package view

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/blang/semver/v4"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Platform is what the platform offers to the apps of a scope. It is shared and
// must not be changed. A scope without a cluster sees what its first cluster, by
// name, offers.
type Platform struct {
	// Environment is the environment's name, and Domain its domain.
	Environment, Domain string
	// Production tells that people depend on the environment.
	Production bool
	// PodSecurity is the level of namespaces whose apps want no other.
	PodSecurity model.PodSecurityLevel
	// Gateway and IngressClass are what routes are attached to that do not say it;
	// at most one of them is set.
	Gateway, IngressClass string
	// Issuer names the issuer of certificates that do not say it, or is "".
	Issuer string
	// Gateways and Issuers are those of the fleet, as the environment has them.
	Gateways []Gateway
	Issuers  []Issuer
	// ExternalDNS are the prefixes of ExternalDNS's annotations, each with a slash.
	ExternalDNS []string
	// GatewayAPI is the lowest version of the Gateway API on the environment's
	// clusters, which share the versions of their objects; "" for the newest.
	GatewayAPI string
	// IngressController and Monitoring are pods that may call the apps.
	IngressController *model.Pods
	Monitoring        model.Pods
	// APIServerCIDRs are the addresses of the API server; none for any.
	APIServerCIDRs []string
	// Istiod are the pods of the mesh's control plane.
	Istiod model.Pods
	// ManagesNamespaces reports whether gitopsgen manages the environment's
	// namespaces.
	ManagesNamespaces bool
	// DefaultDeny reports whether those namespaces deny all traffic that no network
	// policy allows.
	DefaultDeny bool
	// Stores are the SecretStores of the fleet, SecretStore names the environment's
	// own, and SecretPath is its rule for where values lie; both may be "".
	Stores                  []model.SecretStore
	SecretStore, SecretPath string
	// ExternalSecrets is the lowest version of the External Secrets Operator on the
	// environment's clusters; "" for the newest.
	ExternalSecrets string
	// DNS is where pods look up names, with nothing left to fill in.
	DNS model.ClusterDNS
	// CertManager is the namespace of the Secrets of ClusterIssuers.
	CertManager string

	// Preview and PreviewDomain make the hosts of a preview; they are zero elsewhere.
	Preview       Preview
	PreviewDomain string
}

// Gateway is a gateway of the fleet, completed for an environment.
type Gateway struct {
	model.Gateway
	// Issuer is the issuer of its certificates, or the zero Issuer.
	Issuer Issuer
	// OwnNamespace tells that its namespace is the environment's alone.
	OwnNamespace bool
}

// Managed reports whether we emit the gateway.
func (g Gateway) Managed() bool { return g.Manage == nil || *g.Manage }

// IsWildcard reports whether one listener serves all hosts below the domain.
func (g Gateway) IsWildcard() bool { return g.Wildcard != nil && *g.Wildcard }

// GatewayNamed returns the gateway with a name.
func (a *Platform) GatewayNamed(name string) (Gateway, bool) {
	if a != nil {
		for _, g := range a.Gateways {
			if g.Name == name {
				return g, true
			}
		}
	}
	return Gateway{}, false
}

// EntersFrom reports whether pods that let traffic in run in a namespace.
func (a *Platform) EntersFrom(namespace string) bool {
	return a.IngressController != nil && a.IngressController.Namespace == namespace ||
		slices.ContainsFunc(a.Gateways, func(g Gateway) bool { return g.Pods.Namespace == namespace })
}

// Store returns the store of the fleet with a name, or nil. It is not to be changed.
func (a *Platform) Store(name string) *model.SecretStore {
	for i := range a.Stores {
		if a.Stores[i].Name == name {
			return &a.Stores[i]
		}
	}
	return nil
}

// IssuerNamed returns the issuer with a name.
func (a *Platform) IssuerNamed(name string) (Issuer, bool) {
	if a != nil {
		for _, i := range a.Issuers {
			if i.Model.Name == name {
				return i, true
			}
		}
	}
	return Issuer{}, false
}

// Host completes a host, which may begin with *., by the environment's domain. In
// a preview it is a host of its own.
func (a *Platform) Host(host string) string {
	if a == nil || host == "" {
		return host
	}
	if a.Domain != "" && !strings.Contains(strings.TrimPrefix(host, "*."), ".") {
		host += "." + a.Domain
	}
	if a.Preview.App != "" {
		return a.previewHost(host)
	}
	return host
}

// NewPlatform returns what the platform offers in an environment of a fleet that
// has some clusters, sorted by name: on one of them, or on the first where cluster
// is "".
func NewPlatform(f *model.Fleet, env *model.Environment, clusters []*model.Cluster, cluster string, production bool) *Platform {
	a := &Platform{Environment: env.Name, Domain: env.Domain, Production: production,
		Stores: f.SecretStores, SecretStore: env.SecretStore, SecretPath: env.SecretPath,
		ManagesNamespaces: env.Namespaces.Manage == nil || *env.Namespaces.Manage,
		DefaultDeny:       env.Namespaces.DefaultDeny == nil || *env.Namespaces.DefaultDeny,
		PodSecurity:       cmp.Or(env.Namespaces.PodSecurity, model.Restricted),
		Gateway:           env.Gateway, IngressClass: env.IngressClass, Issuer: env.Issuer,
		Monitoring: *DefaultMonitoring(), Istiod: *DefaultIstiod(), DNS: DefaultDNS(), CertManager: "cert-manager"}
	if a.Issuer == "" && len(f.Issuers) == 1 {
		a.Issuer = f.Issuers[0].Name
	}
	for _, c := range clusters {
		if cluster == "" || cluster == c.Name {
			a.on(*c)
			break
		}
	}
	if a.Gateway == "" && a.IngressClass == "" && len(f.Gateways) == 1 {
		a.Gateway = f.Gateways[0].Name
	}
	a.ExternalDNS = dnsPrefixes(clusters)
	a.GatewayAPI = lowest(clusters, func(o model.Operators) string { return o.GatewayAPI })
	a.ExternalSecrets = lowest(clusters, func(o model.Operators) string { return o.ExternalSecrets })
	for _, i := range f.Issuers {
		a.Issuers = append(a.Issuers, issuerIn(i, a))
	}
	for _, g := range f.Gateways {
		a.Gateways = append(a.Gateways, gatewayIn(g, a))
	}
	return a
}

// InPreview returns the platform of the preview of a pull request, whose hosts are
// below a domain.
func (a *Platform) InPreview(p Preview, domain string) *Platform {
	own := *a
	own.Preview, own.PreviewDomain = p, domain
	return &own
}

// DefaultMonitoring returns the pods that scrape metrics where no cluster says it.
func DefaultMonitoring() *model.Pods { return &model.Pods{Namespace: "monitoring"} }

// DefaultIstiod returns the pods of the mesh's control plane where no cluster says it.
func DefaultIstiod() *model.Pods {
	return &model.Pods{Namespace: "istio-system", Labels: map[string]string{"app": "istiod"}}
}

// on takes over what a cluster says.
func (a *Platform) on(c model.Cluster) {
	if c.Gateway != "" || c.IngressClass != "" {
		a.Gateway, a.IngressClass = c.Gateway, c.IngressClass
	}
	a.IngressController = c.IngressController
	if c.Monitoring != nil {
		a.Monitoring = *c.Monitoring
	}
	if c.Istiod != nil {
		a.Istiod = *c.Istiod
	}
	a.APIServerCIDRs = c.APIServerCIDRs
	a.DNS = dnsOf(c)
	a.CertManager = cmp.Or(c.CertManagerNamespace, a.CertManager)
}

// gatewayIn completes a gateway for an environment.
func gatewayIn(g model.Gateway, a *Platform) Gateway {
	g.Kind = cmp.Or(g.Kind, model.GatewayAPI)
	rule := cmp.Or(g.Namespace, "gateway-{env}")
	g.Namespace = strings.ReplaceAll(rule, "{env}", a.Environment)
	g.Issuer = cmp.Or(g.Issuer, a.Issuer)
	pods := model.Pods{Namespace: g.Namespace}
	if g.Kind == model.IstioGateway {
		if g.Selector == nil {
			g.Selector = map[string]string{"istio": "ingressgateway"}
		}
		pods = model.Pods{Namespace: "istio-system", Labels: g.Selector}
	}
	if g.Pods != nil {
		own := podsIn(*g.Pods, a.Environment)
		pods = model.Pods{Namespace: cmp.Or(own.Namespace, pods.Namespace), Labels: own.Labels}
	}
	g.Pods = &pods
	issuer, _ := a.IssuerNamed(g.Issuer)
	return Gateway{Gateway: g, Issuer: issuer, OwnNamespace: g.Namespace != rule}
}

// podsIn completes a gateway's pods for an environment.
func podsIn(p model.Pods, env string) model.Pods {
	p.Namespace = strings.ReplaceAll(p.Namespace, "{env}", env)
	p.Labels = maps.Clone(p.Labels)
	for k, v := range p.Labels {
		p.Labels[k] = strings.ReplaceAll(v, "{env}", env)
	}
	return p
}

// The prefixes of ExternalDNS's annotations. Version 0.22 knows the new one only.
const (
	oldDNSPrefix = "external-dns.alpha.kubernetes.io/"
	newDNSPrefix = "external-dns.kubernetes.io/"
)

// dnsPrefixes returns the prefixes that clusters understand: both where they
// differ, so that they share their overlay.
func dnsPrefixes(clusters []*model.Cluster) []string {
	var before, since bool
	for _, c := range clusters {
		if !AtLeast(c.Operators.ExternalDNS, "0.22") {
			before = true
		} else {
			since = true
		}
	}
	switch {
	case before && since:
		return []string{oldDNSPrefix, newDNSPrefix}
	case before:
		return []string{oldDNSPrefix}
	}
	return []string{newDNSPrefix}
}

// lowest returns the lowest version of an operator on clusters; "" where none is
// told.
func lowest(clusters []*model.Cluster, of func(model.Operators) string) string {
	low := ""
	for _, c := range clusters {
		v := strings.TrimPrefix(of(c.Operators), "v")
		if v != "" && (low == "" || !AtLeast(v, low)) {
			low = v
		}
	}
	return low
}

// AtLeast reports whether a version such as v1.36.2 or 1.36, "" for the newest, is
// at least another. What is not a version, which validation refuses, is older.
func AtLeast(v, least string) bool {
	if v == "" {
		return true
	}
	have, err := semver.ParseTolerant(v)
	if err != nil {
		return false
	}
	want, err := semver.ParseTolerant(least)
	return err == nil && have.GE(want)
}

// previewHost returns the host that a preview has in place of a complete one: a
// name directly below the domain of previews, so that one certificate covers
// all, which no other app has.
func (a *Platform) previewHost(host string) string {
	name := PreviewName(a.Preview.App, a.Preview.Number)
	if host == "" || a.PreviewDomain == "" || strings.HasSuffix(host, name+"."+a.PreviewDomain) {
		return host
	}
	label, _, _ := strings.Cut(strings.TrimPrefix(host, "*."), ".")
	if label != a.Preview.App {
		name = label + "-" + name
	}
	return name + "." + a.PreviewDomain
}
