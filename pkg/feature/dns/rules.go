package dns

import "github.com/gitopsgen/gitopsgen/pkg/rules"

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "record-conflict",
		Reason: "With both a DNS record and a route for a name, ExternalDNS would write the name twice, with different targets.",
		Fix:    "Remove the record, or disable DNS for the route.",
		Source: "https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/crd/"},
}
