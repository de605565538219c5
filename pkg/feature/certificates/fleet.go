package certificates

import (
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// fleetChecker checks what all targets show together.
type fleetChecker struct {
	*feature.Report
	sites []view.Environment
}

// checkFleet checks all certificates of the fleet, and who issues them.
func checkFleet(r *feature.Report, f view.Fleet) {
	c := fleetChecker{r, view.Environments(f)}
	c.issuance()
	c.certificates()
	c.gateways()
	c.issuers()
}

// issued is a certificate of a cluster, and where the model asks for it.
type issued struct {
	site      view.Environment
	path      fieldpath.Path
	namespace string
	issuer    view.Issuer
	cert      model.Certificate
}

// allIssued returns the certificates that cert-manager issues on all clusters.
func (c fleetChecker) allIssued() []issued {
	var out []issued
	for _, s := range c.sites {
		for _, e := range s.GatewayBindings() {
			for _, cert := range e.Certificates() {
				out = append(out, issued{s, fieldpath.Path("gateways").Key(e.Name), e.CertificateNamespace(), e.Issuer, cert})
			}
		}
		for _, d := range s.Certificates {
			out = append(out, issued{s, d.Path(), d.Namespace, d.Issuer, d.Certificate})
		}
	}
	return out
}

// certificates checks each certificate against its issuer, and against the others.
func (c fleetChecker) certificates() {
	secrets := map[string]issued{}
	for _, x := range c.allIssued() {
		if x.issuer.IsZero() {
			c.Errorf("certificate-without-issuer", x.path, "set an issuer in the environment or in the certificate",
				"the certificate has no issuer in environment %s", x.site.Model.Name)
			continue
		}
		if cert := x.cert; len(cert.DNSNames)+len(cert.IPAddresses)+len(cert.URIs) == 0 && cert.CommonName == "" {
			c.Errorf("certificate-without-name", x.path, "add dnsNames", "the certificate has no names")
		}
		c.renewal(x)
		if x.issuer.Public() {
			c.public(x)
		}
		if x.issuer.Kind == "Issuer" && x.issuer.Namespace != x.namespace {
			c.Errorf("issuer-out-of-reach", x.path, "use a ClusterIssuer: remove the namespace of the issuer",
				"issuer %s serves only namespace %s, and the certificate is in namespace %s", x.issuer.Model.Name, x.issuer.Namespace, x.namespace)
		}
		key := strings.Join([]string{x.site.Cluster, x.namespace, x.cert.Secret}, "/")
		if other, ok := secrets[key]; ok {
			c.Errorf("certificate-secret-shared", x.path, "give each its own Secret",
				"the certificate at %s is written to the same Secret %s, so they would replace each other endlessly", other.path, x.cert.Secret)
		}
		secrets[key] = x
	}
	c.authorities(secrets)
}

// gateways finds issuers that do not serve where a gateway's certificates are.
func (c fleetChecker) gateways() {
	for _, s := range c.sites {
		for _, e := range s.GatewayBindings() {
			if e.Managed() && e.CertificateSecret == nil && e.CertificateNamespace() != e.Issuer.Namespace && e.Issuer.Kind == "Issuer" {
				c.Errorf("issuer-out-of-reach", fieldpath.Path("gateways").Key(e.Name).Field("issuer"), "use a ClusterIssuer: remove the namespace of the issuer",
					"issuer %s serves only namespace %s, and the certificates of the gateway are in namespace %s", e.Issuer.Model.Name, e.Issuer.Namespace, e.CertificateNamespace())
			}
		}
	}
}

// The lifetimes that Let's Encrypt shrinks to, and the months from which on.
var shrinking = []struct {
	from string
	life time.Duration
}{
	{"February 2027", 64 * 24 * time.Hour},
	{"February 2028", 45 * 24 * time.Hour},
}

// renewal checks when a certificate is renewed.
func (c fleetChecker) renewal(x issued) {
	before, err := time.ParseDuration(x.cert.RenewBefore)
	if err != nil {
		return // a percentage, or refused
	}
	if x.issuer.Public() {
		for _, s := range shrinking {
			if before >= s.life {
				c.Warnf("renewal-too-early", x.path.Field("renewBefore"), "use renewBeforePercentage: 33",
					"from %s on, certificates of Let's Encrypt are valid for %d days and cannot be renewed %s before they expire", s.from, s.life/(24*time.Hour), x.cert.RenewBefore)
				return
			}
		}
		return
	}
	life, err := time.ParseDuration(x.cert.Duration)
	if err == nil && before >= life {
		c.Errorf("renewal-after-life", x.path.Field("renewBefore"), "set it to a third of the duration",
			"the certificate is valid for %s and cannot be renewed %s before it expires", x.cert.Duration, x.cert.RenewBefore)
	}
}

// public checks what a public authority issues.
func (c fleetChecker) public(x issued) {
	cert := x.cert
	for field, set := range map[string]bool{"commonName": cert.CommonName != "", "duration": cert.Duration != "",
		"ipAddresses": len(cert.IPAddresses) > 0, "uris": len(cert.URIs) > 0, "isCA": cert.IsCA != nil && *cert.IsCA} {
		if set {
			c.Errorf("public-certificate", x.path.Field(field), "remove it, or use an issuer of your own", "a public certificate authority does not accept %s: it issues certificates only for dnsNames", field)
		}
	}
	if slices.Contains(cert.Usages, "client auth") {
		c.Errorf("public-client-auth", x.path.Field("usages"), "use an issuer of your own for clients", "Let's Encrypt no longer issues certificates for clients")
	}
	for _, name := range cert.DNSNames {
		if _, ok := x.issuer.Solver(name); ok {
			continue
		}
		if strings.HasPrefix(name, "*.") {
			c.Errorf("wildcard-http01", x.path, "add a DNS-01 solver to the issuer", "issuer %s cannot validate %s: HTTP-01 does not support wildcards", x.issuer.Model.Name, name)
			continue
		}
		c.Errorf("no-solver", x.path, "add a solver to the issuer, or widen its zones", "issuer %s has no solver for %s", x.issuer.Model.Name, name)
	}
}

// authorities finds ClusterIssuers whose Secret a certificate of ours puts where
// cert-manager does not look.
func (c fleetChecker) authorities(secrets map[string]issued) {
	for _, s := range c.sites {
		for _, i := range s.Issuers() {
			if i.Model.CA == nil || i.Model.CA.Secret == "" || i.Kind != "ClusterIssuer" {
				continue
			}
			for key, x := range secrets {
				cluster, rest, _ := strings.Cut(key, "/")
				namespace, secret, _ := strings.Cut(rest, "/")
				if cluster == s.Cluster && secret == i.Model.CA.Secret && namespace != s.Platform.CertManager && x.cert.IsCA != nil && *x.cert.IsCA {
					c.Errorf("issuer-secret-elsewhere", fieldpath.Path("issuers").Key(i.Model.Name).Field("ca").Field("secret"),
						"use from, which puts the Secret there, or set that namespace for the issuer",
						"cert-manager looks for the Secret of a ClusterIssuer in namespace %s, and %s is in namespace %s", s.Platform.CertManager, secret, namespace)
				}
			}
		}
	}
}

// issuers checks which authority an environment uses, and that it is answered.
func (c fleetChecker) issuers() {
	for _, s := range c.sites {
		for _, i := range s.Issuers() {
			path := fieldpath.Path("issuers").Key(i.Model.Name).Field("acme")
			switch {
			case i.LetsEncrypt() && !s.Production:
				c.Warnf("production-authority", path, "remove use, or mark the environment as production",
					"environment %s is not production, and uses up the rate limits of Let's Encrypt's production environment", s.Model.Name)
			case i.Public() && !i.Trusted() && s.Production:
				c.Warnf("staging-authority", path, "remove use", "environment %s is production, and browsers do not trust the staging certificates of Let's Encrypt", s.Model.Name)
			}
		}
		n := s.Model.Namespaces
		if n.Manage == nil || *n.Manage || n.DefaultDeny == nil || !*n.DefaultDeny {
			continue
		}
		for _, name := range s.Namespaces {
			if s.SolverCallers(name) != nil {
				c.Warnf("solver-blocked", fieldpath.Path("environments").Key(s.Model.Name).Field("namespaces"),
					"allow traffic to pods with the label acme.cert-manager.io/http01-solver=true at port 8089, or use a DNS-01 solver",
					"namespace %s denies traffic by default and is unmanaged, and its certificates use HTTP-01", name)
			}
		}
	}
}
