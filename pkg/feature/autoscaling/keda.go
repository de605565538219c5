package autoscaling

import (
	"maps"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// keda is the apiVersion of KEDA's objects.
const keda = "keda.sh/v1alpha1"

// pausedAnnotation tells KEDA to leave the number of pods as it is.
const pausedAnnotation = "autoscaling.keda.sh/paused"

// kedaObjects makes the ScaledObject of a target, and what its triggers are
// authenticated by. A ScaledJob takes the place of the Job.
func kedaObjects(t *view.Target, _ *view.View) ([]object.Object, error) {
	k := t.Spec.KEDA
	if k == nil {
		return nil, nil
	}
	var out []object.Object
	for i := range k.Triggers {
		a := k.Triggers[i].Authentication
		if a == nil || a.Existing != nil {
			continue
		}
		o, err := part.Custom(keda, "TriggerAuthentication", part.Meta(t, authentication(t, k.Triggers[i])), authenticationSpec(t, a))
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	if t.MadeBy != "" {
		return out, nil
	}
	spec, err := scaledObjectSpec(t, k)
	if err != nil {
		return nil, err
	}
	o, err := part.Custom(keda, scaledObject, part.Annotated(t, t.App, paused(k, nil)), spec)
	return append(out, o), err
}

// replaceJob puts a ScaledJob in the place of the Job that KEDA makes. KEDA passes
// the annotations of a ScaledJob on to its Jobs.
func replaceJob(t *view.Target, o object.Object) (object.Object, error) {
	k := t.Spec.KEDA
	if k == nil || t.MadeBy != scaledJob || o.Kind() != "Job" || o.Group() != "batch" || o.Name() != t.App {
		return o, nil
	}
	job, _ := o.Clone().Get("spec")
	spec := part.Fields(part.Map{
		"jobTargetRef": job, "minReplicaCount": number(k.MinReplicas), "maxReplicaCount": int64(k.MaxReplicas),
		"pollingInterval":            number(k.PollingInterval),
		"successfulJobsHistoryLimit": number(k.Jobs.SuccessfulJobsHistoryLimit), "failedJobsHistoryLimit": number(k.Jobs.FailedJobsHistoryLimit),
		"rollout": part.Map{"strategy": k.Jobs.Rollout},
		"scalingStrategy": part.Fields(part.Map{
			"strategy": k.Jobs.ScalingStrategy, "multipleScalersCalculation": k.Jobs.MultipleScalersCalculation}),
		"triggers": triggers(t, k),
	})
	return part.Custom(keda, scaledJob, part.Annotated(t, t.App, paused(k, t.Spec.Annotations)), spec)
}

// paused returns annotations with KEDA's own.
func paused(k *model.KEDA, annotations map[string]string) map[string]string {
	if k.Paused == nil || !*k.Paused {
		return annotations
	}
	out := map[string]string{pausedAnnotation: "true"}
	maps.Copy(out, annotations)
	return out
}

func scaledObjectSpec(t *view.Target, k *model.KEDA) (part.Map, error) {
	advanced := part.Map{}
	if k.Behavior != nil {
		behavior, err := runtime.DefaultUnstructuredConverter.ToUnstructured(k.Behavior)
		if err != nil {
			return nil, err
		}
		advanced["horizontalPodAutoscalerConfig"] = part.Map{"behavior": behavior}
	}
	if m := k.ScalingModifiers; m != nil {
		advanced["scalingModifiers"] = part.Fields(part.Map{
			"formula": m.Formula, "target": m.Target, "activationTarget": m.ActivationTarget, "metricType": m.MetricType})
	}
	spec := part.Map{
		"scaleTargetRef":  part.Map{"apiVersion": "apps/v1", "kind": string(t.Spec.Kind), "name": t.App},
		"minReplicaCount": number(k.MinReplicas), "maxReplicaCount": int64(k.MaxReplicas), "idleReplicaCount": number(k.IdleReplicas),
		"pollingInterval": number(k.PollingInterval), "cooldownPeriod": number(k.CooldownPeriod),
		"initialCooldownPeriod": number(k.InitialCooldownPeriod),
		"advanced":              advanced, "triggers": triggers(t, k),
	}
	if f := k.Fallback; f != nil {
		spec["fallback"] = part.Fields(part.Map{
			"failureThreshold": number(f.FailureThreshold), "replicas": number(f.Replicas), "behavior": f.Behavior})
	}
	return part.Fields(spec), nil
}

// authentication returns the name of the TriggerAuthentication of a trigger.
func authentication(t *view.Target, trigger model.KEDATrigger) string {
	return t.App + "-" + trigger.Name
}

func authenticationSpec(t *view.Target, a *model.KEDAAuthentication) part.Map {
	var secrets part.List
	for _, s := range a.Secrets {
		secrets = append(secrets, part.Map{"parameter": s.Parameter, "name": part.Secret(t, s.Name), "key": s.Key})
	}
	spec := part.Map{"secretTargetRef": secrets}
	if p := a.PodIdentity; p != nil {
		spec["podIdentity"] = part.Fields(part.Map{
			"provider": p.Provider, "identityId": p.IdentityID, "roleArn": p.RoleARN, "identityOwner": p.IdentityOwner})
	}
	return part.Fields(spec)
}

// eachSecret calls f with the Secrets that KEDA reads for a target.
func eachSecret(t *view.Target, f func(view.SecretUse)) {
	at := fieldpath.Path("apps").Key(t.App).Field("spec").Field("keda").Field("triggers")
	for _, trigger := range t.Spec.KEDA.Triggers {
		if trigger.Authentication == nil {
			continue
		}
		for _, s := range trigger.Authentication.Secrets {
			below := at.Key(trigger.Name).Field("authentication").Field("secrets").Key(s.Parameter)
			f(view.SecretUse{Path: below, Namespace: t.Namespace, Name: part.Secret(t, s.Name), Key: s.Key})
		}
	}
}
