package secrets

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// Feature returns Secrets, from stores and generators.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "secrets",
		Rules: documentation,
		Defaults: []feature.Default{
			{ID: "secret-place",
				Doc:   "Secrets are read from the store of the environment, from an entry named after environment, app and Secret; each key of a Secret is a property of it. What names the environment is not part of the base.",
				Apply: deriveSecretPlaces},
			{ID: "secret-policy",
				Doc:   "Secrets are owned by their ExternalSecret, retained when the value is deleted from the store, and refreshed every hour.",
				After: []string{"secret-place"},
				Apply: deriveSecretPolicies},
		},
		Facts:       secretFacts,
		CheckModel:  checkModel,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
		CheckFleet:  checkFleet,
		Objects:     Generate,
		Preview:     OfPreview,
		Components:  []feature.Component{{Name: layout.Stores, Objects: Stores}},
	}
}
