// Package netpoltest answers, in tests, whether the NetworkPolicies of a cluster
// let a connection through: from which end, to which end, at which port. It
// follows the API reference of networking.k8s.io/v1 and knows no generator.
//
//	cluster := netpoltest.Cluster{Namespaces: …, Policies: …}
//	open := cluster.Allows(web, db, corev1.ProtocolTCP, 5432)
//
// Replies to an allowed connection need no rule. What a network plug-in lets
// through of its own, such as the probes of a node, is not looked at.
//
// Rules: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
// and https://kubernetes.io/docs/concepts/services-networking/network-policies/
package netpoltest

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Cluster is what decides about connections.
type Cluster struct {
	// Namespaces holds the labels of each namespace, by its name. Every namespace
	// has the label kubernetes.io/metadata.name beside these.
	Namespaces map[string]map[string]string
	// Policies are all policies of the cluster, each with its namespace.
	Policies []networkingv1.NetworkPolicy
}

// End is one end of a connection: a pod where Namespace is set, else an address.
type End struct {
	// Namespace and Labels are the pod's.
	Namespace string
	Labels    map[string]string
	// Ports are the ports of the pod's containers, by which policies may name them.
	Ports []corev1.ContainerPort
	// Addr is the address. Whether an ipBlock matches the address of a pod differs
	// between network plug-ins: a pod without one is matched by selectors only,
	// and a test may ask both ways.
	Addr netip.Addr
}

// Allows reports whether policies let a connection through: both ends have to,
// the sender's by egress and the receiver's by ingress.
func (c Cluster) Allows(from, to End, protocol corev1.Protocol, port int32) bool {
	at := target{to.Ports, protocol, port}
	return c.end(from, networkingv1.PolicyTypeEgress, func(p networkingv1.NetworkPolicy) bool {
		return slices.ContainsFunc(p.Spec.Egress, func(r networkingv1.NetworkPolicyEgressRule) bool {
			return c.rule(p.Namespace, r.To, r.Ports, to, at)
		})
	}) && c.end(to, networkingv1.PolicyTypeIngress, func(p networkingv1.NetworkPolicy) bool {
		return slices.ContainsFunc(p.Spec.Ingress, func(r networkingv1.NetworkPolicyIngressRule) bool {
			return c.rule(p.Namespace, r.From, r.Ports, from, at)
		})
	})
}

// end reports whether an end lets a connection through in a direction: no policy
// of that direction selects it, or one that does has a rule for the connection.
func (c Cluster) end(e End, direction networkingv1.PolicyType, allows func(networkingv1.NetworkPolicy) bool) bool {
	isolated := false
	for _, p := range c.Policies {
		if e.Namespace == "" || p.Namespace != e.Namespace || !slices.Contains(types(p), direction) || !matches(&p.Spec.PodSelector, e.Labels) {
			continue
		}
		if allows(p) {
			return true
		}
		isolated = true
	}
	return !isolated
}

// types returns the directions that a policy is about. One that does not say it
// is about ingress, and about egress where it has a rule for it.
func types(p networkingv1.NetworkPolicy) []networkingv1.PolicyType {
	switch {
	case len(p.Spec.PolicyTypes) > 0:
		return p.Spec.PolicyTypes
	case len(p.Spec.Egress) > 0:
		return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	}
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
}

// rule reports whether a rule of a policy in a namespace matches the other end
// and the port. No peers are any, and no ports are all.
func (c Cluster) rule(namespace string, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort, other End, at target) bool {
	return (len(peers) == 0 || slices.ContainsFunc(peers, func(p networkingv1.NetworkPolicyPeer) bool { return c.peer(namespace, p, other) })) &&
		(len(ports) == 0 || slices.ContainsFunc(ports, at.matches))
}

// peer reports whether a peer of a policy in a namespace is the other end. Both
// selectors of one peer have to match; without one for namespaces, the pods are
// those of the policy's own.
func (c Cluster) peer(namespace string, p networkingv1.NetworkPolicyPeer, other End) bool {
	switch {
	case p.IPBlock != nil:
		return within(*p.IPBlock, other.Addr)
	case other.Namespace == "" || p.NamespaceSelector == nil && p.PodSelector == nil:
		return false
	case p.NamespaceSelector == nil && other.Namespace != namespace:
		return false
	case p.NamespaceSelector != nil && !matches(p.NamespaceSelector, c.labelsOf(other.Namespace)):
		return false
	}
	return p.PodSelector == nil || matches(p.PodSelector, other.Labels)
}

// labelsOf returns the labels of a namespace, with the one of the API server.
func (c Cluster) labelsOf(namespace string) map[string]string {
	return labels.Merge(c.Namespaces[namespace], map[string]string{corev1.LabelMetadataName: namespace})
}

// within reports whether an address is in a block and in none of its exceptions.
// An address of the other family never is, and neither is the zero Addr.
func within(block networkingv1.IPBlock, addr netip.Addr) bool {
	in := func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)
		return err == nil && prefix.Contains(addr)
	}
	return in(block.CIDR) && !slices.ContainsFunc(block.Except, in)
}

// matches reports whether a selector matches labels; an empty one matches all,
// and an invalid one, which the API server refuses, matches none.
func matches(s *metav1.LabelSelector, l map[string]string) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && selector.Matches(labels.Set(l))
}

// target is the port that a connection goes to, and the ports that the receiver
// has names for.
type target struct {
	named    []corev1.ContainerPort
	protocol corev1.Protocol
	number   int32
}

// matches reports whether a port of a rule is the target's. Without a protocol
// it is TCP; without a number or name, all ports of the protocol. A name is that
// of the receiving pod's port, also in the sender's policy.
func (t target) matches(p networkingv1.NetworkPolicyPort) bool {
	if protocolOf(p.Protocol) != t.protocol {
		return false
	}
	switch {
	case p.Port == nil:
		return true
	case p.Port.Type == intstr.String:
		return slices.ContainsFunc(t.named, func(c corev1.ContainerPort) bool {
			return c.Name == p.Port.StrVal && c.ContainerPort == t.number && protocolOf(&c.Protocol) == t.protocol
		})
	case p.EndPort != nil:
		return p.Port.IntVal <= t.number && t.number <= *p.EndPort
	}
	return p.Port.IntVal == t.number
}

func protocolOf(p *corev1.Protocol) corev1.Protocol {
	if p == nil || *p == "" {
		return corev1.ProtocolTCP
	}
	return *p
}
