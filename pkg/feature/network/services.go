// Package network makes what connects an app: its Services and its network
// policy.
package network

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Services makes the Services in front of an app's ports, and the headless one
// that a StatefulSet's pods get their names from.
func Services(t *view.Target, _ *view.View) ([]object.Object, error) {
	typed := outsideServices(t)
	for _, s := range view.PortsOf(&t.Spec).Services {
		typed = append(typed, service(t, s))
	}
	return object.FromAll(typed...)
}

func service(t *view.Target, in view.Service) *corev1.Service {
	s := in.Spec
	out := &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: part.Annotated(t, in.Name, s.Annotations),
		Spec: corev1.ServiceSpec{
			Type: s.Type, ExternalName: s.ExternalName, ExternalTrafficPolicy: s.ExternalTrafficPolicy,
			InternalTrafficPolicy: s.InternalTrafficPolicy, SessionAffinity: s.SessionAffinity,
			LoadBalancerClass: s.LoadBalancerClass, LoadBalancerSourceRanges: s.LoadBalancerSourceRanges,
		},
	}
	if s.Type == corev1.ServiceTypeExternalName {
		return out
	}
	out.Spec.Selector = view.Selector(t.App)
	out.Spec.PublishNotReadyAddresses = s.PublishNotReadyAddresses != nil && *s.PublishNotReadyAddresses
	if s.Headless != nil && *s.Headless {
		out.Spec.ClusterIP = corev1.ClusterIPNone
	}
	for _, p := range in.Ports {
		port := corev1.ServicePort{Name: p.Name, Port: p.Number, TargetPort: p.Target, Protocol: p.Protocol, AppProtocol: p.AppProtocol}
		if p.NodePort != nil && in.OnNodes() {
			port.NodePort = *p.NodePort
		}
		out.Spec.Ports = append(out.Spec.Ports, port)
	}
	return out
}
