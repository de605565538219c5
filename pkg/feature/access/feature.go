package access

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns the service account of an app, and what it may do.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "access",
		Rules: documentation,
		Defaults: []feature.Default{
			{ID: "own-service-account",
				Doc:   "Pods run as their own service account, whose token is mounted only if the app sets rules; the pods use the setting of the account.",
				After: []string{"hook"},
				Apply: deriveAccount},
		},
		CheckTarget: checkTarget,
		Objects:     Generate,
	}
}
