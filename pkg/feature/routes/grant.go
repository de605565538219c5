package routes

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// grantVersion returns the version of ReferenceGrant in a version of the Gateway API.
func grantVersion(api string) string {
	if view.AtLeast(api, "1.5") {
		return gatewayGroup + "/v1"
	}
	return gatewayGroup + "/v1beta1"
}

// routeKinds are the kinds that routes on a gateway have.
var routeKinds = map[model.RouteProtocol]string{model.HTTP: "HTTPRoute", model.GRPC: "GRPCRoute", model.TLS: "TLSRoute"}

// backendGrant lets the routes of apps of other namespaces call the app's
// Service. It stands with the app: who is called decides.
func backendGrant(t *view.Target, v *view.View) ([]object.Object, error) {
	platform := v.Platform(t.Scope)
	var from part.List
	seen := map[string]bool{}
	for _, r := range v.Routed(t.App, t.Scope) {
		g, ok := platform.GatewayNamed(r.Route.Gateway)
		kind := routeKinds[r.Route.Protocol]
		if r.Namespace == t.Namespace || !ok || g.Kind != model.GatewayAPI || seen[kind+r.Namespace] {
			continue
		}
		seen[kind+r.Namespace] = true
		from = append(from, part.Map{"group": gatewayGroup, "kind": kind, "namespace": r.Namespace})
	}
	service := view.PortsOf(&t.Spec).Main
	if from == nil || service == "" {
		return nil, nil
	}
	o, err := part.Custom(grantVersion(platform.GatewayAPI), "ReferenceGrant", part.Meta(t, t.App),
		part.Map{"from": from, "to": part.List{part.Map{"group": "", "kind": "Service", "name": service}}})
	return []object.Object{o}, err
}

// secretGrants lets gateways use certificates that lie in other namespaces.
func secretGrants(s view.Environment, entrances []view.GatewayBinding) ([]object.Object, error) {
	var out []object.Object
	for _, g := range entrances {
		c := g.CertificateSecret
		if c == nil || c.Namespace == "" || c.Namespace == g.Namespace || g.Kind != model.GatewayAPI {
			continue
		}
		o, err := part.Custom(grantVersion(s.Platform.GatewayAPI), "ReferenceGrant",
			metav1.ObjectMeta{Name: s.Model.Name + "-" + g.Name, Namespace: c.Namespace, Labels: part.PlatformLabels()},
			part.Map{
				"from": part.List{part.Map{"group": gatewayGroup, "kind": "Gateway", "namespace": g.Namespace}},
				"to":   part.List{part.Map{"group": "", "kind": "Secret", "name": c.Name}},
			})
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return slices.Clip(out), nil
}
