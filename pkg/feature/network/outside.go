package network

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// outsideServices makes the Services for what lives outside of the cluster: by
// name, or by addresses in an EndpointSlice of ours.
func outsideServices(t *view.Target) []runtime.Object {
	var out []runtime.Object
	for _, o := range t.Spec.Outside {
		s := &corev1.Service{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
			ObjectMeta: part.Meta(t, o.Name),
		}
		for _, p := range view.PortsFrom("", o.Ports) {
			s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Name: p.Name, Port: p.Number, TargetPort: intstr.FromInt32(p.Container),
				Protocol: p.Protocol, AppProtocol: p.AppProtocol})
		}
		if o.Host != "" {
			s.Spec.Type, s.Spec.ExternalName = corev1.ServiceTypeExternalName, o.Host
			out = append(out, s)
			continue
		}
		s.Spec.Type = corev1.ServiceTypeClusterIP
		out = append(out, s, endpoints(t, o))
	}
	return out
}

// endpoints returns the EndpointSlice of a Service without selector.
func endpoints(t *view.Target, o model.OutsideService) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		TypeMeta:    metav1.TypeMeta{APIVersion: "discovery.k8s.io/v1", Kind: "EndpointSlice"},
		ObjectMeta:  part.Meta(t, o.Name),
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	slice.Labels[discoveryv1.LabelServiceName] = o.Name
	slice.Labels[discoveryv1.LabelManagedBy] = "gitopsgen"
	for _, a := range o.Addresses {
		if addr, err := netip.ParseAddr(a); err == nil && addr.Is6() {
			slice.AddressType = discoveryv1.AddressTypeIPv6
		}
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{a}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)}})
	}
	for _, p := range o.Ports {
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &p.Name, Port: &p.Port, Protocol: &p.Protocol, AppProtocol: p.AppProtocol})
	}
	return slice
}

// outside lets the app call what its Outside Services name.
func outside(t *view.Target) []networkingv1.NetworkPolicyEgressRule {
	var out []networkingv1.NetworkPolicyEgressRule
	for _, o := range t.Spec.Outside {
		if to := whereabouts(o); to != nil {
			out = append(out, networkingv1.NetworkPolicyEgressRule{To: to, Ports: policyPorts(view.PortsFrom("", o.Ports), nil)})
		}
	}
	return out
}

// whereabouts returns the addresses of what lives outside. Those of a host are
// in the networks that are told of it, or else anywhere.
func whereabouts(o model.OutsideService) []networkingv1.NetworkPolicyPeer {
	cidrs := o.CIDRs
	if o.Host == "" {
		cidrs = nil
		for _, a := range o.Addresses {
			if addr, err := netip.ParseAddr(a); err == nil {
				cidrs = append(cidrs, netip.PrefixFrom(addr, addr.BitLen()).String())
			}
		}
	} else if len(cidrs) == 0 {
		return anywhere()
	}
	var out []networkingv1.NetworkPolicyPeer
	for _, cidr := range cidrs {
		out = append(out, block(cidr))
	}
	return out
}

// anywhere is all addresses of both families outside of the private ranges.
func anywhere() []networkingv1.NetworkPolicyPeer {
	return []networkingv1.NetworkPolicyPeer{block("0.0.0.0/0", privateRanges...), block("::/0", privateRanges6...)}
}

// apiServer lets the app call the API server of its cluster: at its addresses
// where they are known, else at its usual ports. Policies apply behind the
// Service, so that both ports may be seen.
func apiServer(edge model.Peer, platform *view.Platform) networkingv1.NetworkPolicyEgressRule {
	rule := networkingv1.NetworkPolicyEgressRule{Ports: edgePort(edge)}
	if rule.Ports == nil {
		rule.Ports = []networkingv1.NetworkPolicyPort{port(corev1.ProtocolTCP, intstr.FromInt32(443)), port(corev1.ProtocolTCP, intstr.FromInt32(6443))}
	}
	if platform != nil {
		for _, cidr := range platform.APIServerCIDRs {
			rule.To = append(rule.To, block(cidr))
		}
	}
	return rule
}

// podsOf selects pods that are no app's of the fleet; nil is any of the cluster.
func podsOf(p *model.Pods) networkingv1.NetworkPolicyPeer {
	if p == nil {
		return networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{}}
	}
	out := networkingv1.NetworkPolicyPeer{NamespaceSelector: namespaceNamed(p.Namespace)}
	if len(p.Labels) > 0 {
		out.PodSelector = &metav1.LabelSelector{MatchLabels: p.Labels}
	}
	return out
}
