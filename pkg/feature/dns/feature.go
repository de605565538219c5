package dns

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// Feature returns DNS records.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "dns",
		Rules: documentation,
		Defaults: []feature.Default{
			{ID: "dns-record",
				Doc:   "Names of DNS records are completed with the domain of the environment; the default type is CNAME.",
				Apply: deriveDNS},
		},
		CheckLayer: checkLayer,
		CheckFleet: checkFleet,
		Facts:      recordFacts,
		Objects:    Generate,
	}
}
