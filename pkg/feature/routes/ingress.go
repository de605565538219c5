package routes

import (
	"maps"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// ingress returns a route as an Ingress. What an Ingress cannot say is a finding.
func (r *router) ingress() (object.Object, error) {
	target := ""
	if r.route.DNS != nil {
		target = r.route.DNS.Target
	}
	meta := r.meta(target)
	out := &networkingv1.Ingress{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "Ingress"},
		ObjectMeta: meta,
		Spec:       networkingv1.IngressSpec{IngressClassName: &r.route.IngressClass},
	}
	if secret := routeSecret(r.route, r.platform); secret != "" {
		out.Spec.TLS = []networkingv1.IngressTLS{{Hosts: r.hosts, SecretName: secret}}
		maps.Copy(meta.Annotations, issuerAnnotations(r.route, r.platform))
	}
	paths := r.ingressPaths()
	for _, host := range r.hosts {
		out.Spec.Rules = append(out.Spec.Rules, networkingv1.IngressRule{Host: host,
			IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{Paths: paths}}})
	}
	return object.From(out)
}

// ingressPaths returns the paths of a route's rules, which all hosts share.
func (r *router) ingressPaths() []networkingv1.HTTPIngressPath {
	types := map[model.PathType]networkingv1.PathType{
		model.PathPrefix: networkingv1.PathTypePrefix, model.PathExact: networkingv1.PathTypeExact,
		model.PathRegex: networkingv1.PathTypeImplementationSpecific,
	}
	var out []networkingv1.HTTPIngressPath
	for _, rule := range r.route.Rules {
		matches := rule.Matches
		if len(matches) == 0 {
			matches = []model.RouteMatch{{Path: "/", PathType: model.PathPrefix}}
		}
		for _, d := range r.destinations(rule)[:min(1, len(r.destinations(rule)))] {
			for _, m := range matches {
				kind := types[m.PathType]
				if kind == "" {
					kind = networkingv1.PathTypePrefix
				}
				path := m.Path
				if path == "" {
					path = "/"
				}
				out = append(out, networkingv1.HTTPIngressPath{Path: path, PathType: &kind,
					Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
						Name: d.name, Port: networkingv1.ServiceBackendPort{Number: d.port}}}})
			}
		}
	}
	return out
}

// routeSecret returns the Secret with the certificate of a route that is an
// Ingress, or "" where there is none.
func routeSecret(r *model.Route, platform *view.Platform) string {
	if r.TLS != nil && r.TLS.Secret != "" {
		return r.TLS.Secret
	}
	c, _, _ := platform.IngressCertificate(r)
	return c.Secret
}

// issuerAnnotations returns what asks cert-manager for the certificate of a route
// that is an Ingress, where the user wants it so.
func issuerAnnotations(r *model.Route, platform *view.Platform) map[string]string {
	c, ok, byAnnotation := platform.IngressCertificate(r)
	if !ok || !byAnnotation {
		return nil
	}
	issuer, _ := platform.IssuerNamed(c.Issuer)
	return part.IssuerAnnotations(issuer)
}
