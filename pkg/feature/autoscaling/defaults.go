package autoscaling

import (
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func deriveAutoscaling(d *feature.Derivation) {
	if !d.Runs(model.Deployment, model.StatefulSet) {
		d.Spec.Autoscaling = nil
	}
	a := d.Spec.Autoscaling
	if a == nil {
		return
	}
	fill.Nil(&a.MinReplicas, 2)
	if a.Memory == nil && len(a.Metrics) == 0 {
		fill.Nil(&a.CPU, 80)
	}
	down := fill.Struct(&fill.Struct(&a.Behavior).ScaleDown)
	fill.Nil(&down.StabilizationWindowSeconds, 300)
	d.MinPods = *a.MinReplicas
	d.Own(view.OwnedField{By: "HorizontalPodAutoscaler", Group: "apps", Kind: string(d.Spec.Kind), Name: d.App, Pointer: view.Replicas})
	if a.CPU != nil {
		d.Own(view.OwnedField{By: "HorizontalPodAutoscaler", Kind: view.Pod, Name: d.App, Pointer: view.CPURequest})
	}
	if a.Memory != nil {
		d.Own(view.OwnedField{By: "HorizontalPodAutoscaler", Kind: view.Pod, Name: d.App, Pointer: view.MemoryRequest})
	}
}

func deriveDisruption(d *feature.Derivation) {
	if !d.Runs(model.Deployment, model.StatefulSet) {
		d.Spec.Disruption = nil
		return
	}
	several := d.MinPods >= 2
	if !several && d.Spec.Disruption == nil {
		return
	}
	b := fill.Struct(&d.Spec.Disruption)
	fill.Nil(&b.Enabled, several)
	if b.MinAvailable == nil {
		fill.Nil(&b.MaxUnavailable, intstr.FromInt32(1))
	}
}
