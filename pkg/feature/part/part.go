// Package part makes what the objects of an app have in common, and what several
// features make.
package part

import (
	"maps"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Labels returns the labels of all objects and pods of an app.
func Labels(t *view.Target) map[string]string {
	labels := map[string]string{
		"app.kubernetes.io/name":       t.App,
		"app.kubernetes.io/part-of":    t.Project,
		"app.kubernetes.io/managed-by": "gitopsgen",
	}
	maps.Copy(labels, t.Spec.Labels)
	return labels
}

// Meta returns the metadata of an object of an app.
func Meta(t *view.Target, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: t.Namespace, Labels: Labels(t)}
}

// Annotated returns Meta with annotations.
func Annotated(t *view.Target, name string, annotations map[string]string) metav1.ObjectMeta {
	m := Meta(t, name)
	m.Annotations = annotations
	return m
}

// ConfigMap returns the name of the ConfigMap of a Config entry.
func ConfigMap(app, config string) string { return app + "-" + config }

// Claim returns the name of the PersistentVolumeClaim of a volume.
func Claim(app, volume string) string { return app + "-" + volume }

// Hook returns the name of the Job of a hook, which its pods bear as their name
// label.
func Hook(app, hook string) string { return app + "-" + hook }

// HookAnnotations returns what tells Argo CD when a hook runs.
func HookAnnotations(h model.Hook) map[string]string {
	a := map[string]string{
		HookPhase:                               string(h.Phase),
		"argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
	}
	if h.Wave != nil && *h.Wave != 0 {
		a["argocd.argoproj.io/sync-wave"] = strconv.Itoa(int(*h.Wave))
	}
	return a
}

// Secret returns the name of a Secret that an app refers to: the target of one
// of its Secrets, or the name itself.
func Secret(t *view.Target, name string) string {
	for i := range t.Spec.Secrets {
		if t.Spec.Secrets[i].Name == name {
			return t.Spec.Secrets[i].Target
		}
	}
	return name
}
