package view

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// AppCertificate is a certificate in an app's namespace: one that the app declares, or
// that of a route that is an Ingress.
type AppCertificate struct {
	// App is whose certificate it is, and Namespace where it lies.
	App, Namespace string
	// Route is the host of the route as it was written; "" for one of Certificates.
	Route string
	// Certificate is complete.
	Certificate model.Certificate
	// Issuer is who signs it; it is zero where the fleet has none of that name.
	Issuer Issuer
	// ByAnnotation tells that cert-manager makes it from an annotation.
	ByAnnotation bool
}

// AppDNSRecord is a record of an app.
type AppDNSRecord struct {
	// App is whose record it is.
	App string
	// Record is complete.
	Record model.DNSRecord
}

// CompleteCertificate fills in what nobody said of a certificate, which depends
// on who issues it.
func CompleteCertificate(c *model.Certificate, issuer Issuer) {
	if c.Usages == nil {
		c.Usages = []string{"digital signature", "server auth"}
	}
	fill.Nil(&c.RevisionHistoryLimit, 1)
	k := fill.Struct(&c.PrivateKey)
	fill.Zero(&k.Algorithm, "ECDSA")
	switch {
	case k.Algorithm == "RSA":
		fill.Nil(&k.Size, 2048)
	case k.Algorithm == "ECDSA":
		fill.Nil(&k.Size, 256)
	}
	fill.Zero(&k.Encoding, "PKCS8")
	fill.Zero(&k.RotationPolicy, "Always")
	switch {
	case issuer.IsZero():
	case issuer.Public():
		if c.RenewBefore == "" {
			fill.Nil(&c.RenewBeforePercentage, 33)
		}
	case c.Duration == "":
		c.Duration = "2160h"
		if c.RenewBeforePercentage == nil {
			fill.Zero(&c.RenewBefore, "720h")
		}
	}
}

// Path returns the place in the fleet that asks for the certificate.
func (d AppCertificate) Path() fieldpath.Path {
	spec := fieldpath.Path("apps").Key(d.App).Field("spec")
	if d.Route != "" {
		return spec.Field("routes").Key(d.Route).Field("tls")
	}
	return spec.Field("certificates").Key(d.Certificate.Name)
}

// IngressCertificate returns the certificate of a route that is an Ingress,
// whether there is one, and whether cert-manager makes it from an annotation.
func (a *Platform) IngressCertificate(r *model.Route) (c model.Certificate, ok, byAnnotation bool) {
	tls := r.TLS
	if tls == nil {
		tls = &model.RouteTLS{}
	}
	issuer, found := a.IssuerNamed(cmp.Or(tls.Issuer, a.Issuer))
	if r.IngressClass == "" || tls.Secret != "" || !found {
		return c, false, false
	}
	c = model.Certificate{Name: r.Name, Issuer: issuer.Model.Name, Secret: r.Name + "-tls", DNSNames: a.Hosts(r)}
	CompleteCertificate(&c, issuer)
	return c, true, tls.ByAnnotation != nil && *tls.ByAnnotation
}
