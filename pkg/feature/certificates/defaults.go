package certificates

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// deriveCertificates completes declared certificates.
func deriveCertificates(d *feature.Derivation) {
	for i := range d.Spec.Certificates {
		c := &d.Spec.Certificates[i]
		fill.Zero(&c.Secret, d.App+"-"+c.Name)
		if d.Platform != nil {
			fill.Zero(&c.Issuer, d.Platform.Issuer)
		}
		issuer, _ := d.Platform.IssuerNamed(c.Issuer)
		for j, n := range c.DNSNames {
			if issuer.Public() { // within a cluster, names without a dot are whole
				c.DNSNames[j] = d.Platform.Host(n)
			}
		}
		view.CompleteCertificate(c, issuer)
	}
}

// certificateFacts needs the facts about routes.
func certificateFacts(t *view.Target, f *view.Facts) {
	if t.Platform == nil {
		return // certificates are the environments'
	}
	for _, c := range t.Spec.Certificates {
		issuer, _ := t.Platform.IssuerNamed(c.Issuer)
		f.Certificates = append(f.Certificates, view.AppCertificate{App: t.App, Namespace: t.Namespace, Certificate: c, Issuer: issuer})
	}
	for _, route := range f.Routes {
		if c, ok, byAnnotation := t.Platform.IngressCertificate(&route.Route); ok {
			issuer, _ := t.Platform.IssuerNamed(c.Issuer)
			f.Certificates = append(f.Certificates, view.AppCertificate{App: t.App, Namespace: t.Namespace, Route: route.Route.Host,
				Certificate: c, Issuer: issuer, ByAnnotation: byAnnotation})
		}
	}
}
