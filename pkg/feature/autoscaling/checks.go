package autoscaling

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker checks what decides on the number of pods.
type checker struct{ *feature.Report }

// checkLayer checks the autoscalers and the budget of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	if a := s.Autoscaling; a != nil && a.MinReplicas != nil && a.MaxReplicas != 0 && a.MaxReplicas < *a.MinReplicas {
		r.Errorf("invalid-value", at.Field("autoscaling").Field("maxReplicas"), "raise it, or lower minReplicas", "maxReplicas %d is less than minReplicas %d", a.MaxReplicas, *a.MinReplicas)
	}
	if d := s.Disruption; d != nil {
		r.ExactlyOne(at.Field("disruption"), "at most one", map[string]bool{"minAvailable": d.MinAvailable != nil, "maxUnavailable": d.MaxUnavailable != nil}, 0)
	}
	if s.KEDA != nil {
		checker{r}.layerTriggers(at.Field("keda").Field("triggers"), s.KEDA.Triggers)
	}
	if s.VerticalAutoscaling != nil {
		seen := map[string]bool{}
		for _, c := range s.VerticalAutoscaling.Containers {
			r.Unique(seen, at.Field("verticalAutoscaling").Field("containers").Key(c.Name), c.Name)
		}
	}
}

// checkTarget checks the autoscalers of a target.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if a := t.Spec.Autoscaling; a != nil && a.MaxReplicas < *a.MinReplicas {
		r.Errorf("invalid-value", at.Field("autoscaling").Field("maxReplicas"), "raise it to minReplicas, or lower minReplicas",
			"maxReplicas %d is less than minReplicas %d", a.MaxReplicas, *a.MinReplicas)
	}
	c := checker{r}
	if t.Spec.KEDA != nil {
		c.keda(at.Field("keda"), at, t)
	}
	c.vertical(at.Field("verticalAutoscaling"), t)
	c.eviction(at.Field("pod"), t)
}
