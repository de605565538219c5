package resolve

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// UserUnknown reports whether a container of an app runs, in a scope, as the user
// of its image although it must not be root. Where the image names its user, the
// kubelet cannot tell and starts nothing.
func (r *Resolver) UserUnknown(app string, s view.Scope) bool {
	a := r.apps[app]
	if a == nil || !r.has(a, s) {
		return false
	}
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	var pod corev1.PodSecurityContext
	if p := mergeField(layers, "pod", securityOfPod).Pod; p != nil && p.SecurityContext != nil {
		pod = *p.SecurityContext
	}
	if pod.RunAsUser != nil {
		return false
	}
	t := view.Target{App: app, Scope: s, Spec: users(layers)}
	d := r.derivation(&t, nil)
	deriveKind(d)
	unknown := false
	eachContainer(func(c containerDerivation) {
		own := c.SecurityContext
		if own == nil {
			own = &corev1.SecurityContext{}
		}
		nonRoot := cmp.Or(own.RunAsNonRoot, pod.RunAsNonRoot)
		unknown = unknown || own.RunAsUser == nil && (nonRoot == nil || *nonRoot)
	})(d)
	return unknown
}

// securityOfPod takes over the security context of a layer's pods.
func securityOfPod(out, l *model.AppSpec) bool {
	if l.Pod == nil || l.Pod.SecurityContext == nil {
		return false
	}
	out.Pod = &model.PodSpec{SecurityContext: l.Pod.SecurityContext}
	return true
}

// users merges what decides as whom containers run, beside the pod's settings.
func users(layers []layer) (out model.AppSpec) {
	for _, l := range layers {
		part := model.AppSpec{Kind: l.spec.Kind, InitContainers: l.spec.InitContainers, Sidecars: l.spec.Sidecars,
			Containers: l.spec.Containers, Hooks: l.spec.Hooks, Unset: l.spec.Unset}
		part.Image, part.SecurityContext = l.spec.Image, l.spec.SecurityContext
		overlay(&out, &part)
	}
	return out
}
