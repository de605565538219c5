package routes

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// Feature returns how calls come in: gateways, routes and Ingresses.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "routes",
		Rules: documentation,
		Defaults: []feature.Default{
			{ID: "route",
				Doc:   "The hosts of a route are completed with the domain of the environment. The route is attached to the gateway or ingress class of the cluster or the environment, or to the only one of the fleet; it serves the first port, with HTTP. The base has no routes, because they depend on the environment.",
				After: []string{"governing-service"},
				Apply: deriveRoutes},
			{ID: "route-rules",
				Doc:   "The app itself serves everything below a host; paths match by prefix, and all backends have the same weight.",
				After: []string{"route"},
				Apply: deriveRouteRules},
		},
		CheckModel:  checkModel,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		CheckFleet:  checkFleet,
		Facts:       routeFacts,
		Objects:     feature.Generators(Routes, Mesh),
		Components:  []feature.Component{{Name: layout.Gateways, Objects: Gateways}},
	}
}
