package network

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// previewPods selects the pods of the previews of an app that are like an
// environment: those with some names, whatever the pull request.
func previewPods(app, env string, names []string) []networkingv1.NetworkPolicyPeer {
	previews := &metav1.LabelSelector{MatchLabels: map[string]string{view.PreviewLabel: app, view.EnvironmentLabel: env}}
	var out []networkingv1.NetworkPolicyPeer
	for _, name := range names {
		out = append(out, networkingv1.NetworkPolicyPeer{NamespaceSelector: previews,
			PodSelector: &metav1.LabelSelector{MatchLabels: view.Selector(name)}})
	}
	return out
}

// Neighbours makes, in the namespace of a preview, the names by which the app
// calls its neighbours in the environment's namespace.
func Neighbours(t *view.Target, _ view.Environment, v *view.View) ([]object.Object, error) {
	home, ok := v.App(t.App, t.Like())
	if !ok {
		return nil, nil
	}
	var out []runtime.Object
	done := map[string]bool{}
	for _, s := range home.Ports.Services {
		done[s.Name] = true
	}
	for _, edge := range t.Spec.TalksTo {
		peer, ok := v.App(edge.App, t.Scope)
		if edge.App == "" || !ok || peer.Namespace != home.Namespace {
			continue
		}
		for _, s := range peer.Ports.Services {
			if !done[s.Name] {
				done[s.Name] = true
				out = append(out, neighbour(t, s.Name, peer.Namespace))
			}
		}
	}
	return object.FromAll(out...)
}

// neighbour makes a name for a Service of another namespace.
func neighbour(t *view.Target, service, namespace string) *corev1.Service {
	return &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: part.Meta(t, service),
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: service + "." + namespace + ".svc.cluster.local"},
	}
}
