package config

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns ConfigMaps.
func Feature() feature.Feature {
	return feature.Feature{
		Name:        "config",
		Rules:       documentation,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		Objects:     Generate,
	}
}
