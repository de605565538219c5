package resolve

import (
	"cmp"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
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

// declared returns the certificates in the namespace of an app in a scope.
func (r *Resolver) declared(a *model.App, s Scope, routes []AppRoute) []AppCertificate {
	var out []AppCertificate
	platform, namespace := r.platformIn(s), r.namespaceOf(a, s)
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	if slices.ContainsFunc(layers, func(l layer) bool { return l.spec.Certificates != nil }) {
		spec := mergeField(layers, "certificates", func(out, l *model.AppSpec) bool {
			out.Certificates = l.Certificates
			return l.Certificates != nil
		})
		deriveCertificates(&derivation{app: a.Name, spec: &spec, platform: platform})
		for _, c := range spec.Certificates {
			issuer, _ := platform.IssuerNamed(c.Issuer)
			out = append(out, AppCertificate{App: a.Name, Namespace: namespace, Certificate: c, Issuer: issuer})
		}
	}
	for _, route := range routes {
		if c, ok, byAnnotation := platform.IngressCertificate(&route.Route); ok {
			issuer, _ := platform.IssuerNamed(c.Issuer)
			out = append(out, AppCertificate{App: a.Name, Namespace: namespace, Route: route.Route.Host,
				Certificate: c, Issuer: issuer, ByAnnotation: byAnnotation})
		}
	}
	return out
}

// AppDNSRecord is a record of an app.
type AppDNSRecord struct {
	// App is whose record it is.
	App string
	// Record is complete.
	Record model.DNSRecord
}

// records returns the DNS records of an app in a scope.
func (r *Resolver) records(a *model.App, s Scope) []AppDNSRecord {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	if !slices.ContainsFunc(layers, func(l layer) bool { return l.spec.DNS != nil }) {
		return nil
	}
	spec := mergeField(layers, "dns", func(out, l *model.AppSpec) bool {
		out.DNS = l.DNS
		return l.DNS != nil
	})
	deriveDNS(&derivation{app: a.Name, spec: &spec, platform: r.platformIn(s)})
	var out []AppDNSRecord
	for _, record := range spec.DNS {
		out = append(out, AppDNSRecord{a.Name, record})
	}
	return out
}

// ObjectPath returns the place of a whole object of an app in a scope: in the last
// layer that has it, or where the app's own layer is, if some patch made it.
func (r *Resolver) ObjectPath(app string, s Scope, id object.ID) fieldpath.Path {
	a := r.apps[app]
	if a == nil {
		return ""
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	for _, l := range slices.Backward(layers) {
		for i, o := range l.spec.Objects {
			meta, _ := o["metadata"].(map[string]any)
			if KindOf(o) == id.KindName() && meta["name"] == id.Name {
				return l.path(app, s).Field("objects").Index(i)
			}
		}
	}
	return fieldpath.Path("apps").Key(app)
}

// RawObject is a whole object that an app brings along.
type RawObject struct {
	// App is whose object it is, and Namespace where that app runs.
	App, Namespace string
	// Object is shared with the fleet and must not be changed.
	Object model.RawObject
}

// wholes returns the whole objects of an app in a scope.
func (r *Resolver) wholes(a *model.App, s Scope) []RawObject {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	if !slices.ContainsFunc(layers, func(l layer) bool { return l.spec.Objects != nil }) {
		return nil
	}
	spec := mergeField(layers, "objects", func(out, l *model.AppSpec) bool {
		out.Objects = l.Objects
		return l.Objects != nil
	})
	var out []RawObject
	for _, o := range spec.Objects {
		out = append(out, RawObject{a.Name, r.namespaceOf(a, s), o})
	}
	return out
}
