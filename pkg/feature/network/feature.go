package network

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns Services, the network policies in front of and behind them, and the service mesh.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "network",
		Rules: documentation,
		Defaults: []feature.Default{
			{ID: "service",
				Doc:   "An app with ports that are not private has a Service of type ClusterIP. A load balancer that allows only some networks preserves the client address, which the network policy checks.",
				After: []string{"port-protocol"},
				Apply: deriveService},
			{ID: "governing-service",
				Doc:   "The pods of a StatefulSet get their DNS names from the Service of the app if it is headless, and otherwise from a generated Service, NAME-headless.",
				After: []string{"service"},
				Apply: deriveGoverning},
			{ID: "mesh",
				Doc:   "Pods join the service mesh with a sidecar.",
				Apply: deriveMesh},
		},
		CheckModel:  checkModel,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		CheckFleet:  checkFleet,

		CheckObjects: checkObjects,
		Facts:        networkFacts,
		Objects:      feature.Generators(Services, Policies),
		Preview:      Neighbours,
	}
}
