package workload

import (
	"maps"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Hooks makes the Jobs that run around a sync. Their names are stable: Argo CD
// deletes the last run's before it creates the next.
func Hooks(t *view.Target, _ *view.View) ([]object.Object, error) {
	var out []object.Object
	for _, h := range t.Spec.Hooks {
		o, err := object.From(hook(t, h))
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func hook(t *view.Target, h model.Hook) *batchv1.Job {
	meta := part.Annotated(t, part.Hook(t.App, h.Name), part.HookAnnotations(h))
	pods := maps.Clone(meta.Labels) // the Job is the app's, but Services and policies of the app must not select its pods
	pods["app.kubernetes.io/name"] = meta.Name
	j, p := h.Job, t.Spec.Pod
	main := container(t, h.Name, h.ContainerSpec)
	spec := corev1.PodSpec{
		ServiceAccountName: h.ServiceAccount, SecurityContext: p.SecurityContext, EnableServiceLinks: p.EnableServiceLinks,
		AutomountServiceAccountToken: new(false), NodeSelector: p.NodeSelector, Affinity: p.Affinity, Tolerations: p.Tolerations,
		RestartPolicy: j.RestartPolicy, Containers: []corev1.Container{main}, Volumes: hookVolumes(t, main),
	}
	if a := t.Spec.ServiceAccount; a != nil && h.ServiceAccount == a.Name {
		spec.AutomountServiceAccountToken = p.AutomountToken
	}
	for _, name := range p.ImagePullSecrets {
		spec.ImagePullSecrets = append(spec.ImagePullSecrets, corev1.LocalObjectReference{Name: part.Secret(t, name)})
	}
	return &batchv1.Job{
		TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"}, ObjectMeta: meta,
		Spec: batchv1.JobSpec{
			BackoffLimit: j.BackoffLimit, ActiveDeadlineSeconds: j.ActiveDeadlineSeconds, Completions: j.Completions,
			Parallelism: j.Parallelism, TTLSecondsAfterFinished: j.TTLSecondsAfterFinished,
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: pods}, Spec: spec},
		},
	}
}

// hookVolumes returns the volumes of the app that a hook's container mounts.
func hookVolumes(t *view.Target, c corev1.Container) []corev1.Volume {
	var out []corev1.Volume
	for _, v := range volumes(t) {
		for _, m := range c.VolumeMounts {
			if m.Name == v.Name {
				out = append(out, v)
				break
			}
		}
	}
	return out
}
