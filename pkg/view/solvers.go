package view

import (
	"reflect"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// answers returns the pods at which calls for HTTP-01 come in.
func (a *Platform) answers(h *model.HTTP01) *model.Pods {
	gateway, class := h.Gateway, h.IngressClass
	if gateway == "" && class == "" {
		gateway, class = a.Gateway, a.IngressClass
	}
	if g, ok := a.GatewayNamed(gateway); ok && class == "" {
		return g.Pods
	}
	return a.IngressController
}

// Caller is who lets the authority's calls in to the pods that answer HTTP-01.
type Caller struct {
	// Pods are the pods that pass the calls on; nil for any of the cluster.
	Pods *model.Pods
}

// SolverCallers returns who calls the pods that answer HTTP-01 in a namespace;
// nobody where no certificate there is proved by HTTP-01.
func (s Environment) SolverCallers(namespace string) []Caller {
	var out []Caller
	add := func(issuer Issuer, names []string) {
		for _, name := range names {
			solver, ok := issuer.Solver(name)
			if !ok || solver.HTTP01 == nil {
				continue
			}
			c := Caller{s.Platform.answers(solver.HTTP01)}
			if !slices.ContainsFunc(out, func(x Caller) bool { return reflect.DeepEqual(x, c) }) {
				out = append(out, c)
			}
		}
	}
	for _, d := range s.Certificates {
		if d.Namespace == namespace {
			add(d.Issuer, d.Certificate.DNSNames)
		}
	}
	if s.Platform == nil || !slices.ContainsFunc(s.Platform.Gateways, func(g Gateway) bool { return g.Namespace == namespace || g.Pods.Namespace == namespace }) {
		return out // most namespaces hold no gateway
	}
	for _, e := range s.GatewayBindings() {
		if e.CertificateNamespace() == namespace {
			for _, c := range e.Certificates() {
				add(e.Issuer, c.DNSNames)
			}
		}
	}
	return out
}
