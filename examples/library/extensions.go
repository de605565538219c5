package main

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// ownerLabel names the team that is called at night.
const ownerLabel = "shop.example.com/owner"

// podMonitor makes a PodMonitor of the Prometheus operator for every app with a
// port named metrics.
func podMonitor(t *view.Target, _ *view.View) ([]object.Object, error) {
	if !slices.ContainsFunc(t.Spec.Ports, func(p model.Port) bool { return p.Name == "metrics" }) {
		return nil, nil
	}
	metadata := map[string]any{"name": t.App}
	if t.Namespace != "" {
		metadata["namespace"] = t.Namespace
	}
	o, err := object.FromMap(map[string]any{
		"apiVersion": "monitoring.coreos.com/v1",
		"kind":       "PodMonitor",
		"metadata":   metadata,
		"spec": map[string]any{
			"selector":            map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": t.App}},
			"podMetricsEndpoints": []any{map[string]any{"port": "metrics"}},
		},
	})
	return []object.Object{o}, err
}

// hasOwner finds apps without an owner.
func hasOwner(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if t.Spec.Labels[ownerLabel] == "" {
		r.Errorf("shop-owner", at.Field("labels"), "add the label "+ownerLabel, "nobody owns this app")
	}
}
