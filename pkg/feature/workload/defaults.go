package workload

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func deriveKind(d *feature.Derivation) {
	kind := model.Deployment
	if d.ObjectsOnly {
		kind = model.NoWorkload
	}
	fill.Zero(&d.Spec.Kind, kind)
}

func deriveContainerName(d *feature.Derivation) {
	if d.Runs() {
		fill.Zero(&d.Spec.ContainerName, d.App)
	}
}

// containerDerivation is a container that a rule is applied to.
type containerDerivation struct {
	*model.ContainerSpec
	// spec is the app's, and name the container's; "" for the main one.
	spec *model.AppSpec
	name string
	// pod is the pod's security context as the layers have it; it may be nil.
	pod *corev1.PodSecurityContext
	// removed reports whether a layer unset a path of the container.
	removed func(fieldpath.Path) bool
}

// eachContainer makes a rule of a function on one container.
func eachContainer(f func(containerDerivation)) func(*feature.Derivation) {
	return func(d *feature.Derivation) {
		if !d.RunsPods() {
			return
		}
		s := &d.Spec
		var pod *corev1.PodSecurityContext
		if s.Pod != nil {
			pod = s.Pod.SecurityContext
		}
		removed := func(list fieldpath.Path, name string) func(fieldpath.Path) bool {
			return func(p fieldpath.Path) bool { return d.Removed(list.Key(name).Join(p)) }
		}
		for i := range s.Hooks {
			f(containerDerivation{&s.Hooks[i].ContainerSpec, s, s.Hooks[i].Name, pod, removed("hooks", s.Hooks[i].Name)})
		}
		if !d.Runs() {
			return
		}
		f(containerDerivation{&s.ContainerSpec, s, "", pod, func(p fieldpath.Path) bool { return d.Removed(p) }})
		for _, l := range []struct {
			field fieldpath.Path
			list  []model.Container
		}{{"initContainers", s.InitContainers}, {"sidecars", s.Sidecars}, {"containers", s.Containers}} {
			for i := range l.list {
				f(containerDerivation{&l.list[i].ContainerSpec, s, l.list[i].Name, pod, removed(l.field, l.list[i].Name)})
			}
		}
	}
}

func deriveEnv(c containerDerivation) {
	for i := range c.Env {
		e := &c.Env[i]
		if e.FromConfig == nil && e.FromSecret == nil && e.FromField == "" && e.FromResource == "" {
			fill.Nil(&e.Value, "")
		}
	}
}

func derivePorts(c containerDerivation) {
	for i := range c.Ports {
		fill.Zero(&c.Ports[i].Protocol, corev1.ProtocolTCP)
	}
}

// deriveMemory leaves a limit out that a layer removed: memory without a limit
// is something that a user may want.
func deriveMemory(c containerDerivation) {
	if c.Resources == nil {
		return
	}
	request, ok := c.Resources.Requests[corev1.ResourceMemory]
	if _, limited := c.Resources.Limits[corev1.ResourceMemory]; !ok || limited ||
		c.removed("resources.limits[memory]") || c.removed("resources.limits") {
		return
	}
	if c.Resources.Limits == nil {
		c.Resources.Limits = corev1.ResourceList{}
	}
	c.Resources.Limits[corev1.ResourceMemory] = request.DeepCopy()
}

// deriveSecurity fills in what no layer said, and nothing that the API server
// refuses beside what a layer said.
func deriveSecurity(c containerDerivation) {
	s := fill.Struct(&c.SecurityContext)
	var added []corev1.Capability
	if s.Capabilities != nil {
		added = s.Capabilities.Add
	}
	privileged := s.Privileged != nil && *s.Privileged
	if !privileged && !slices.Contains(added, "CAP_SYS_ADMIN") {
		fill.Nil(&s.AllowPrivilegeEscalation, false)
	}
	if s.RunAsUser != nil && *s.RunAsUser == 0 && (c.pod == nil || c.pod.RunAsNonRoot == nil) {
		fill.Nil(&s.RunAsNonRoot, false) // what restricted-pod says would keep it from starting
	}
	fill.Nil(&s.ReadOnlyRootFilesystem, true)
	if !privileged && !slices.Contains(added, "ALL") && !c.removed("securityContext.capabilities.drop") {
		if s.Capabilities == nil || s.Capabilities.Drop == nil {
			fill.Struct(&s.Capabilities).Drop = []corev1.Capability{"ALL"}
		}
	}
}

