package objects

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns the whole objects that an app has.
func Feature() feature.Feature {
	return feature.Feature{
		Name:       "objects",
		Rules:      documentation,
		Facts:      objectFacts,
		Objects:    Generate,
		CheckLayer: checkLayer,
	}
}
