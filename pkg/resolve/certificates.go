package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// declared returns the certificates in the namespace of an app in a scope.
func (r *Resolver) declared(a *model.App, s view.Scope, routes []view.AppRoute) []view.AppCertificate {
	var out []view.AppCertificate
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
			out = append(out, view.AppCertificate{App: a.Name, Namespace: namespace, Certificate: c, Issuer: issuer})
		}
	}
	for _, route := range routes {
		if c, ok, byAnnotation := platform.IngressCertificate(&route.Route); ok {
			issuer, _ := platform.IssuerNamed(c.Issuer)
			out = append(out, view.AppCertificate{App: a.Name, Namespace: namespace, Route: route.Route.Host,
				Certificate: c, Issuer: issuer, ByAnnotation: byAnnotation})
		}
	}
	return out
}

// records returns the DNS records of an app in a scope.
func (r *Resolver) records(a *model.App, s view.Scope) []view.AppDNSRecord {
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
	var out []view.AppDNSRecord
	for _, record := range spec.DNS {
		out = append(out, view.AppDNSRecord{App: a.Name, Record: record})
	}
	return out
}

// ObjectPath returns the place of a whole object of an app in a scope: in the last
// layer that has it, or where the app's own layer is, if some patch made it.
func (r *Resolver) ObjectPath(app string, s view.Scope, id object.ID) fieldpath.Path {
	a := r.apps[app]
	if a == nil {
		return ""
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	for _, l := range slices.Backward(layers) {
		for i, o := range l.spec.Objects {
			meta, _ := o["metadata"].(map[string]any)
			if view.KindOf(o) == id.KindName() && meta["name"] == id.Name {
				return l.path(app, s).Field("objects").Index(i)
			}
		}
	}
	return fieldpath.Path("apps").Key(app)
}

// wholes returns the whole objects of an app in a scope.
func (r *Resolver) wholes(a *model.App, s view.Scope) []view.RawObject {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	if !slices.ContainsFunc(layers, func(l layer) bool { return l.spec.Objects != nil }) {
		return nil
	}
	spec := mergeField(layers, "objects", func(out, l *model.AppSpec) bool {
		out.Objects = l.Objects
		return l.Objects != nil
	})
	var out []view.RawObject
	for _, o := range spec.Objects {
		out = append(out, view.RawObject{App: a.Name, Namespace: r.namespaceOf(a, s), Object: o})
	}
	return out
}
