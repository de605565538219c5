package autoscaling

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// keda checks what KEDA scales. App is the path of the app's layer.
func (c checker) keda(at, app fieldpath.Path, t *view.Target) {
	k := t.Spec.KEDA
	c.bounds(at, k)
	if len(k.Triggers) == 0 {
		c.Errorf("keda-no-trigger", at.Field("triggers"), "add one", "KEDA has nothing to scale by")
		return
	}
	c.zero(at, t)
	c.fallback(at, k)
	c.modifiers(at, k)
	if k.Paused != nil && *k.Paused {
		c.Warnf("keda-paused", at.Field("paused"), "remove it once the reason is gone", "KEDA does not scale %s while it is paused", t.App)
	}
	for i := range k.Triggers {
		c.trigger(at.Field("triggers").Key(k.Triggers[i].Name), t, &k.Triggers[i])
	}
	if t.MadeBy != "" {
		c.jobs(at, k)
		c.stableNames(app.Field("config"), t)
		return
	}
	c.budget(app, t)
}

// bounds checks the numbers of pods.
func (c checker) bounds(at fieldpath.Path, k *model.KEDA) {
	switch {
	case k.MaxReplicas < 1:
		c.Errorf("missing-value", at.Field("maxReplicas"), "add the maximum number of pods", "maxReplicas is missing, or less than 1")
	case k.MaxReplicas < *k.MinReplicas:
		c.Errorf("keda-bounds", at.Field("maxReplicas"), "raise it to minReplicas, or lower minReplicas",
			"maxReplicas %d is less than minReplicas %d", k.MaxReplicas, *k.MinReplicas)
	}
	if *k.MinReplicas < 0 {
		c.Errorf("keda-bounds", at.Field("minReplicas"), "use 0 or more", "minReplicas %d is negative", *k.MinReplicas)
	}
	switch idle := k.IdleReplicas; {
	case idle == nil:
	case *idle != 0:
		c.Errorf("keda-bounds", at.Field("idleReplicas"), "use 0, or set minReplicas instead", "KEDA supports only 0 idle replicas, not %d", *idle)
	case *idle >= *k.MinReplicas:
		c.Errorf("keda-bounds", at.Field("idleReplicas"), "remove it, or raise minReplicas", "idleReplicas %d is not less than minReplicas %d", *idle, *k.MinReplicas)
	}
}

// zero finds what does not go together with having no pods.
func (c checker) zero(at fieldpath.Path, t *view.Target) {
	k := t.Spec.KEDA
	idle := k.IdleReplicas != nil && *k.IdleReplicas == 0
	if *k.MinReplicas > 0 && !idle || t.MadeBy != "" {
		return
	}
	field := at.Field("minReplicas")
	if idle {
		field = at.Field("idleReplicas")
	}
	if onlyResources(k.Triggers) {
		c.Errorf("keda-zero", field, "keep one pod, or add a trigger that does not depend on pods", "cpu and memory alone cannot scale from zero")
	}
	if len(t.Spec.Routes) > 0 {
		c.Warnf("keda-zero-route", field, "keep one pod", "while %s has no pods, its routes answer with an error", t.App)
	}
	for _, x := range k.Triggers {
		if x.Kafka != nil && x.Kafka.Topic == "" && x.Metadata["topic"] == "" {
			c.Warnf("keda-kafka-topic", at.Field("triggers").Key(x.Name).Field("kafka").Field("topic"), "name the topic, or keep one pod",
				"without pods, KEDA finds only topics that the group has committed to, and may never scale from zero")
		}
	}
}

// fallback checks what happens when a trigger cannot be read.
func (c checker) fallback(at fieldpath.Path, k *model.KEDA) {
	f, below := k.Fallback, at.Field("fallback")
	if f == nil {
		return
	}
	if f.Replicas == nil {
		c.Errorf("missing-value", below.Field("replicas"), "add the number of pods", "the fallback has no number of pods")
	} else if *f.Replicas < 0 || *f.FailureThreshold < 0 {
		c.Errorf("keda-fallback", below, "use 0 or more", "replicas or failureThreshold is negative")
	}
	c.oneOf(below.Field("behavior"), f.Behavior,
		[]string{"", "static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower", "scalingModifiers"})
	if k.ScalingModifiers == nil && onlyResources(k.Triggers) {
		c.Errorf("keda-fallback", below, "remove it, or add another trigger", "the fallback applies to no trigger: KEDA does not read cpu and memory itself")
	}
	if k.ScalingModifiers == nil && f.Behavior == "scalingModifiers" {
		c.Errorf("keda-fallback", below.Field("behavior"), "add scalingModifiers, or choose another behavior", "there is no formula to fall back in")
	}
}

// modifiers checks the formula, in which a dash subtracts.
func (c checker) modifiers(at fieldpath.Path, k *model.KEDA) {
	m, below := k.ScalingModifiers, at.Field("scalingModifiers")
	if m == nil {
		return
	}
	c.required(below, map[string]string{"formula": m.Formula, "target": m.Target})
	for _, x := range k.Triggers {
		if strings.Contains(x.Name, "-") {
			c.Errorf("keda-formula", at.Field("triggers").Key(x.Name).Field("name"), "write it without dashes", "a formula would read %s as a subtraction", x.Name)
		}
	}
}