// deriveWritable mounts empty directories. Each container has its own: what one
// writes to /tmp is nobody else's business.
func deriveWritable(c containerDerivation) {
	for _, p := range c.Writable {
		if c.mounts(p) {
			continue
		}
		name := c.scratch(p)
		c.spec.Volumes = append(c.spec.Volumes, model.Volume{Name: name, EmptyDir: &corev1.EmptyDirVolumeSource{}})
		c.Mounts = append(c.Mounts, model.Mount{MountPath: p, Volume: name})
	}
}

// mounts reports whether something is mounted at a path of the container.
func (c containerDerivation) mounts(p string) bool {
	s := c.spec
	return slices.ContainsFunc(c.Mounts, func(m model.Mount) bool { return m.MountPath == p }) ||
		c.name == "" && (slices.ContainsFunc(s.Volumes, func(v model.Volume) bool { return v.MountPath == p }) ||
			slices.ContainsFunc(s.Config, func(x model.Config) bool { return x.MountPath == p }) ||
			slices.ContainsFunc(s.Secrets, func(x model.Secret) bool { return x.MountPath == p }))
}

// notInLabels are runs of characters that a DNS label does not have.
var notInLabels = regexp.MustCompile(`[^a-z0-9]+`)

// scratch returns a name for the volume at a path, as in var-cache; further
// containers put theirs before it.
func (c containerDerivation) scratch(p string) string {
	name := strings.Trim(notInLabels.ReplaceAllString(strings.ToLower(c.name+"-"+p), "-"), "-")
	taken := func(name string) bool {
		return slices.ContainsFunc(c.spec.Volumes, func(v model.Volume) bool { return v.Name == name }) ||
			slices.ContainsFunc(c.spec.Config, func(x model.Config) bool { return x.Name == name }) ||
			slices.ContainsFunc(c.spec.Secrets, func(x model.Secret) bool { return x.Name == name })
	}
	for taken(name) {
		name = "writable-" + name
	}
	return name
}

func derivePodSecurity(d *feature.Derivation) {
	if !d.RunsPods() {
		return
	}
	s := fill.Struct(&fill.Struct(&d.Spec.Pod).SecurityContext)
	if s.RunAsUser == nil || *s.RunAsUser != 0 {
		fill.Nil(&s.RunAsNonRoot, true)
	}
	fill.Nil(&s.SeccompProfile, corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault})
}

func deriveServiceLinks(d *feature.Derivation) {
	if d.RunsPods() {
		fill.Nil(&fill.Struct(&d.Spec.Pod).EnableServiceLinks, false)
	}
}

// deriveSpread leaves out a spread that a layer removed. Constraints that a
// layer gives are completed and no others added.
func deriveSpread(d *feature.Derivation) {
	if !d.Runs() {
		return
	}
	p := fill.Struct(&d.Spec.Pod)
	if p.TopologySpread == nil && d.MinPods >= 2 && !d.Removed("pod.topologySpread") &&
		d.Runs(model.Deployment, model.StatefulSet) {
		p.TopologySpread = []corev1.TopologySpreadConstraint{
			{TopologyKey: corev1.LabelTopologyZone}, {TopologyKey: corev1.LabelHostname}}
	}
	for i := range p.TopologySpread {
		c := &p.TopologySpread[i]
		fill.Zero(&c.MaxSkew, 1)
		fill.Zero(&c.WhenUnsatisfiable, corev1.ScheduleAnyway)
		if c.LabelSelector != nil {
			continue // it may select the pods of others
		}
		c.LabelSelector = &metav1.LabelSelector{MatchLabels: view.Selector(d.App)}
		if c.MatchLabelKeys == nil && d.Runs(model.Deployment) && view.AtLeast(d.KubernetesVersion, matchLabelKeys) {
			c.MatchLabelKeys = []string{appsv1.DefaultDeploymentUniqueLabelKey}
		}
	}
}

