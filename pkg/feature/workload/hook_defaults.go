package workload

import (
	"cmp"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// The deadlines of hooks and Jobs, and of rollouts, which is Kubernetes' own,
// where nobody says otherwise. All are in seconds.
const (
	hookDeadline    = 600
	jobDeadline     = 3600
	rolloutDeadline = 600
)

// deriveHooks gives hooks what the main container has, so that a migration runs
// the version that is rolled out.
func deriveHooks(d *feature.Derivation) {
	for i := range d.Spec.Hooks {
		h := &d.Spec.Hooks[i]
		fill.Zero(&h.Phase, model.PreSync)
		fill.Zero(&h.Image, d.Spec.Image)
		if h.Resources == nil && d.Spec.Resources != nil {
			h.Resources = d.Spec.Resources.DeepCopy()
		}
		if d.Spec.ServiceAccount != nil && h.Phase != model.PreSync && h.Phase != model.PostDelete {
			fill.Zero(&h.ServiceAccount, d.Spec.ServiceAccount.Name)
		}
		fill.Zero(&h.ServiceAccount, "default")
		j := fill.Struct(&h.Job)
		fill.Nil(&j.BackoffLimit, 3)
		fill.Nil(&j.ActiveDeadlineSeconds, hookDeadline)
		fill.Zero(&j.RestartPolicy, corev1.RestartPolicyNever)
	}
}

// syncTime returns how long a sync may take: what its hooks may, one after another,
// and its rollout or its Job.
func syncTime(s *model.AppSpec) view.SyncTime {
	var hooks time.Duration
	waits := false
	for _, h := range s.Hooks {
		if h.Phase == model.PostDelete {
			continue
		}
		hooks += jobTime(h.Job, hookDeadline)
		waits = waits || h.Phase == model.SyncPhase || h.Phase == model.PostSync
	}
	out := view.SyncTime{Sync: hooks, Healthy: hooks + workloadTime(s)}
	if waits {
		out.Sync = out.Healthy
	}
	return out
}

// workloadTime returns how long an app's workload may take until it is healthy.
func workloadTime(s *model.AppSpec) time.Duration {
	if s.Kind == model.Job {
		return jobTime(s.Job, jobDeadline)
	}
	seconds := int32(rolloutDeadline)
	if u := s.UpdateStrategy; u != nil && u.ProgressDeadlineSeconds != nil {
		seconds = *u.ProgressDeadlineSeconds
	}
	return time.Duration(seconds) * time.Second
}

// jobTime returns the deadline of a Job.
func jobTime(j *model.JobSpec, otherwise int64) time.Duration {
	if j == nil {
		j = &model.JobSpec{}
	}
	return time.Duration(*cmp.Or(j.ActiveDeadlineSeconds, &otherwise)) * time.Second
}
