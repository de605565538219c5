package autoscaling

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// verticalPodAutoscaler is a kind.
const verticalPodAutoscaler = "VerticalPodAutoscaler"

// The modes of an autoscaler or a container that change nothing, and of a
// container that is controlled.
const (
	off  = "Off"
	auto = "Auto"
)

// controlled are the resources that a VerticalPodAutoscaler changes, and the
// fields that hold them.
var controlled = []struct {
	name    corev1.ResourceName
	pointer string
}{{corev1.ResourceCPU, view.CPURequest}, {corev1.ResourceMemory, view.MemoryRequest}}

// deriveVertical completes the autoscaler, and states which requests it owns.
func deriveVertical(d *feature.Derivation) {
	if !d.Runs() {
		d.Spec.VerticalAutoscaling = nil
	}
	v := d.Spec.VerticalAutoscaling
	if v == nil {
		return
	}
	fill.Zero(&v.UpdateMode, off)
	for i := range v.Containers {
		fill.Zero(&v.Containers[i].Mode, auto)
	}
	if v.UpdateMode == off {
		return
	}
	for _, r := range controlled {
		if controls(v, r.name) {
			d.Own(view.OwnedField{By: verticalPodAutoscaler, Kind: view.Pod, Name: d.App, Pointer: r.pointer})
		}
	}
}

// controls reports whether an autoscaler changes the requests of a resource in
// some container. Those without a policy are controlled.
func controls(v *model.VerticalAutoscaling, name corev1.ResourceName) bool {
	rest := true
	for _, c := range v.Containers {
		rest = rest && c.Name != "*"
		if c.Mode != off && (c.ControlledResources == nil || slices.Contains(c.ControlledResources, name)) {
			return true
		}
	}
	return rest
}

// workloadVersions are the apiVersions of the kinds that can be scaled.
var workloadVersions = map[model.WorkloadKind]string{
	model.Deployment: "apps/v1", model.StatefulSet: "apps/v1", model.DaemonSet: "apps/v1", model.Job: "batch/v1", model.CronJob: "batch/v1",
}

// verticalObjects makes the VerticalPodAutoscaler of a target.
func verticalObjects(t *view.Target, _ *view.View) ([]object.Object, error) {
	v := t.Spec.VerticalAutoscaling
	if v == nil {
		return nil, nil
	}
	var policies part.List
	for _, c := range v.Containers {
		policies = append(policies, part.Fields(part.Map{
			"containerName": c.Name, "mode": c.Mode, "minAllowed": quantities(c.MinAllowed), "maxAllowed": quantities(c.MaxAllowed),
			"controlledResources": c.ControlledResources, "controlledValues": c.ControlledValues}))
	}
	spec := part.Map{
		"targetRef":    part.Map{"apiVersion": workloadVersions[t.Spec.Kind], "kind": string(t.Spec.Kind), "name": t.App},
		"updatePolicy": part.Fields(part.Map{"updateMode": v.UpdateMode, "minReplicas": number(v.MinReplicas)}),
	}
	if policies != nil {
		spec["resourcePolicy"] = part.Map{"containerPolicies": policies}
	}
	o, err := part.Custom("autoscaling.k8s.io/v1", verticalPodAutoscaler, part.Meta(t, t.App), spec)
	return []object.Object{o}, err
}

func quantities(l corev1.ResourceList) map[string]string {
	out := map[string]string{}
	for name, q := range l {
		out[string(name)] = q.String()
	}
	return out
}

// updateModes are the modes of a VerticalPodAutoscaler; Auto is Recreate, and
// deprecated.
var updateModes = []string{off, "Initial", "Recreate", "InPlaceOrRecreate", "InPlace"}

