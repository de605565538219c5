package audit

import (
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// issued is a certificate of a cluster, and where the model asks for it.
type issued struct {
	site      view.Site
	path      fieldpath.Path
	namespace string
	issuer    view.Issuer
	cert      model.Certificate
}

// allIssued returns the certificates that cert-manager issues on all clusters.
func (a *auditor) allIssued() []issued {
	var out []issued
	for _, s := range a.sites() {
		for _, e := range s.GatewayBindings() {
			for _, c := range e.Certificates() {
				out = append(out, issued{s, fieldpath.Path("gateways").Key(e.Name), e.CertificateNamespace(), e.Issuer, c})
			}
		}
		for _, d := range s.Certificates {
			out = append(out, issued{s, d.Path(), d.Namespace, d.Issuer, d.Certificate})
		}
	}
	return out
}

// certificates checks each certificate against its issuer, and against the others.
func (a *auditor) certificates() {
	secrets := map[string]issued{}
	for _, x := range a.allIssued() {
		if x.issuer.IsZero() {
			a.errorf("certificate-without-issuer", x.path, "name an issuer in the environment, or in the certificate",
				"nobody issues the certificate in %s", x.site.Environment.Name)
			continue
		}
		if c := x.cert; len(c.DNSNames)+len(c.IPAddresses)+len(c.URIs) == 0 && c.CommonName == "" {
			a.errorf("certificate-without-name", x.path, "add dnsNames", "the certificate is for nobody")
		}
		a.renewal(x)
		if x.issuer.Public() {
			a.public(x)
		}
		if x.issuer.Kind == "Issuer" && x.issuer.Namespace != x.namespace {
			a.errorf("issuer-out-of-reach", x.path, "use a ClusterIssuer: leave the issuer's namespace out",
				"issuer %s serves namespace %s alone, and the certificate lies in %s", x.issuer.Model.Name, x.issuer.Namespace, x.namespace)
		}
		key := strings.Join([]string{x.site.Cluster, x.namespace, x.cert.Secret}, "/")
		if other, ok := secrets[key]; ok {
			a.errorf("certificate-secret-shared", x.path, "give each a Secret of its own",
				"the certificate at %s is written to the Secret %s too: they would replace each other for ever", other.path, x.cert.Secret)
		}
		secrets[key] = x
	}
	a.authorities(secrets)
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
func (a *auditor) renewal(x issued) {
	before, err := time.ParseDuration(x.cert.RenewBefore)
	if err != nil {
		return // a percentage, or refused
	}
	if x.issuer.Public() {
		for _, s := range shrinking {
			if before >= s.life {
				a.warnf("renewal-too-early", x.path.Field("renewBefore"), "use renewBeforePercentage: 33",
					"from %s on, certificates of Let's Encrypt live %d days, and none can be renewed %s before its end", s.from, s.life/(24*time.Hour), x.cert.RenewBefore)
				return
			}
		}
		return
	}
	life, err := time.ParseDuration(x.cert.Duration)
	if err == nil && before >= life {
		a.errorf("renewal-after-life", x.path.Field("renewBefore"), "make it a third of the duration",
			"the certificate lives %s, and cannot be renewed %s before its end", x.cert.Duration, x.cert.RenewBefore)
	}
}

// public checks what a public authority issues.
func (a *auditor) public(x issued) {
	c := x.cert
	for field, set := range map[string]bool{"commonName": c.CommonName != "", "duration": c.Duration != "",
		"ipAddresses": len(c.IPAddresses) > 0, "uris": len(c.URIs) > 0, "isCA": c.IsCA != nil && *c.IsCA} {
		if set {
			a.errorf("public-certificate", x.path.Field(field), "remove it, or use an issuer of your own", "a public authority grants no %s: it issues for dnsNames alone", field)
		}
	}
	if slices.Contains(c.Usages, "client auth") {
		a.errorf("public-client-auth", x.path.Field("usages"), "use an issuer of your own for clients", "Let's Encrypt issues no certificates for clients any more")
	}
	for _, name := range c.DNSNames {
		if _, ok := x.issuer.Solver(name); ok {
			continue
		}
		if strings.HasPrefix(name, "*.") {
			a.errorf("wildcard-http01", x.path, "add a solver by DNS to the issuer", "issuer %s cannot prove %s: HTTP-01 proves no wildcard", x.issuer.Model.Name, name)
			continue
		}
		a.errorf("no-solver", x.path, "add a solver to the issuer, or widen its zones", "issuer %s has no solver for %s", x.issuer.Model.Name, name)
	}
}

// authorities finds ClusterIssuers whose Secret a certificate of ours puts where
// cert-manager does not look.
func (a *auditor) authorities(secrets map[string]issued) {
	for _, s := range a.sites() {
		for _, i := range s.Issuers() {
			if i.Model.CA == nil || i.Model.CA.Secret == "" || i.Kind != "ClusterIssuer" {
				continue
			}
			for key, x := range secrets {
				cluster, rest, _ := strings.Cut(key, "/")
				namespace, secret, _ := strings.Cut(rest, "/")
				if cluster == s.Cluster && secret == i.Model.CA.Secret && namespace != s.Platform.CertManager && x.cert.IsCA != nil && *x.cert.IsCA {
					a.errorf("issuer-secret-elsewhere", fieldpath.Path("issuers").Key(i.Model.Name).Field("ca").Field("secret"),
						"use from, which puts it there, or give the issuer that namespace",
						"cert-manager looks for the Secret of a ClusterIssuer in %s, and %s lies in %s", s.Platform.CertManager, secret, namespace)
				}
			}
		}
	}
}

// issuers checks which authority an environment uses, and that it is answered.
func (a *auditor) issuers() {
	for _, s := range a.sites() {
		for _, i := range s.Issuers() {
			path := fieldpath.Path("issuers").Key(i.Model.Name).Field("acme")
			switch {
			case i.LetsEncrypt() && !s.Production:
				a.warnf("production-authority", path, "leave use out, or say that the environment is production",
					"environment %s is not production, and spends the limits of Let's Encrypt's production", s.Environment.Name)
			case i.Public() && !i.Trusted() && s.Production:
				a.warnf("staging-authority", path, "leave use out", "environment %s is production, and browsers do not trust Let's Encrypt's staging", s.Environment.Name)
			}
		}
		n := s.Environment.Namespaces
		if n.Manage == nil || *n.Manage || n.DefaultDeny == nil || !*n.DefaultDeny {
			continue
		}
		for _, name := range s.Namespaces {
			if s.SolverCallers(name) != nil {
				a.warnf("solver-blocked", fieldpath.Path("environments").Key(s.Environment.Name).Field("namespaces"),
					"let calls in to pods labelled acme.cert-manager.io/http01-solver=true at port 8089, or prove by DNS",
					"namespace %s denies by default, is not ours, and certificates there are proved by HTTP-01", name)
			}
		}
	}
}
