package view

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// PlainListener is the name of a gateway's listener for plain HTTP.
const PlainListener = "http"

// Listener is a port of a gateway that serves one host, or those below a domain.
type Listener struct {
	// Name is the listener's name, and that of its certificate.
	Name string
	// Host is the host, or *.DOMAIN.
	Host string
	// Passthrough tells that connections are not decrypted.
	Passthrough bool
	// Secret holds the certificate; "" with Passthrough, and where there is none.
	Secret string
	// Namespaces are those of the routes that the listener serves, sorted.
	Namespaces []string
	// Previews tells that the listener serves the environment's previews, all below
	// one domain, and nothing else.
	Previews bool
}

// GatewayBinding is a gateway that routes of an environment are attached to, and what it
// listens to for them.
type GatewayBinding struct {
	Gateway
	// Listeners are sorted by name; plain HTTP is not among them.
	Listeners []Listener
	// Plain are the namespaces whose routes may be attached to plain HTTP beside
	// the gateway's own, sorted: all where it is served, and those in which
	// certificates are proved by HTTP-01 on the gateway.
	Plain []string
	// places are the places of listeners in the list, by name.
	places map[string]int
}

// Certificates returns the certificates that the gateway needs from its issuer,
// one for each listener, where we make them.
func (e GatewayBinding) Certificates() []model.Certificate {
	if e.Issuer.IsZero() || !e.Managed() || e.CertificateSecret != nil {
		return nil
	}
	var out []model.Certificate
	for _, l := range e.Listeners {
		if l.Passthrough {
			continue
		}
		c := model.Certificate{Name: l.Name, Secret: l.Secret, Issuer: e.Issuer.Model.Name, DNSNames: []string{l.Host}}
		CompleteCertificate(&c, e.Issuer)
		out = append(out, c)
	}
	return out
}

// CertificateNamespace is where the certificates lie: with the Gateway, or with
// the pods of one of Istio's own.
func (e GatewayBinding) CertificateNamespace() string {
	if e.Kind == model.IstioGateway {
		return e.Pods.Namespace
	}
	return e.Namespace
}

// listen adds what a route needs.
func (e *GatewayBinding) listen(r AppRoute, domain string) {
	if e.PlainHTTP != nil && *e.PlainHTTP {
		e.Plain = append(e.Plain, r.Namespace)
	}
	for _, host := range r.Hosts {
		l := Listener{Name: listenerName(host), Host: host, Passthrough: r.Route.Protocol == model.TLS}
		if label, rest, _ := strings.Cut(host, "."); e.IsWildcard() && !l.Passthrough && label != "" && rest == domain {
			l.Host = "*." + domain
			l.Name = listenerName(l.Host)
		}
		i := e.place(l)
		e.Listeners[i].Namespaces = append(e.Listeners[i].Namespaces, r.Namespace)
	}
}

// listenToPreviews adds what the route of a preview needs: one listener for the
// hosts of all pull requests, which no other namespace may use, and by which
// previews get no other host.
func (e *GatewayBinding) listenToPreviews(r AppRoute) {
	for _, host := range r.Hosts {
		if _, domain, ok := strings.Cut(host, "."); ok {
			host = "*." + domain
		}
		e.place(Listener{Name: listenerName(host), Host: host, Passthrough: r.Route.Protocol == model.TLS, Previews: true})
	}
}

// place returns the place in the list of a listener, which it completes and adds
// if need be.
func (e *GatewayBinding) place(l Listener) int {
	switch {
	case l.Passthrough:
		l.Name = "tls." + l.Name
	case e.CertificateSecret != nil:
		l.Secret = e.CertificateSecret.Name
	case !e.Issuer.IsZero():
		l.Secret = l.Name + "-tls"
	}
	i, ok := e.places[l.Name]
	if !ok {
		i, e.Listeners = len(e.Listeners), append(e.Listeners, l)
		e.places[l.Name] = i
	}
	return i
}

func listenerName(host string) string {
	if rest, ok := strings.CutPrefix(host, "*."); ok {
		return "wildcard." + rest
	}
	return host
}

func (e *GatewayBinding) sort() {
	slices.SortFunc(e.Listeners, func(a, b Listener) int { return cmp.Compare(a.Name, b.Name) })
	for i := range e.Listeners {
		e.Listeners[i].Namespaces = sortedSet(e.Listeners[i].Namespaces)
	}
	e.Plain = sortedSet(e.Plain)
}

func sortedSet(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// GatewayBindings returns the gateways that routes of the environment are attached to, in
// the fleet's order.
func (s Environment) GatewayBindings() []GatewayBinding {
	if s.Platform == nil {
		return nil
	}
	var out []GatewayBinding
	for _, g := range s.Platform.Gateways {
		e := GatewayBinding{Gateway: g, places: map[string]int{}}
		for _, r := range s.Routes {
			if r.Route.Gateway == g.Name {
				e.listen(r, s.Platform.Domain)
			}
		}
		for _, r := range s.PreviewRoutes {
			if r.Route.Gateway == g.Name {
				e.listenToPreviews(r)
			}
		}
		if len(e.Listeners) == 0 {
			continue
		}
		for _, d := range s.Certificates {
			if d.Issuer.OnGateway(d.Certificate.DNSNames, g.Name, s.Platform) {
				e.Plain = append(e.Plain, d.Namespace)
			}
		}
		e.sort()
		e.places = nil
		out = append(out, e)
	}
	return out
}
