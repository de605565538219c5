package autoscaling

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// The kinds of KEDA's objects.
const (
	scaledObject = "ScaledObject"
	scaledJob    = "ScaledJob"
)

// deriveKEDA completes what KEDA scales, and states what KEDA owns.
func deriveKEDA(d *feature.Derivation) {
	if !d.Runs(model.Deployment, model.StatefulSet, model.Job) {
		d.Spec.KEDA = nil
	}
	k := d.Spec.KEDA
	if k == nil {
		return
	}
	least := int32(0)
	if len(k.Triggers) > 0 && onlyResources(k.Triggers) {
		least = 1
	}
	fill.Nil(&k.MinReplicas, least)
	for i := range k.Triggers {
		deriveTrigger(&k.Triggers[i])
	}
	if k.Fallback != nil {
		fill.Nil(&k.Fallback.FailureThreshold, 3)
	}
	if d.Runs(model.Job) {
		deriveScaledJob(d, k)
		return
	}
	d.MinPods = *k.MinReplicas
	if k.IdleReplicas != nil {
		d.MinPods = min(d.MinPods, *k.IdleReplicas)
	}
	d.Own(view.OwnedField{By: scaledObject, Group: "apps", Kind: string(d.Spec.Kind), Name: d.App, Pointer: view.Replicas})
	for _, t := range k.Triggers {
		if t.CPU != nil && t.CPU.Utilization != nil {
			d.Own(view.OwnedField{By: scaledObject, Kind: view.Pod, Name: d.App, Pointer: view.CPURequest})
		}
		if t.Memory != nil && t.Memory.Utilization != nil {
			d.Own(view.OwnedField{By: scaledObject, Kind: view.Pod, Name: d.App, Pointer: view.MemoryRequest})
		}
	}
}

// deriveScaledJob completes what only a ScaledJob has.
func deriveScaledJob(d *feature.Derivation, k *model.KEDA) {
	d.MadeBy = scaledJob
	jobs := fill.Struct(&k.Jobs)
	fill.Zero(&jobs.Rollout, "gradual")
	fill.Nil(&jobs.SuccessfulJobsHistoryLimit, 5)
	fill.Nil(&jobs.FailedJobsHistoryLimit, 5)
}

func deriveTrigger(t *model.KEDATrigger) {
	for _, r := range []*model.KEDAResource{t.CPU, t.Memory} {
		if r != nil && r.AverageValue == nil {
			fill.Nil(&r.Utilization, 80)
		}
	}
	if t.Cron != nil {
		fill.Zero(&t.Cron.TimeZone, "Etc/UTC")
	}
	if t.RabbitMQ != nil {
		fill.Zero(&t.RabbitMQ.Mode, "QueueLength")
	}
	if a := t.Authentication; a != nil && a.Existing != nil {
		fill.Zero(&a.Existing.Kind, "ClusterTriggerAuthentication")
	}
}

// isResource reports whether a trigger is of the pods themselves, of which there
// are none to scale from zero by.
func isResource(t model.KEDATrigger) bool { return t.CPU != nil || t.Memory != nil }

func onlyResources(triggers []model.KEDATrigger) bool {
	return !slices.ContainsFunc(triggers, func(t model.KEDATrigger) bool { return !isResource(t) })
}

// kedaFacts states the Secrets that KEDA reads for a target.
func kedaFacts(t *view.Target, f *view.Facts) {
	if t.Spec.KEDA == nil {
		return
	}
	eachSecret(t, func(u view.SecretUse) { f.SecretUses = append(f.SecretUses, u) })
}
