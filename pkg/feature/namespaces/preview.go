package namespaces

import (
	"maps"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// OfPreview makes the namespace of a preview, and what stands in every namespace
// of the environment that it is like. The namespace is one of the Application's
// objects and goes with it: Argo CD leaves behind those that it creates by
// itself. Nobody is asked before it is deleted, and it is there before the
// hooks, which run before everything else.
func OfPreview(t *view.Target, s view.Environment, _ *view.View) ([]object.Object, error) {
	n := s.Model.Namespaces
	n.Labels = maps.Clone(n.Labels)
	if n.Labels == nil {
		n.Labels = map[string]string{}
	}
	maps.Copy(n.Labels, map[string]string{
		view.PreviewLabel: t.App, view.EnvironmentLabel: t.Environment, view.PullRequestLabel: t.Preview.Number})
	n.Quota = firstQuota(s.PreviewQuota, n.Quota, corev1.ResourceList{corev1.ResourcePods: resource.MustParse("20")})
	if own := t.Spec.PodSecurity; own != nil {
		n.PodSecurity = own.Level
	}
	ns := part.Namespace(n, t.Namespace, t.KubernetesVersion)
	join(ns, s.Meshes[t.Namespace].Mode)
	delete(ns.Annotations, part.SyncOptions)
	delete(ns.Annotations, part.CompareOptions)
	maps.Copy(ns.Annotations, s.Model.Namespaces.Annotations)
	if w := firstWave(t.Spec.Hooks); w <= 0 {
		ns.Annotations["argocd.argoproj.io/sync-wave"] = strconv.Itoa(int(w) - 1)
	}
	return object.FromAll(append([]runtime.Object{ns}, contents(s, n, t.Namespace)...)...)
}

func firstQuota(lists ...corev1.ResourceList) corev1.ResourceList {
	i := slices.IndexFunc(lists, func(l corev1.ResourceList) bool { return len(l) > 0 })
	return lists[i]
}

// firstWave returns the wave of the first hook's policy, or 1 where no hook comes
// before the other objects.
func firstWave(hooks []model.Hook) int32 {
	first := int32(1)
	for _, h := range hooks {
		if h.Phase == model.SyncPhase && h.Wave != nil && *h.Wave < 0 {
			first = min(first, *h.Wave-1)
		}
	}
	return first
}
