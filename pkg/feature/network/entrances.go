package network

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// entranceOf is who lets calls in to an app, and at which of its ports.
type entranceOf struct {
	pods  *model.Pods // nil for any of the cluster
	ports []networkingv1.NetworkPolicyPort
}

// entrances returns the gateways and ingress controllers that call an app for some
// routes. There are none in the base.
func entrances(app string, ports view.Ports, routes []model.Route, platform *view.Platform) []entranceOf {
	if platform == nil {
		return nil
	}
	var out []entranceOf
	for i := range routes {
		r := &routes[i]
		var names []string
		for _, rule := range r.Rules {
			names = append(names, called(app, ports, rule)...)
		}
		pods := platform.IngressController
		if g, ok := platform.GatewayNamed(r.Gateway); ok {
			pods = g.Pods
		} else if r.IngressClass == "" {
			continue // attached to nothing, as a finding tells
		}
		if names != nil {
			out = append(out, entranceOf{pods, policyPorts(ports.Pods, names)})
		}
	}
	return out
}

// routesTo returns the routes for which an app opens itself to gateways: its own,
// and those of other apps that may not write into its namespace.
func routesTo(t *view.Target, v *view.View) []model.Route {
	out := append([]model.Route(nil), t.Spec.Routes...)
	for _, r := range v.Routed(t.App, t.Scope) {
		if !view.WritesInto(view.Peer{Project: r.Project, Namespace: r.Namespace}, self(t), t.Platform) {
			out = append(out, r.Route)
		}
	}
	return out
}

// called returns the names of the ports of an app's Services at which a rule calls
// it.
func called(app string, ports view.Ports, rule model.RouteRule) []string {
	var out []string
	for _, b := range view.Backends(rule) {
		name := b.Service
		if b.App == app {
			name = ports.Main
		}
		service, _ := ports.Service(name)
		if p, ok := service.Port(b.Port); ok {
			out = append(out, p.Name)
		}
	}
	return out
}
