package storage

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns volume claims.
func Feature() feature.Feature {
	return feature.Feature{
		Name: "storage",
		Defaults: []feature.Default{
			{ID: "claim-mode",
				Doc:   "A claim can be mounted by one node.",
				Apply: deriveClaims},
		},
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		Objects:     Generate,
	}
}
