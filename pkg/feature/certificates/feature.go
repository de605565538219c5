package certificates

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// Feature returns certificates and their issuers.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "certificates",
		Rules: documentation,
		Defaults: []feature.Default{
			{ID: "certificate",
				Doc:   "A certificate comes from the issuer of the environment; its key is ECDSA with 256 bits and changes at each renewal. From a public issuer, it is renewed when a third of its lifetime is left; from a private one, it is valid for 90 days and renewed 30 days before it expires.",
				Apply: deriveCertificates},
		},
		CheckModel: checkModel,
		CheckLayer: checkLayer,
		CheckFleet: checkFleet,
		Facts:      certificateFacts,
		Objects:    Generate,
		Components: []feature.Component{{Name: layout.Issuers, Objects: Issuers}},
	}
}
