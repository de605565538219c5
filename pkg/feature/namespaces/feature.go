package namespaces

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// Feature returns namespaces.
func Feature() feature.Feature {
	return feature.Feature{
		Name:        "namespaces",
		Rules:       documentation,
		Preview:     OfPreview,
		Components:  []feature.Component{{Name: layout.Namespaces, Objects: Objects}},
		Facts:       namespaceFacts,
		CheckModel:  checkModel,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		CheckFleet:  checkFleet,
	}
}