// matchLabelKeys is the version of Kubernetes from which on spreads have the field
// without a feature gate.
const matchLabelKeys = "1.27"

func deriveJob(d *feature.Derivation) {
	if !d.Runs(model.Job, model.CronJob) {
		return
	}
	j := fill.Struct(&d.Spec.Job)
	fill.Nil(&j.BackoffLimit, 3)
	if !d.Removed("job.activeDeadlineSeconds") {
		fill.Nil(&j.ActiveDeadlineSeconds, jobDeadline)
	}
	fill.Zero(&j.RestartPolicy, corev1.RestartPolicyNever)
}

func deriveSchedule(d *feature.Derivation) {
	if !d.Runs(model.CronJob) {
		return
	}
	s := fill.Struct(&d.Spec.Schedule)
	fill.Zero(&s.TimeZone, "Etc/UTC")
	fill.Zero(&s.ConcurrencyPolicy, "Forbid")
	if !d.Removed("schedule.startingDeadlineSeconds") {
		fill.Nil(&s.StartingDeadlineSeconds, 300)
	}
	fill.Nil(&s.SuccessfulJobsHistoryLimit, 3)
	fill.Nil(&s.FailedJobsHistoryLimit, 1)
}

// rollingUpdate is the strategy that has numbers.
const rollingUpdate = "RollingUpdate"

func deriveReplicas(d *feature.Derivation) {
	if d.IsOwned(view.Replicas) || !d.Runs(model.Deployment, model.StatefulSet) {
		d.Spec.Replicas = nil
		return
	}
	fill.Nil(&d.Spec.Replicas, 1)
	d.MinPods = *d.Spec.Replicas
}

func deriveUpdateStrategy(d *feature.Derivation) {
	if !d.Runs(model.Deployment, model.StatefulSet, model.DaemonSet) {
		return
	}
	r := fill.Struct(&d.Spec.UpdateStrategy)
	fill.Zero(&r.Type, rollingUpdate)
	fill.Nil(&r.RevisionHistoryLimit, 3)
	if r.Type != rollingUpdate {
		r.MaxSurge, r.MaxUnavailable, r.Partition = nil, nil, nil
		return
	}
	if !d.Runs(model.Deployment) {
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

// deriveReplaced lets Argo CD replace a Job that changes. Comparing on the server
// is a dry run there, which fails for a field that cannot be changed, whatever
// the object's own options say.
func deriveReplaced(d *feature.Derivation) {
	if !d.Runs(model.Job) || d.MadeBy != "" {
		return
	}
	annotate(&d.Spec.Annotations, "argocd.argoproj.io/sync-options", "Replace=true,Force=true")
	if d.Platform != nil {
		annotate(&d.Spec.Sync.Annotations, "argocd.argoproj.io/compare-options", "ServerSideDiff=false")
	}
}

// annotate adds an annotation where nobody said it.
func annotate(annotations *map[string]string, name, value string) {
	if _, said := (*annotations)[name]; said {
		return
	}
	out := map[string]string{name: value}
	maps.Copy(out, *annotations)
	*annotations = out
}

func workloadFacts(t *view.Target, f *view.Facts) {
	f.UserUnknown, f.SyncTime = userUnknown(t), syncTime(&t.Spec)
}

// userUnknown reports whether a container runs as the user of its image although
// it must not be root.
func userUnknown(t *view.Target) bool {
	var pod corev1.PodSecurityContext
	if p := t.Spec.Pod; p != nil && p.SecurityContext != nil {
		pod = *p.SecurityContext
	}
	if pod.RunAsUser != nil {
		return false
	}
	unknown := false
	eachContainer(func(c containerDerivation) {
		own := c.SecurityContext
		if own == nil {
			own = &corev1.SecurityContext{}
		}
		nonRoot := cmp.Or(own.RunAsNonRoot, pod.RunAsNonRoot)
		unknown = unknown || own.RunAsUser == nil && (nonRoot == nil || *nonRoot)
	})(&feature.Derivation{Target: t})
	return unknown
}
