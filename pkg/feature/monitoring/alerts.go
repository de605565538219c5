package monitoring

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// alerts makes the PrometheusRule of the alerts that the user writes. The base has
// none where one of them names the namespace, and a preview alerts nobody.
func alerts(t *view.Target, _ *view.View) ([]object.Object, error) {
	m := t.Spec.Monitoring
	if m == nil || len(m.Alerts) == 0 || t.IsPreview() {
		return nil, nil
	}
	named := func(a model.Alert) bool { return strings.Contains(a.Expr, "$namespace") }
	if t.Namespace == "" && slices.ContainsFunc(m.Alerts, named) {
		return nil, nil
	}
	var rules part.List
	for _, a := range m.Alerts {
		labels := map[string]string{"severity": a.Severity}
		maps.Copy(labels, a.Labels)
		annotations := maps.Clone(a.Annotations)
		if a.Runbook != "" {
			if annotations == nil {
				annotations = map[string]string{}
			}
			annotations["runbook_url"] = a.Runbook
		}
		rules = append(rules, part.Fields(part.Map{
			"alert": a.Name, "expr": placed(t, a.Expr), "for": a.For, "labels": labels, "annotations": annotations}))
	}
	o, err := part.Custom(apiVersion, "PrometheusRule", meta(t, t.App+"-alerts"),
		part.Map{"groups": part.List{part.Map{"name": t.App, "rules": rules}}})
	return []object.Object{o}, err
}
