package resolve

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Rule is a default that is derived after the layers are merged. A rule never
// changes what a layer said.
type Rule struct {
	// ID is the rule's stable id.
	ID string
	// Doc says what it does, and why.
	Doc   string
	apply func(*Target)
}

// Rules returns the rules in the order in which they apply.
func Rules() []Rule { return slices.Clone(rules) }

func derive(t *Target) {
	for _, r := range rules {
		r.apply(t)
	}
}

var rules = []Rule{
	{"workload-kind", "An app is a Deployment unless it says otherwise, and none where it only brings objects along.", deriveKind},
	{"container-name", "The main container bears the app's name.", deriveContainerName},
	{"no-value", "An environment variable without a source is the empty text.", eachContainer(deriveEnv)},
	{"port-protocol", "Ports are TCP.", eachContainer(derivePorts)},
	{"memory-limit", "The memory limit equals the request: memory cannot be taken back. There is no CPU limit, which would only slow pods down.", eachContainer(deriveMemory)},
	{"restricted-container", "Containers meet the restricted pod security standard and cannot write to their root.", eachContainer(deriveSecurity)},
	{"restricted-pod", "Pods meet the restricted pod security standard and get no service variables.", derivePod},
	{"own-service-account", "Pods run as an account of their own, whose token is mounted only where rules are given.", deriveAccount},
	{"service", "There is a Service where there are ports.", deriveService},
	{"autoscaling", "An autoscaler keeps two pods at least, aims at 80 % of the CPU request, and waits 300 s before it scales down.", deriveAutoscaling},
	{"replicas", "There is one replica, and no number where an autoscaler owns it.", deriveReplicas},
	{"rollout", "A quarter of the pods is replaced at a time, and none is missing; three old revisions are kept.", deriveRollout},
	{"disruption-budget", "From two replicas on, one pod at a time may be evicted.", deriveDisruption},
	{"topology-spread", "From two replicas on, pods spread over zones and hosts where they can.", deriveSpread},
	{"job", "Jobs retry three times, end after an hour, and run in new pods.", deriveJob},
	{"schedule", "Runs of a CronJob never overlap, may start five minutes late, and are timed in UTC.", deriveSchedule},
	{"claim-mode", "Claims are mounted by one node.", deriveClaims},
}

func set[T any](p **T, v T) {
	if *p == nil {
		*p = &v
	}
}

func setZero[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// own replaces a pointer by one to a copy, or to a new value, that may be changed.
func own[T any](p **T) *T {
	v := new(T)
	if *p != nil {
		*v = **p
	}
	*p = v
	return v
}

func runs(t *Target, kinds ...model.WorkloadKind) bool {
	if len(kinds) == 0 {
		return t.Spec.Kind != model.NoWorkload
	}
	return slices.Contains(kinds, t.Spec.Kind)
}

func deriveKind(t *Target) {
	kind := model.Deployment
	if t.Spec.Image == "" && len(t.Spec.Objects) > 0 {
		kind = model.NoWorkload
	}
	setZero(&t.Spec.Kind, kind)
}

func deriveContainerName(t *Target) {
	if runs(t) {
		setZero(&t.Spec.ContainerName, t.App)
	}
}

// eachContainer makes a rule of a function on one container.
func eachContainer(f func(*model.ContainerSpec)) func(*Target) {
	return func(t *Target) {
		if !runs(t) {
			return
		}
		f(&t.Spec.ContainerSpec)
		for _, list := range []*[]model.Container{&t.Spec.InitContainers, &t.Spec.Sidecars, &t.Spec.Containers} {
			*list = slices.Clone(*list)
			for i := range *list {
				f(&(*list)[i].ContainerSpec)
			}
		}
	}
}

func deriveEnv(c *model.ContainerSpec) {
	for i, e := range c.Env {
		if e.Value == nil && e.FromConfig == nil && e.FromSecret == nil && e.FromField == "" && e.FromResource == "" {
			c.Env = slices.Clone(c.Env)
			c.Env[i].Value = new(string)
		}
	}
}

func derivePorts(c *model.ContainerSpec) {
	c.Ports = slices.Clone(c.Ports)
	for i := range c.Ports {
		setZero(&c.Ports[i].Protocol, corev1.ProtocolTCP)
	}
}

func deriveMemory(c *model.ContainerSpec) {
	if c.Resources == nil {
		return
	}
	request, ok := c.Resources.Requests[corev1.ResourceMemory]
	if _, limited := c.Resources.Limits[corev1.ResourceMemory]; !ok || limited {
		return
	}
	limits := corev1.ResourceList{corev1.ResourceMemory: request}
	for k, v := range c.Resources.Limits {
		limits[k] = v
	}
	own(&c.Resources).Limits = limits
}

func deriveSecurity(c *model.ContainerSpec) {
	s := own(&c.SecurityContext)
	if s.Privileged == nil || !*s.Privileged {
		set(&s.AllowPrivilegeEscalation, false)
	}
	set(&s.ReadOnlyRootFilesystem, true)
	if s.Capabilities == nil || s.Capabilities.Drop == nil && !slices.Contains(s.Capabilities.Add, "ALL") {
		own(&s.Capabilities).Drop = []corev1.Capability{"ALL"}
	}
}

func derivePod(t *Target) {
	if !runs(t) {
		return
	}
	p := own(&t.Spec.Pod)
	set(&p.EnableServiceLinks, false)
	s := own(&p.SecurityContext)
	set(&s.RunAsNonRoot, true)
	set(&s.SeccompProfile, corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault})
}

