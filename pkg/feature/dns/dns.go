// Package dns makes the DNS records of names that no route has, as ExternalDNS
// reads them.
package dns

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes one DNSEndpoint of an app's records. The base has none: the
// domain is the environment's.
func Generate(t *view.Target, v *view.View) ([]object.Object, error) {
	if v.Platform(t.Scope) == nil || len(t.Spec.DNS) == 0 {
		return nil, nil
	}
	var endpoints part.List
	for _, r := range t.Spec.DNS {
		endpoints = append(endpoints, part.Fields(part.Map{
			"dnsName": r.Host, "recordType": r.Type, "recordTTL": r.TTL, "targets": r.Targets}))
	}
	o, err := part.Custom("externaldns.k8s.io/v1alpha1", "DNSEndpoint", part.Meta(t, t.App), part.Map{"endpoints": endpoints})
	return []object.Object{o}, err
}
