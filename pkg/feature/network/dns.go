package network

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// dnsPort is where DNS answers that is no pod's: resolvers ask at no other.
const dnsPort = 53

// dns allows looking up names, as the cluster has it. The base, which is of no
// cluster, has what most do.
func dns(platform *view.Platform) []networkingv1.NetworkPolicyEgressRule {
	d := view.DefaultDNS()
	if platform != nil {
		d = platform.DNS
	}
	var pods, addresses []networkingv1.NetworkPolicyPeer
	for _, p := range d.Pods {
		pods = append(pods, podsOf(&p))
	}
	for _, cidr := range d.Addresses {
		addresses = append(addresses, block(cidr))
	}
	if *d.Port == dnsPort {
		return []networkingv1.NetworkPolicyEgressRule{lookup(append(pods, addresses...), dnsPort)}
	}
	out := []networkingv1.NetworkPolicyEgressRule{lookup(pods, *d.Port)}
	if addresses != nil {
		out = append(out, lookup(addresses, dnsPort))
	}
	return out
}

// lookup allows calling DNS servers at a port.
func lookup(servers []networkingv1.NetworkPolicyPeer, number int32) networkingv1.NetworkPolicyEgressRule {
	return networkingv1.NetworkPolicyEgressRule{To: servers, Ports: []networkingv1.NetworkPolicyPort{
		port(corev1.ProtocolUDP, intstr.FromInt32(number)), port(corev1.ProtocolTCP, intstr.FromInt32(number))}}
}

// block is a network.
func block(cidr string, except ...string) networkingv1.NetworkPolicyPeer {
	return networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: cidr, Except: except}}
}
