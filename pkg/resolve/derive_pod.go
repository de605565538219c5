package resolve

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func derivePodSecurity(d *derivation) {
	if !d.runsPods() {
		return
	}
	s := fill.Struct(&fill.Struct(&d.spec.Pod).SecurityContext)
	if s.RunAsUser == nil || *s.RunAsUser != 0 {
		fill.Nil(&s.RunAsNonRoot, true)
	}
	fill.Nil(&s.SeccompProfile, corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault})
}

func deriveServiceLinks(d *derivation) {
	if d.runsPods() {
		fill.Nil(&fill.Struct(&d.spec.Pod).EnableServiceLinks, false)
	}
}

func deriveAccount(d *derivation) {
	if !d.runs() {
		if d.spec.ServiceAccount == nil {
			return
		}
		fill.Nil(&d.spec.ServiceAccount.Create, false) // inherited, and nobody runs as it
	}
	a := fill.Struct(&d.spec.ServiceAccount)
	fill.Nil(&a.Create, true)
	if d.runs() || *a.Create {
		fill.Zero(&a.Name, d.app)
	}
	fill.Nil(&a.AutomountToken, len(a.Rules) > 0)
	if d.runsPods() {
		fill.Nil(&fill.Struct(&d.spec.Pod).AutomountToken, *a.AutomountToken)
	}
}

func deriveService(d *derivation) {
	s := d.spec
	if !d.runs(model.Deployment, model.StatefulSet, model.DaemonSet) {
		if s.Service != nil {
			fill.Nil(&s.Service.Enabled, false) // inherited, and nobody serves
		}
		return
	}
	svc := fill.Struct(&s.Service)
	fill.Nil(&svc.Enabled, svc.Type == corev1.ServiceTypeExternalName || len(svc.Ports) > 0 ||
		slices.ContainsFunc(view.PodPorts(s), func(p view.Port) bool { return !p.Private }))
	fill.Zero(&svc.Name, d.app)
	completeService(&svc.ServiceSpec)
	for i := range s.Services {
		completeService(&s.Services[i].ServiceSpec)
	}
}

func completeService(s *model.ServiceSpec) {
	fill.Zero(&s.Type, corev1.ServiceTypeClusterIP)
	if s.Type == corev1.ServiceTypeLoadBalancer && len(s.LoadBalancerSourceRanges) > 0 {
		fill.Zero(&s.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyLocal)
	}
}

// deriveGoverning names the Service that governs a StatefulSet.
func deriveGoverning(d *derivation) {
	if !d.runs(model.StatefulSet) {
		return
	}
	name := d.app + "-headless"
	if svc := d.spec.Service; *svc.Enabled && svc.Headless != nil && *svc.Headless {
		name = svc.Name
	}
	fill.Zero(&fill.Struct(&d.spec.StatefulSet).ServiceName, name)
}

// deriveSpread leaves out a spread that a layer removed. Constraints that a
// layer gives are completed and no others added.
func deriveSpread(d *derivation) {
	if !d.runs() {
		return
	}
	p := fill.Struct(&d.spec.Pod)
	if p.TopologySpread == nil && d.least() >= 2 && !d.removed["pod.topologySpread"] &&
		d.runs(model.Deployment, model.StatefulSet) {
		p.TopologySpread = []corev1.TopologySpreadConstraint{
			{TopologyKey: corev1.LabelTopologyZone}, {TopologyKey: corev1.LabelHostname}}
	}
	for i := range p.TopologySpread {
		c := &p.TopologySpread[i]
		fill.Zero(&c.MaxSkew, 1)
		fill.Zero(&c.WhenUnsatisfiable, corev1.ScheduleAnyway)
		fill.Nil(&c.LabelSelector, metav1.LabelSelector{MatchLabels: view.Selector(d.app)})
	}
}

func deriveJob(d *derivation) {
	if !d.runs(model.Job, model.CronJob) {
		return
	}
	j := fill.Struct(&d.spec.Job)
	fill.Nil(&j.BackoffLimit, 3)
	if !d.removed["job.activeDeadlineSeconds"] {
		fill.Nil(&j.ActiveDeadlineSeconds, jobDeadline)
	}
	fill.Zero(&j.RestartPolicy, corev1.RestartPolicyNever)
}

func deriveSchedule(d *derivation) {
	if !d.runs(model.CronJob) {
		return
	}
	s := fill.Struct(&d.spec.Schedule)
	fill.Zero(&s.TimeZone, "Etc/UTC")
	fill.Zero(&s.ConcurrencyPolicy, "Forbid")
	if !d.removed["schedule.startingDeadlineSeconds"] {
		fill.Nil(&s.StartingDeadlineSeconds, 300)
	}
	fill.Nil(&s.SuccessfulJobsHistoryLimit, 3)
	fill.Nil(&s.FailedJobsHistoryLimit, 1)
}

// deriveClaims completes the claims of every app: they are objects of their own
// also where nothing runs.
func deriveClaims(d *derivation) {
	for _, v := range d.spec.Volumes {
		if v.Claim != nil && v.Claim.AccessModes == nil {
			v.Claim.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
		}
	}
}

// The deadlines of hooks and Jobs, and of rollouts, which is Kubernetes' own,
// where nobody says otherwise. All are in seconds.
const (
	hookDeadline    = 600
	jobDeadline     = 3600
	rolloutDeadline = 600
)