// vertical checks the VerticalPodAutoscaler of a target.
func (c checker) vertical(at fieldpath.Path, t *view.Target) {
	v := t.Spec.VerticalAutoscaling
	if v == nil {
		return
	}
	c.oneOf(at.Field("updateMode"), v.UpdateMode, updateModes)
	if t.MadeBy != "" {
		c.Errorf("vertical-target", at, "remove it", "a VerticalPodAutoscaler cannot follow the Jobs of a %s", t.MadeBy)
	}
	evicts := v.UpdateMode == "Recreate" || v.UpdateMode == "InPlaceOrRecreate"
	if evicts && v.MinReplicas == nil && t.MinPods < 2 && (t.Spec.Kind == model.Deployment || t.Spec.Kind == model.StatefulSet) {
		c.Warnf("vertical-one-replica", at.Field("updateMode"), "run two replicas, use Initial, or set minReplicas to 1 and accept the outage",
			"the updater does not evict the pods of a workload with fewer than 2 replicas, so their requests stay as they are")
	}
	for _, p := range v.Containers {
		c.policy(at.Field("containers").Key(p.Name), t, p)
	}
}

// policy checks the policy for a container.
func (c checker) policy(at fieldpath.Path, t *view.Target, p model.VerticalContainer) {
	if p.Name != "*" {
		c.container(at, t, p.Name)
	}
	c.oneOf(at.Field("mode"), p.Mode, []string{auto, off})
	c.oneOf(at.Field("controlledValues"), p.ControlledValues, []string{"", "RequestsAndLimits", "RequestsOnly"})
	for _, r := range p.ControlledResources {
		c.oneOf(at.Field("controlledResources"), string(r), []string{"cpu", "memory"})
	}
	for _, name := range slices.Sorted(maps.Keys(p.MinAllowed)) {
		least := p.MinAllowed[name]
		if most, ok := p.MaxAllowed[name]; ok && most.Cmp(least) < 0 {
			c.Errorf("vertical-bounds", at.Field("maxAllowed").Key(string(name)), "raise it, or lower minAllowed",
				"maxAllowed %s is less than minAllowed %s", most.String(), least.String())
		}
	}
}

// The annotations of pods that the cluster autoscaler reads.
const (
	safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
	safeVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
)

// deriveEviction annotates the pods for the cluster autoscaler. An annotation that
// a layer sets itself stays.
func deriveEviction(d *feature.Derivation) {
	p := d.Spec.Pod
	if p == nil || p.SafeToEvict == nil && p.SafeToEvictLocalVolumes == nil {
		return
	}
	annotations := map[string]string{}
	if p.SafeToEvict != nil {
		annotations[safeToEvict] = truth(p.SafeToEvict)
	}
	if len(p.SafeToEvictLocalVolumes) > 0 {
		annotations[safeVolumes] = strings.Join(p.SafeToEvictLocalVolumes, ",")
	}
	maps.Copy(annotations, p.Annotations)
	p.Annotations = annotations
}

// eviction checks that volumes whose data can be lost are volumes of the pods.
func (c checker) eviction(at fieldpath.Path, t *view.Target) {
	if t.Spec.Pod == nil {
		return
	}
	var volumes []string
	for _, v := range t.Spec.Volumes {
		volumes = append(volumes, v.Name)
	}
	for i, name := range t.Spec.Pod.SafeToEvictLocalVolumes {
		c.Known("unknown-volume", "volume", at.Field("safeToEvictLocalVolumes").Index(i), name, volumes)
	}
}

// container checks that a container of the pods has a name.
func (c checker) container(at fieldpath.Path, t *view.Target, name string) {
	var names []string
	for _, x := range part.Containers(at, &t.Spec) {
		names = append(names, x.Name)
	}
	c.Known("unknown-container", "container", at, name, names)
}

// oneOf checks that a value is one of those that there are.
func (c checker) oneOf(at fieldpath.Path, value string, known []string) {
	if !slices.Contains(known, value) {
		c.Errorf("invalid-value", at, "use one of "+feature.Join(slices.DeleteFunc(slices.Clone(known), func(s string) bool { return s == "" })),
			"%q is not one of the allowed values", value)
	}
}
