package view

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// SecretUse is a Secret that something of an environment reads or makes.
type SecretUse struct {
	// Path is the place in the fleet that names it.
	Path fieldpath.Path
	// Namespace and Name are the Secret's.
	Namespace, Name string
	// Key is the key that is read; "" for the whole, or where cert-manager makes it.
	Key string
}

// secretsOf returns the namespace of an issuer's Secrets.
func (a *Platform) secretsOf(i Issuer) string {
	if i.Kind == "Issuer" {
		return i.Namespace
	}
	return a.CertManager
}

// issuerSecrets returns the Secrets that an issuer reads.
func (a *Platform) issuerSecrets(i Issuer) []SecretUse {
	var out []SecretUse
	at := fieldpath.Path("issuers").Key(i.Model.Name)
	add := func(at fieldpath.Path, k *model.SecretKeySelector) {
		if k != nil && k.Name != "" {
			out = append(out, SecretUse{at, a.secretsOf(i), k.Name, k.Key})
		}
	}
	m := i.Model
	if m.CA != nil && m.CA.Secret != "" {
		add(at.Field("ca").Field("secret"), &model.SecretKeySelector{Name: m.CA.Secret, Key: "tls.crt"})
	}
	if m.Vault != nil {
		add(at.Field("vault").Field("caBundleSecret"), m.Vault.CABundleSecret)
	}
	if m.ACME == nil {
		return out
	}
	for n, s := range m.ACME.Solvers {
		below := at.Field("acme").Field("solvers").Index(n)
		switch {
		case s.Route53 != nil:
			add(below.Field("route53").Field("accessKeyID"), s.Route53.AccessKeyID)
			add(below.Field("route53").Field("secretAccessKey"), s.Route53.SecretAccessKey)
		case s.CloudDNS != nil:
			add(below.Field("cloudDNS").Field("serviceAccount"), s.CloudDNS.ServiceAccount)
		case s.Cloudflare != nil:
			add(below.Field("cloudflare").Field("apiToken"), &s.Cloudflare.APIToken)
		case s.RFC2136 != nil:
			add(below.Field("rfc2136").Field("tsigSecret"), s.RFC2136.TSIGSecret)
		}
	}
	return out
}

// SecretsMade returns the Secrets that cert-manager makes: those of
// certificates, of authorities' certificates and of ACME accounts.
func (s Environment) SecretsMade() []SecretUse {
	var out []SecretUse
	for _, e := range s.GatewayBindings() {
		for _, c := range e.Certificates() {
			out = append(out, SecretUse{fieldpath.Path("gateways").Key(e.Name), e.CertificateNamespace(), c.Secret, ""})
		}
	}
	for _, d := range s.Certificates {
		out = append(out, SecretUse{d.Path(), d.Namespace, d.Certificate.Secret, ""})
	}
	for _, i := range s.Issuers() {
		at := fieldpath.Path("issuers").Key(i.Model.Name)
		for _, server := range i.Servers {
			out = append(out, SecretUse{at.Field("acme"), s.Platform.secretsOf(i), server.AccountSecret, ""})
		}
		if i.Model.CA != nil && i.Model.CA.From != "" {
			out = append(out, SecretUse{at.Field("ca"), s.Platform.secretsOf(i), i.Name, ""})
		}
	}
	return out
}

// SecretsRead returns the Secrets that routes, gateways, certificates and
// issuers read, and that somebody else has to provide.
func (s Environment) SecretsRead() []SecretUse {
	var out []SecretUse
	for _, r := range s.Routes {
		if r.Route.TLS != nil && r.Route.TLS.Secret != "" && r.Route.IngressClass != "" {
			at := fieldpath.Path("apps").Key(r.App).Field("spec").Field("routes").Key(r.Route.Host)
			out = append(out, SecretUse{at.Field("tls").Field("secret"), r.Namespace, r.Route.TLS.Secret, "tls.crt"})
		}
	}
	for _, e := range s.GatewayBindings() {
		if c := e.CertificateSecret; c != nil && e.Managed() {
			namespace := e.CertificateNamespace()
			if c.Namespace != "" {
				namespace = c.Namespace
			}
			out = append(out, SecretUse{fieldpath.Path("gateways").Key(e.Name).Field("certificateSecret"), namespace, c.Name, "tls.crt"})
		}
	}
	for _, d := range s.Certificates {
		if k := d.Certificate.Keystores; k != nil {
			for _, store := range []*model.Keystore{k.JKS, k.PKCS12} {
				if store != nil {
					out = append(out, SecretUse{d.Path().Field("keystores"), d.Namespace, store.Password.Name, store.Password.Key})
				}
			}
		}
	}
	for _, i := range s.Issuers() {
		out = append(out, s.Platform.issuerSecrets(i)...)
	}
	return out
}
