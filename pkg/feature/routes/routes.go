// Package routes makes what lets calls in from outside of a cluster: an app's
// routes, as the API of what they are attached to has them, and the gateways of
// an environment.
//
// All that the definitions of these resources would fill in inside of lists is
// written out, since Argo CD would see a difference for ever otherwise.
package routes

import (
	"maps"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// gatewayGroup is the API group of the Gateway API.
const gatewayGroup = "gateway.networking.k8s.io"

// Routes makes the routes of an app. The base has none: host and gateway are
// the environment's.
func Routes(t *view.Target, v *view.View) ([]object.Object, error) {
	platform := v.Platform(t.Scope)
	if platform == nil {
		return nil, nil
	}
	var out []object.Object
	for i := range t.Spec.Routes {
		r := router{target: t, index: v, platform: platform, route: &t.Spec.Routes[i]}
		r.hosts = platform.Hosts(r.route)
		o, err := r.object()
		if err != nil {
			return nil, err
		}
		if !o.IsZero() {
			out = append(out, o)
		}
	}
	grant, err := backendGrant(t, v)
	return append(out, grant...), err
}

// router makes the object of one route.
type router struct {
	target   *view.Target
	index    *view.View
	platform *view.Platform
	route    *model.Route
	hosts    []string
}

func (r *router) object() (object.Object, error) {
	if r.route.IngressClass != "" {
		return r.ingress()
	}
	g, ok := r.platform.GatewayNamed(r.route.Gateway)
	switch {
	case !ok:
		return object.Object{}, nil // a finding tells
	case g.Kind == model.IstioGateway:
		return r.virtualService(g)
	}
	kind, version, rules := "HTTPRoute", "v1", r.httpRules
	switch r.route.Protocol {
	case model.GRPC:
		kind, rules = "GRPCRoute", r.grpcRules
	case model.TLS:
		kind, version, rules = "TLSRoute", tlsRouteVersion(r.platform.GatewayAPI), r.tlsRules
	}
	return part.Custom(gatewayGroup+"/"+version, kind, r.meta(""), part.Fields(part.Map{
		"parentRefs": part.List{parentRef(g, g.Section)}, "hostnames": r.hosts, "rules": rules(),
	}))
}

// tlsRouteVersion returns the version of TLSRoute in a version of the Gateway API.
func tlsRouteVersion(api string) string {
	switch {
	case view.AtLeast(api, "1.5"):
		return "v1"
	case view.AtLeast(api, "1.4"):
		return "v1alpha3"
	}
	return "v1alpha2"
}

// meta returns the metadata of a route's object, with what ExternalDNS reads.
// The target stands with the gateway where there is one.
func (r *router) meta(target string) metav1.ObjectMeta {
	dns := map[string]string{"hostname": strings.Join(r.hosts, ","), "target": target}
	if d := r.route.DNS; d != nil {
		if d.TTL != nil {
			dns["ttl"] = strconv.Itoa(int(*d.TTL))
		}
		if d.Enabled != nil && !*d.Enabled {
			dns = map[string]string{"controller": "none"} // another than ExternalDNS: it looks away
		}
	}
	annotations := part.DNSAnnotations(r.platform, dns)
	maps.Copy(annotations, r.route.Annotations)
	return part.Annotated(r.target, r.route.Name, annotations)
}

// parentRef refers to a listener of a gateway, or to all.
func parentRef(g view.Gateway, section string) part.Map {
	return part.Fields(part.Map{"group": gatewayGroup, "kind": "Gateway",
		"name": g.Name, "namespace": g.Namespace, "sectionName": section})
}

// destination is the Service behind a backend.
type destination struct {
	name, namespace string // the namespace is "" for the route's own
	port            int32
	weight          int32
}

// destination looks a backend up. An app that does not run here, or has no such
// port, is none.
func (r *router) destination(b model.Backend) (destination, bool) {
	d := destination{name: b.Service, weight: 1}
	if b.Weight != nil {
		d.weight = *b.Weight
	}
	if b.Port != nil {
		d.port = *b.Port
	}
	if b.Service != "" {
		return d, true
	}
	ports := view.PortsOf(&r.target.Spec)
	if b.App != r.target.App {
		peer, ok := r.index.App(b.App, r.target.Scope)
		if !ok {
			return d, false
		}
		ports = peer.Ports
		if peer.Namespace != r.target.Namespace {
			d.namespace = peer.Namespace
		}
	}
	service, _ := ports.Service(ports.Main)
	p, ok := service.Port(b.Port)
	d.name, d.port = service.Name, p.Number
	return d, ok
}

// destinations looks the backends of a rule up.
func (r *router) destinations(rule model.RouteRule) []destination {
	var out []destination
	for _, b := range rule.Backends {
		if d, ok := r.destination(b); ok {
			out = append(out, d)
		}
	}
	return out
}
