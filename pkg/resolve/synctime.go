package resolve

import (
	"cmp"
	"time"

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

// SyncTime returns how long a sync of an app in a scope may take: what its hooks
// may, one after another, and its rollout or its Job.
func (r *Resolver) SyncTime(app string, s view.Scope) view.SyncTime {
	a := r.apps[app]
	if a == nil {
		return view.SyncTime{}
	}
	var hooks time.Duration
	waits := false
	for _, h := range r.hookSpecs(a, s) {
		if h.Phase == model.PostDelete {
			continue
		}
		hooks += jobTime(h.Job, hookDeadline)
		waits = waits || h.Phase == model.SyncPhase || h.Phase == model.PostSync
	}
	out := view.SyncTime{Sync: hooks, Healthy: hooks + r.workloadTime(a, s)}
	if waits {
		out.Sync = out.Healthy
	}
	return out
}

// workloadTime returns how long an app's workload may take until it is healthy.
func (r *Resolver) workloadTime(a *model.App, s view.Scope) time.Duration {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	part := func(field string, take func(out, l *model.AppSpec)) model.AppSpec {
		return mergeField(layers, field, func(out, l *model.AppSpec) bool { take(out, l); return true })
	}
	if part("kind", func(out, l *model.AppSpec) { out.Kind = l.Kind }).Kind == model.Job {
		return jobTime(part("job", func(out, l *model.AppSpec) { out.Job = l.Job }).Job, jobDeadline)
	}
	seconds := int32(rolloutDeadline)
	if rollout := part("updateStrategy", func(out, l *model.AppSpec) { out.UpdateStrategy = l.UpdateStrategy }).UpdateStrategy; rollout != nil && rollout.ProgressDeadlineSeconds != nil {
		seconds = *rollout.ProgressDeadlineSeconds
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
