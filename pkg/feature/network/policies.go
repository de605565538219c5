package network

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// The addresses that a host outside of the fleet never has, by family.
var (
	privateRanges  = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"}
	privateRanges6 = []string{"fc00::/7", "fe80::/10"}
)

// Policies makes the network policies of an app and of its hooks: what the
// namespace's default denies, the declared edges allow, and names may always be
// looked up. Hooks call whom the app calls, and nobody calls them. What lets the app
// in to those that it calls is among them.
func Policies(t *view.Target, v *view.View) ([]object.Object, error) {
	var out []runtime.Object
	if t.Spec.Kind != model.NoWorkload {
		leaving := egress(t, v)
		if others := replicas(t); others != nil {
			leaving = append(leaving, networkingv1.NetworkPolicyEgressRule{To: others})
		}
		out = append(out, policy(part.Meta(t, t.App), t.App, both(ingress(t, v), leaving)))
	}
	if p := chartPolicy(t, v); p != nil {
		out = append(out, p)
	}
	for _, h := range t.Spec.Hooks {
		name := part.Hook(t.App, h.Name)
		out = append(out, policy(part.Annotated(t, name, before(h)), name, both(nil, egress(t, v))))
	}
	return object.FromAll(append(out, admissions(t, v)...)...)
}

// before returns the annotations of a policy that has to be there before the pods of
// a hook; nil where it is, or where it need not be a hook itself.
func before(h model.Hook) map[string]string {
	switch {
	case h.Phase == model.PreSync, h.Phase == model.PostDelete: // when the app's objects are not there
		h.Wave = new(wave(h) - 1)
		return part.HookAnnotations(h)
	case h.Phase == model.SyncPhase && wave(h) < 0:
		return map[string]string{"argocd.argoproj.io/sync-wave": strconv.Itoa(int(wave(h) - 1))}
	}
	return nil
}

func wave(h model.Hook) int32 {
	if h.Wave == nil {
		return 0
	}
	return *h.Wave
}

func policy(meta metav1.ObjectMeta, pods string, spec networkingv1.NetworkPolicySpec) *networkingv1.NetworkPolicy {
	spec.PodSelector = metav1.LabelSelector{MatchLabels: view.Selector(pods)}
	return &networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: meta, Spec: spec,
	}
}

// both is what a policy says that restricts both directions.
func both(in []networkingv1.NetworkPolicyIngressRule, out []networkingv1.NetworkPolicyEgressRule) networkingv1.NetworkPolicySpec {
	return networkingv1.NetworkPolicySpec{
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}, Ingress: in, Egress: out}
}

// ingress returns who may call an app, but for those that say so in policies of
// their own.
func ingress(t *view.Target, v *view.View) []networkingv1.NetworkPolicyIngressRule {
	var in incoming
	own := view.PortsOf(&t.Spec)
	for _, c := range v.Callers(t.App, t.Scope) {
		open, ok := own.Open(c.Edge)
		if !ok {
			continue // a finding tells
		}
		names := []string{c.App}
		from := []networkingv1.NetworkPolicyPeer{labelled(t.Namespace, c.PodLabels, c.Namespace)}
		for _, h := range c.Hooks {
			names = append(names, part.Hook(c.App, h))
		}
		from = append(from, fromPods(t.Namespace, c.Namespace, names[1:]...)...)
		if c.Previewed {
			from = append(from, previewPods(c.App, t.Environment, names)...)
		}
		in.add(from, tunnelled(mode(t), policyPorts(open, nil)))
	}
	if others := replicas(t); others != nil {
		in.add(others, nil)
	}
	for _, c := range t.Spec.AcceptsFrom {
		ports := policyPorts(own.Pods, c.Ports)
		if c.CIDR == "" {
			ports = tunnelled(mode(t), ports)
		}
		in.add([]networkingv1.NetworkPolicyPeer{caller(c, v.Platform(t.Scope))}, ports)
	}
	for _, e := range entrances(t.App, own, routesTo(t, v), v.Platform(t.Scope)) {
		in.add([]networkingv1.NetworkPolicyPeer{podsOf(e.pods)}, tunnelled(mode(t), e.ports))
	}
	for _, s := range own.Services {
		if names := s.PortNames(); names != nil && s.OnNodes() {
			in.add(sources(s.Spec), policyPorts(own.Pods, names))
		}
	}
	if from := probes(t); from != nil {
		in.add(from, nil)
	}
	return in
}

