// Package workload makes the object that runs an app's containers.
package workload

import (
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes the workload of a target.
func Generate(t *view.Target, _ *view.View) ([]object.Object, error) {
	switch t.Spec.Kind {
	case model.Deployment:
		return object.FromAll(deployment(t))
	case model.StatefulSet:
		return object.FromAll(statefulSet(t))
	case model.DaemonSet:
		return object.FromAll(daemonSet(t))
	case model.Job:
		return object.FromAll(&batchv1.Job{
			TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"}, ObjectMeta: meta(t), Spec: job(t)})
	case model.CronJob:
		return object.FromAll(cronJob(t))
	}
	return nil, nil
}

func meta(t *view.Target) metav1.ObjectMeta {
	return part.Annotated(t, t.App, restarts(t))
}

// restartAnnotation names the Secrets whose change restarts the pods; Stakater's
// Reloader reads it.
const restartAnnotation = "secret.reloader.stakater.com/reload"

// restarts returns the annotations of a workload, with the Secrets that restart
// it unless the app says which itself.
func restarts(t *view.Target) map[string]string {
	var names []string
	for _, s := range t.Spec.Secrets {
		if s.RestartOnChange != nil && *s.RestartOnChange {
			names = append(names, s.Target)
		}
	}
	if _, ok := t.Spec.Annotations[restartAnnotation]; ok || len(names) == 0 || t.Spec.Kind == model.Job || t.Spec.Kind == model.CronJob {
		return t.Spec.Annotations
	}
	slices.Sort(names)
	out := map[string]string{restartAnnotation: strings.Join(names, ",")}
	maps.Copy(out, t.Spec.Annotations)
	return out
}

func selector(t *view.Target) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: view.Selector(t.App)}
}

func deployment(t *view.Target) runtime.Object {
	r := t.Spec.UpdateStrategy
	d := &appsv1.Deployment{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: meta(t),
		Spec: appsv1.DeploymentSpec{
			Replicas: t.Spec.Replicas, Selector: selector(t), Template: template(t), RevisionHistoryLimit: r.RevisionHistoryLimit,
			ProgressDeadlineSeconds: r.ProgressDeadlineSeconds, Strategy: appsv1.DeploymentStrategy{Type: appsv1.DeploymentStrategyType(r.Type)},
		},
	}
	if r.MinReadySeconds != nil {
		d.Spec.MinReadySeconds = *r.MinReadySeconds
	}
	if r.MaxSurge != nil || r.MaxUnavailable != nil {
		d.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{MaxSurge: r.MaxSurge, MaxUnavailable: r.MaxUnavailable}
	}
	return d
}

func statefulSet(t *view.Target) runtime.Object {
	r := t.Spec.UpdateStrategy
	s := &appsv1.StatefulSet{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"}, ObjectMeta: meta(t),
		Spec: appsv1.StatefulSetSpec{
			Replicas: t.Spec.Replicas, Selector: selector(t), Template: template(t), RevisionHistoryLimit: r.RevisionHistoryLimit,
			ServiceName: t.Spec.StatefulSet.ServiceName, PodManagementPolicy: appsv1.PodManagementPolicyType(r.PodManagement),
			UpdateStrategy: appsv1.StatefulSetUpdateStrategy{Type: appsv1.StatefulSetUpdateStrategyType(r.Type)},
			PersistentVolumeClaimRetentionPolicy: &appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{
				WhenDeleted: appsv1.RetainPersistentVolumeClaimRetentionPolicyType, WhenScaled: appsv1.RetainPersistentVolumeClaimRetentionPolicyType},
		},
	}
	if r.MinReadySeconds != nil {
		s.Spec.MinReadySeconds = *r.MinReadySeconds
	}
	if r.Partition != nil || r.MaxUnavailable != nil {
		s.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateStatefulSetStrategy{Partition: r.Partition, MaxUnavailable: r.MaxUnavailable}
	}
	for _, v := range t.Spec.Volumes {
		if v.Claim != nil {
			s.Spec.VolumeClaimTemplates = append(s.Spec.VolumeClaimTemplates, corev1.PersistentVolumeClaim{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
				ObjectMeta: metav1.ObjectMeta{Name: v.Name, Labels: view.Selector(t.App), Annotations: v.Claim.Annotations},
				Spec:       part.ClaimSpec(v.Claim),
			})
		}
	}
	return s
}

func daemonSet(t *view.Target) runtime.Object {
	r := t.Spec.UpdateStrategy
	d := &appsv1.DaemonSet{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "DaemonSet"}, ObjectMeta: meta(t),
		Spec: appsv1.DaemonSetSpec{
			Selector: selector(t), Template: template(t), RevisionHistoryLimit: r.RevisionHistoryLimit,
			UpdateStrategy: appsv1.DaemonSetUpdateStrategy{Type: appsv1.DaemonSetUpdateStrategyType(r.Type)},
		},
	}
	if r.MinReadySeconds != nil {
		d.Spec.MinReadySeconds = *r.MinReadySeconds
	}
	if r.MaxSurge != nil || r.MaxUnavailable != nil {
		d.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateDaemonSet{MaxSurge: r.MaxSurge, MaxUnavailable: r.MaxUnavailable}
	}
	return d
}

func job(t *view.Target) batchv1.JobSpec {
	j := t.Spec.Job
	spec := batchv1.JobSpec{
		BackoffLimit: j.BackoffLimit, ActiveDeadlineSeconds: j.ActiveDeadlineSeconds, Completions: j.Completions,
		Parallelism: j.Parallelism, TTLSecondsAfterFinished: j.TTLSecondsAfterFinished, Template: template(t),
	}
	spec.Template.Spec.RestartPolicy = j.RestartPolicy
	return spec
}

func cronJob(t *view.Target) runtime.Object {
	s := t.Spec.Schedule
	return &batchv1.CronJob{
		TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"}, ObjectMeta: meta(t),
		Spec: batchv1.CronJobSpec{
			Schedule: s.Cron, TimeZone: &s.TimeZone, ConcurrencyPolicy: batchv1.ConcurrencyPolicy(s.ConcurrencyPolicy),
			StartingDeadlineSeconds: s.StartingDeadlineSeconds, Suspend: s.Suspend,
			SuccessfulJobsHistoryLimit: s.SuccessfulJobsHistoryLimit, FailedJobsHistoryLimit: s.FailedJobsHistoryLimit,
			JobTemplate: batchv1.JobTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: part.Labels(t)}, Spec: job(t)},
		},
	}
}
