// Package namespaces makes the namespaces of an environment and what belongs to
// every one of them: pod security labels, a policy that denies by default,
// quotas and limits.
package namespaces

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Objects makes the objects of the namespaces of an environment.
func Objects(s view.Environment) ([]object.Object, error) {
	n := s.Model.Namespaces
	if !s.ManagesNamespaces() {
		return nil, nil
	}
	var typed []runtime.Object
	for _, name := range s.Namespaces {
		n.PodSecurity = s.PodSecurity(name)
		namespace := part.Namespace(n, name, s.KubernetesVersion)
		join(namespace, s.Meshes[name].Mode)
		typed = append(typed, namespace)
		typed = append(typed, contents(s, n, name)...)
	}
	return object.FromAll(typed...)
}

// contents makes what stands in every namespace.
func contents(s view.Environment, n model.Namespaces, name string) []runtime.Object {
	named := func(object string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: object, Namespace: name, Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}}
	}
	out := part.Denial(s, name)
	if len(n.Quota) > 0 {
		out = append(out, &corev1.ResourceQuota{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ResourceQuota"},
			ObjectMeta: named("quota"), Spec: corev1.ResourceQuotaSpec{Hard: n.Quota},
		})
	}
	if len(n.Limits) > 0 {
		out = append(out, &corev1.LimitRange{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "LimitRange"},
			ObjectMeta: named("limits"), Spec: corev1.LimitRangeSpec{Limits: n.Limits},
		})
	}
	return out
}

// join labels a namespace so that its pods join the service mesh. A label of the
// user's own, which may name a revision of Istio, counts.
func join(n *corev1.Namespace, mode model.MeshMode) {
	switch {
	case view.JoinsMesh(n.Labels):
	case mode == model.Sidecar:
		n.Labels[view.InjectionLabel] = "enabled"
	case mode == model.Ambient:
		n.Labels[view.DataplaneLabel] = "ambient"
	}
}