// jobs checks what only a ScaledJob has, and what it does not have.
func (c checker) jobs(at fieldpath.Path, k *model.KEDA) {
	c.oneOf(at.Field("jobs").Field("rollout"), k.Jobs.Rollout, []string{"gradual", "immediate"})
	c.oneOf(at.Field("jobs").Field("scalingStrategy"), k.Jobs.ScalingStrategy, []string{"", "default", "accurate", "eager"})
	c.oneOf(at.Field("jobs").Field("multipleScalersCalculation"), k.Jobs.MultipleScalersCalculation, []string{"", "max", "min", "avg", "sum"})
	foreign := map[string]bool{
		"fallback": k.Fallback != nil, "scalingModifiers": k.ScalingModifiers != nil, "behavior": k.Behavior != nil, "idleReplicas": k.IdleReplicas != nil,
		"cooldownPeriod": k.CooldownPeriod != nil, "initialCooldownPeriod": k.InitialCooldownPeriod != nil,
	}
	for _, name := range feature.SortedKeys(foreign) {
		if foreign[name] {
			c.Errorf("keda-job", at.Field(name), "remove it", "a ScaledJob has no %s", name)
		}
	}
	for _, x := range k.Triggers {
		if isResource(x) {
			c.Errorf("keda-job", at.Field("triggers").Key(x.Name), "scale by something else", "KEDA does not scale Jobs by cpu or memory")
		}
	}
}

// stableNames finds ConfigMaps with a hash in their names, which kustomize does not
// follow in a ScaledJob. A default cannot omit it: where only some environments
// have a ScaledJob, the base has the hash.
func (c checker) stableNames(at fieldpath.Path, t *view.Target) {
	for _, x := range t.Spec.Config {
		if !feature.IsTrue(x.StableName) {
			c.Errorf("keda-job-config", at.Key(x.Name).Field("stableName"), "set it to true in all environments",
				"kustomize does not follow the name of the ConfigMap, which has a hash, in a ScaledJob")
		}
	}
}

// budget finds a budget that allows no eviction while KEDA keeps as few pods as it
// can, so that a node cannot be drained.
func (c checker) budget(app fieldpath.Path, t *view.Target) {
	d := t.Spec.Disruption
	if d == nil || !feature.IsTrue(d.Enabled) || d.MinAvailable == nil {
		return
	}
	least, err := intstr.GetScaledValueFromIntOrPercent(d.MinAvailable, int(max(t.MinPods, 1)), true)
	if err == nil && least >= int(max(t.MinPods, 1)) {
		c.Warnf("keda-budget", app.Field("disruption").Field("minAvailable"), "use maxUnavailable: 1, or raise minReplicas",
			"with as few pods as KEDA keeps, minAvailable %s allows no eviction, and nodes cannot be drained", d.MinAvailable)
	}
}

// requested checks that containers have a request, or a limit, for what KEDA scales
// by the use of in percent.
func (c checker) requested(at fieldpath.Path, t *view.Target, r *model.KEDAResource, name corev1.ResourceName) {
	if r == nil {
		return
	}
	if r.Container != "" {
		c.container(at.Field("container"), t, r.Container)
	}
	if r.Utilization == nil {
		return
	}
	all := append([]model.Container{{Name: t.Spec.ContainerName, ContainerSpec: t.Spec.ContainerSpec}}, t.Spec.Containers...)
	for _, x := range all {
		if r.Container != "" && r.Container != x.Name {
			continue
		}
		if !has(x.Resources, name) {
			c.Errorf("scaling-without-request", at, "add resources.requests."+string(name)+" to the container, or use averageValue",
				"the container %s has no request for %s to scale by", x.Name, name)
		}
	}
}

func has(r *corev1.ResourceRequirements, name corev1.ResourceName) bool {
	if r == nil {
		return false
	}
	_, request := r.Requests[name]
	_, limit := r.Limits[name]
	return request || limit
}

// authentication checks how KEDA authenticates itself. A Secret of the app must
// have the key.
func (c checker) authentication(at fieldpath.Path, t *view.Target, a *model.KEDAAuthentication) {
	if a == nil {
		return
	}
	if own := len(a.Secrets) > 0 || a.PodIdentity != nil; own == (a.Existing != nil) {
		c.Errorf("one-of", at, "set secrets or podIdentity, or existing alone", "the authentication is empty, or has an existing object beside its own values")
	}
	if a.Existing != nil {
		c.oneOf(at.Field("existing").Field("kind"), a.Existing.Kind, []string{"TriggerAuthentication", "ClusterTriggerAuthentication"})
	}
	if p := a.PodIdentity; p != nil {
		c.oneOf(at.Field("podIdentity").Field("provider"), p.Provider, []string{"aws", "azure-workload", "gcp"})
		c.oneOf(at.Field("podIdentity").Field("identityOwner"), p.IdentityOwner, []string{"", "keda", "workload"})
	}
	for _, s := range a.Secrets {
		below := at.Field("secrets").Key(s.Parameter)
		c.required(below, map[string]string{"name": s.Name, "key": s.Key})
		for i := range t.Spec.Secrets {
			x := &t.Spec.Secrets[i]
			if known := keysOf(x); (x.Name == s.Name || x.Target == s.Name) && known != nil && s.Key != "" {
				c.Known("keda-secret-key", "key of the Secret "+s.Name, below.Field("key"), s.Key, known)
			}
		}
	}
}

// keysOf returns the keys of a Secret, or nil where the model does not have them
// all.
func keysOf(s *model.Secret) []string {
	if len(s.Keys) == 0 || len(s.From) > 0 || s.Template != nil {
		return nil
	}
	var out []string
	for _, k := range s.Keys {
		out = append(out, k.Name)
	}
	slices.Sort(out)
	return out
}
