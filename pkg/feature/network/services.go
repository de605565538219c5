// Package network makes what connects an app: its Services and its network
// policies.
//
// A call passes two policies. That of the caller names the callee, and one in the
// namespace of the callee names the caller. Who brings the second along is decided by
// the project, which is where teams, and what Argo CD permits them, meet:
//
// Within a project it is the caller, as an object CALLEE.from.CALLER of its own. The
// model says who calls in the caller's file alone, and what can be called in the
// callee's: its Services, without its private ports. So the pull request of a new
// caller adds one file beside its other ones and touches nothing of the callee. Both
// ends of a call come with one sync and go with the caller, and two new callers of one
// app merge with plain git. A list of callers cannot: whichever file has it, the
// lines that two branches add to it meet.
//
// Between projects it is the callee, in its own policy. A caller that brought along
// the policy would need a project that permits the callee's namespace, and a project
// permits all of its kinds in all of its namespaces: each team could deploy anything to
// those that it calls. And who owns the callee's files is asked for review. The price
// is that two new callers from other projects can conflict.
//
// The callee also does it where nobody makes its namespace before Argo CD syncs it: the
// caller's sync would fail until then.
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
