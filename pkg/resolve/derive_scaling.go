package resolve

import (
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// rollingUpdate is the strategy that has numbers.
const rollingUpdate = "RollingUpdate"

func deriveAutoscaling(d *derivation) {
	if !d.runs(model.Deployment, model.StatefulSet) {
		d.spec.Autoscaling = nil
	}
	a := d.spec.Autoscaling
	if a == nil {
		return
	}
	fill.Nil(&a.MinReplicas, 2)
	if a.Memory == nil && len(a.Metrics) == 0 {
		fill.Nil(&a.CPU, 80)
	}
	down := fill.Struct(&fill.Struct(&a.Behavior).ScaleDown)
	fill.Nil(&down.StabilizationWindowSeconds, 300)
}

func deriveReplicas(d *derivation) {
	if d.spec.Autoscaling != nil || !d.runs(model.Deployment, model.StatefulSet) {
		d.spec.Replicas = nil
		return
	}
	fill.Nil(&d.spec.Replicas, 1)
}

func deriveUpdateStrategy(d *derivation) {
	if !d.runs(model.Deployment, model.StatefulSet, model.DaemonSet) {
		return
	}
	r := fill.Struct(&d.spec.UpdateStrategy)
	fill.Zero(&r.Type, rollingUpdate)
	fill.Nil(&r.RevisionHistoryLimit, 3)
	if r.Type != rollingUpdate {
		r.MaxSurge, r.MaxUnavailable, r.Partition = nil, nil, nil
		return
	}
	if !d.runs(model.Deployment) {
		return
	}
	fill.Nil(&r.MaxSurge, intstr.FromString("25%"))
	missing := intstr.FromInt32(0)
	if isZero(*r.MaxSurge) {
		missing = intstr.FromInt32(1) // both zero is refused: nothing could move
	}
	fill.Nil(&r.MaxUnavailable, missing)
}

// isZero reports whether a number or percentage is zero.
func isZero(x intstr.IntOrString) bool {
	return x == intstr.FromInt32(0) || x.Type == intstr.String && x.StrVal == "0%"
}

func deriveDisruption(d *derivation) {
	if !d.runs(model.Deployment, model.StatefulSet) {
		d.spec.Disruption = nil
		return
	}
	several := d.least() >= 2
	if !several && d.spec.Disruption == nil {
		return
	}
	b := fill.Struct(&d.spec.Disruption)
	fill.Nil(&b.Enabled, several)
	if b.MinAvailable == nil {
		fill.Nil(&b.MaxUnavailable, intstr.FromInt32(1))
	}
}
