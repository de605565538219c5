package part

import (
	"cmp"
	"maps"
	"regexp"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var minor = regexp.MustCompile(`^1\.[0-9]+`)

// Namespace returns a Namespace. The version of the pod security standard is
// pinned, so that an upgrade of the cluster changes nothing by itself. Argo CD
// keeps one that is no longer in git, since to ask would hold all syncs until
// somebody answers; it asks before it deletes it with its Application.
func Namespace(n model.Namespaces, name, version string) *corev1.Namespace {
	level, pinned := string(cmp.Or(n.PodSecurity, model.Restricted)), "latest"
	if v := minor.FindString(version); v != "" {
		pinned = "v" + v
	}
	labels := map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = level
		labels["pod-security.kubernetes.io/"+mode+"-version"] = pinned
	}
	annotations := map[string]string{SyncOptions: "Prune=false,Delete=confirm", CompareOptions: "IgnoreExtraneous"}
	maps.Copy(labels, n.Labels)
	maps.Copy(annotations, n.Annotations)
	return &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels, Annotations: annotations},
	}
}

// Denial makes what denies by default in a namespace, and lets the authority's
// calls in where certificates are proved there; nothing where the environment
// does not ask for it.
func Denial(s view.Environment, name string) []runtime.Object {
	if n := s.Model.Namespaces; n.DefaultDeny != nil && !*n.DefaultDeny {
		return nil
	}
	named := func(policy string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: policy, Namespace: name, Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}}
	}
	out := []runtime.Object{&networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: named("default-deny"),
		Spec:       networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{"Ingress", "Egress"}},
	}}
	if from := s.SolverCallers(name); from != nil {
		out = append(out, solvers(named("acme-solvers"), from))
	}
	return out
}

// solverPort is where cert-manager's pods that answer HTTP-01 listen.
const solverPort = 8089

// solvers lets the authority's calls in to the pods that answer HTTP-01.
func solvers(meta metav1.ObjectMeta, from []view.Caller) *networkingv1.NetworkPolicy {
	tcp, at := corev1.ProtocolTCP, intstr.FromInt32(solverPort)
	rule := networkingv1.NetworkPolicyIngressRule{Ports: []networkingv1.NetworkPolicyPort{{Protocol: &tcp, Port: &at}}}
	for _, c := range from {
		peer := networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{}}
		if c.Pods != nil {
			peer.NamespaceSelector.MatchLabels = map[string]string{"kubernetes.io/metadata.name": c.Pods.Namespace}
			if len(c.Pods.Labels) > 0 {
				peer.PodSelector = &metav1.LabelSelector{MatchLabels: c.Pods.Labels}
			}
		}
		rule.From = append(rule.From, peer)
	}
	return &networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: meta,
		Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"acme.cert-manager.io/http01-solver": "true"}},
			PolicyTypes: []networkingv1.PolicyType{"Ingress"}, Ingress: []networkingv1.NetworkPolicyIngressRule{rule},
		},
	}
}