func egress(t *view.Target, v *view.View) []networkingv1.NetworkPolicyEgressRule {
	platform := v.Platform(t.Scope)
	rules := slices.Concat(dns(platform), istiod(t, platform), outside(t))
	for _, edge := range t.Spec.TalksTo {
		rule := networkingv1.NetworkPolicyEgressRule{}
		switch {
		case edge.App != "":
			peer, ok := v.App(edge.App, t.Scope)
			if !ok {
				continue // the app does not run here
			}
			ports, ok := peer.Ports.Reach(edge)
			if !ok {
				continue // a finding tells
			}
			rule.To = []networkingv1.NetworkPolicyPeer{labelled(t.Namespace, peer.PodLabels, peer.Namespace)}
			rule.Ports = tunnelled(mode(t), policyPorts(ports, nil))
		case edge.CIDR != "":
			rule.To = []networkingv1.NetworkPolicyPeer{block(edge.CIDR)}
			rule.Ports = edgePort(edge)
		case edge.KubernetesAPI != nil && *edge.KubernetesAPI:
			rule = apiServer(edge, platform)
		default:
			rule.To = anywhere()
			rule.Ports = edgePort(edge)
		}
		if !slices.ContainsFunc(rules, func(r networkingv1.NetworkPolicyEgressRule) bool { return reflect.DeepEqual(r, rule) }) {
			rules = append(rules, rule)
		}
	}
	return rules
}

func namespaceNamed(name string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": name}}
}

// pods selects the pods with a name in a namespace, for a policy in the namespace home.
func pods(home, name, namespace string) networkingv1.NetworkPolicyPeer {
	return labelled(home, view.Selector(name), namespace)
}

// labelled selects the pods with some labels, as pods does.
func labelled(home string, labels map[string]string, namespace string) networkingv1.NetworkPolicyPeer {
	out := networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{MatchLabels: labels}}
	if namespace != home {
		out.NamespaceSelector = namespaceNamed(namespace)
	}
	return out
}

// caller selects who calls from outside of the fleet.
func caller(c model.Caller, platform *view.Platform) networkingv1.NetworkPolicyPeer {
	switch {
	case c.CIDR != "":
		return block(c.CIDR)
	case c.Monitoring == nil || !*c.Monitoring:
		return podsOf(&model.Pods{Namespace: c.Namespace, Labels: c.PodLabels})
	case platform == nil:
		return podsOf(view.DefaultMonitoring())
	}
	return podsOf(&platform.Monitoring)
}

// replicas selects the pods of a StatefulSet, which call each other: members of
// a cluster, at whatever port its protocol needs.
func replicas(t *view.Target) []networkingv1.NetworkPolicyPeer {
	if t.Spec.Kind != model.StatefulSet {
		return nil
	}
	return []networkingv1.NetworkPolicyPeer{pods(t.Namespace, t.App, t.Namespace)}
}

// sources returns the networks that a load balancer lets in, or nil for all. It
// is nil too where the nodes replace the caller's address by their own.
func sources(s model.ServiceSpec) []networkingv1.NetworkPolicyPeer {
	if s.Type != corev1.ServiceTypeLoadBalancer || s.ExternalTrafficPolicy != corev1.ServiceExternalTrafficPolicyLocal {
		return nil
	}
	var out []networkingv1.NetworkPolicyPeer
	for _, cidr := range s.LoadBalancerSourceRanges {
		out = append(out, block(cidr))
	}
	return out
}

// edgePort returns the port of an edge that leads out of the fleet, if it has one.
func edgePort(e model.Peer) []networkingv1.NetworkPolicyPort {
	if e.Port == nil {
		return nil
	}
	return []networkingv1.NetworkPolicyPort{port(cmp.Or(e.Protocol, corev1.ProtocolTCP), *e.Port)}
}

// policyPorts returns the container ports with these names, or all.
func policyPorts(ports []view.Port, names []string) []networkingv1.NetworkPolicyPort {
	var out []networkingv1.NetworkPolicyPort
	for _, p := range ports {
		if len(names) == 0 || slices.Contains(names, p.Name) {
			out = append(out, port(p.Protocol, intstr.FromInt32(p.Container)))
		}
	}
	return out
}

func port(protocol corev1.Protocol, number intstr.IntOrString) networkingv1.NetworkPolicyPort {
	return networkingv1.NetworkPolicyPort{Protocol: &protocol, Port: &number}
}
