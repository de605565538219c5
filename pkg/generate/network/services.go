// Package network makes what connects an app: its Services and its network
// policy.
package network

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/generate/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// Services makes the Services in front of an app's ports, and the headless one
// that a StatefulSet's pods get their names from.
func Services(t resolve.Target, _ *resolve.Index) ([]object.Object, error) {
	typed := outsideServices(t)
	switch t.Spec.Kind {
	case model.Deployment, model.StatefulSet, model.DaemonSet:
	default:
		return object.FromAll(typed...) // nobody calls a job
	}
	if s := t.Spec.Service; *s.Enabled {
		typed = append(typed, service(t, s.Name, s.ServiceSpec))
	}
	if t.Spec.Kind == model.StatefulSet {
		headless := true
		o := service(t, part.Headless(t.App), model.ServiceSpec{Type: corev1.ServiceTypeClusterIP, Headless: &headless})
		o.Spec.PublishNotReadyAddresses = true
		typed = append(typed, o)
	}
	for _, s := range t.Spec.Services {
		typed = append(typed, service(t, s.Name, s.ServiceSpec))
	}
	return object.FromAll(typed...)
}

func service(t resolve.Target, name string, s model.ServiceSpec) *corev1.Service {
	out := &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: part.Annotated(t, name, s.Annotations),
		Spec: corev1.ServiceSpec{
			Type: s.Type, ExternalName: s.ExternalName, ExternalTrafficPolicy: s.ExternalTrafficPolicy,
			InternalTrafficPolicy: s.InternalTrafficPolicy, SessionAffinity: s.SessionAffinity,
			LoadBalancerClass: s.LoadBalancerClass, LoadBalancerSourceRanges: s.LoadBalancerSourceRanges,
		},
	}
	if s.Type == corev1.ServiceTypeExternalName {
		return out
	}
	out.Spec.Selector = resolve.Selector(t.App)
	if s.Headless != nil && *s.Headless {
		out.Spec.ClusterIP = corev1.ClusterIPNone
	}
	for _, p := range exposed(t, s) {
		port := corev1.ServicePort{
			Name: p.Name, Port: p.Port, TargetPort: intstr.FromString(p.Name), Protocol: p.Protocol, AppProtocol: p.AppProtocol}
		if p.ServicePort != nil {
			port.Port = *p.ServicePort
		}
		if p.NodePort != nil && (s.Type == corev1.ServiceTypeNodePort || s.Type == corev1.ServiceTypeLoadBalancer) {
			port.NodePort = *p.NodePort
		}
		out.Spec.Ports = append(out.Spec.Ports, port)
	}
	return out
}

// exposed returns the ports that a Service exposes.
func exposed(t resolve.Target, s model.ServiceSpec) []model.Port {
	var out []model.Port
	for _, p := range t.Spec.Ports {
		private := p.Private != nil && *p.Private
		if len(s.Ports) == 0 && !private || slices.Contains(s.Ports, p.Name) {
			out = append(out, p)
		}
	}
	return out
}