func deriveAccount(t *Target) {
	if !runs(t) {
		return
	}
	a := own(&t.Spec.ServiceAccount)
	set(&a.Create, true)
	setZero(&a.Name, t.App)
	set(&a.AutomountToken, len(a.Rules) > 0)
}

func deriveService(t *Target) {
	if !runs(t, model.Deployment, model.StatefulSet, model.DaemonSet) {
		return
	}
	s := own(&t.Spec.Service)
	public := slices.ContainsFunc(t.Spec.Ports, func(p model.Port) bool { return p.Private == nil || !*p.Private })
	set(&s.Enabled, public)
	setZero(&s.Name, t.App)
	setZero(&s.Type, corev1.ServiceTypeClusterIP)
	t.Spec.Services = slices.Clone(t.Spec.Services)
	for i := range t.Spec.Services {
		setZero(&t.Spec.Services[i].Type, corev1.ServiceTypeClusterIP)
	}
}

func deriveAutoscaling(t *Target) {
	if t.Spec.Autoscaling == nil {
		return
	}
	a := own(&t.Spec.Autoscaling)
	set(&a.MinReplicas, 2)
	if a.CPU == nil && a.Memory == nil && len(a.Metrics) == 0 {
		a.CPU = model.Ptr[int32](80)
	}
	b := own(&a.Behavior)
	set(&own(&b.ScaleDown).StabilizationWindowSeconds, 300)
}

func deriveReplicas(t *Target) {
	switch {
	case t.Spec.Autoscaling != nil || !runs(t, model.Deployment, model.StatefulSet):
		t.Spec.Replicas = nil
	default:
		set(&t.Spec.Replicas, 1)
	}
}

// least returns the least number of pods that a target keeps.
func least(t *Target) int32 {
	switch {
	case t.Spec.Autoscaling != nil:
		return *t.Spec.Autoscaling.MinReplicas
	case t.Spec.Replicas != nil:
		return *t.Spec.Replicas
	}
	return 0
}

func deriveRollout(t *Target) {
	if !runs(t, model.Deployment, model.StatefulSet, model.DaemonSet) {
		return
	}
	r := own(&t.Spec.Rollout)
	setZero(&r.Strategy, "RollingUpdate")
	set(&r.RevisionHistoryLimit, 3)
	if runs(t, model.Deployment) && r.Strategy == "RollingUpdate" {
		set(&r.MaxSurge, intstr.FromString("25%"))
		set(&r.MaxUnavailable, intstr.FromInt32(0))
	}
}

func deriveDisruption(t *Target) {
	if !runs(t, model.Deployment, model.StatefulSet) {
		return
	}
	several := least(t) >= 2
	if !several && t.Spec.Disruption == nil {
		return
	}
	d := own(&t.Spec.Disruption)
	set(&d.Enabled, several)
	if d.MinAvailable == nil {
		set(&d.MaxUnavailable, intstr.FromInt32(1))
	}
}

func deriveSpread(t *Target) {
	if !runs(t, model.Deployment, model.StatefulSet) {
		return
	}
	p := own(&t.Spec.Pod)
	if p.TopologySpread == nil && least(t) >= 2 {
		for _, key := range []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"} {
			p.TopologySpread = append(p.TopologySpread, corev1.TopologySpreadConstraint{
				MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: corev1.ScheduleAnyway})
		}
	}
	p.TopologySpread = slices.Clone(p.TopologySpread)
	for i := range p.TopologySpread {
		set(&p.TopologySpread[i].LabelSelector, metav1.LabelSelector{MatchLabels: Selector(t.App)})
	}
}

// Selector returns the labels that select an app's pods. They never change.
func Selector(app string) map[string]string {
	return map[string]string{"app.kubernetes.io/name": app}
}

func deriveJob(t *Target) {
	if !runs(t, model.Job, model.CronJob) {
		return
	}
	j := own(&t.Spec.Job)
	set(&j.BackoffLimit, 3)
	set(&j.ActiveDeadlineSeconds, 3600)
	setZero(&j.RestartPolicy, corev1.RestartPolicyNever)
}

func deriveSchedule(t *Target) {
	if !runs(t, model.CronJob) {
		return
	}
	s := own(&t.Spec.Schedule)
	setZero(&s.TimeZone, "Etc/UTC")
	setZero(&s.ConcurrencyPolicy, "Forbid")
	set(&s.StartingDeadlineSeconds, 300)
	set(&s.SuccessfulJobsHistoryLimit, 3)
	set(&s.FailedJobsHistoryLimit, 1)
}

func deriveClaims(t *Target) {
	for i, v := range t.Spec.Volumes {
		if v.Claim != nil && v.Claim.AccessModes == nil {
			t.Spec.Volumes = slices.Clone(t.Spec.Volumes)
			own(&t.Spec.Volumes[i].Claim).AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
		}
	}
}
