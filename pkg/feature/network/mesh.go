package network

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// The ports of Istio: where istiod serves its configuration and certificates,
// and its webhooks, and where the proxies of ambient mode take calls for a pod.
const (
	istiodPort   = 15012
	webhooksPort = 15017
	hbonePort    = 15008
)

// ambientProbes are the addresses from which a node's probes come to a pod in
// ambient mode: they are not the node's, whose calls are always let in.
var ambientProbes = []string{"169.254.7.127/32", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128"}

func meshed(t *view.Target, mode model.MeshMode) bool {
	return t.Spec.Mesh != nil && t.Spec.Mesh.Mode == mode
}

// istiod lets a sidecar call the mesh's control plane. Without it, the sidecar
// is never ready.
func istiod(t *view.Target, platform *view.Platform) []networkingv1.NetworkPolicyEgressRule {
	if !meshed(t, model.Sidecar) {
		return nil
	}
	pods := view.DefaultIstiod()
	if platform != nil {
		pods = &platform.Istiod
	}
	return []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{podsOf(pods)}, Ports: []networkingv1.NetworkPolicyPort{
		port(corev1.ProtocolTCP, intstr.FromInt32(istiodPort)), port(corev1.ProtocolTCP, intstr.FromInt32(webhooksPort))}}}
}

// tunnelled adds to the ports of a rule between pods the one at which calls
// really go in ambient mode. No ports are all of them.
func tunnelled(t *view.Target, ports []networkingv1.NetworkPolicyPort) []networkingv1.NetworkPolicyPort {
	if !meshed(t, model.Ambient) || len(ports) == 0 {
		return ports
	}
	return append(slices.Clone(ports), port(corev1.ProtocolTCP, intstr.FromInt32(hbonePort)))
}

// probes lets the node's probes in to a pod in ambient mode.
func probes(t *view.Target) []networkingv1.NetworkPolicyPeer {
	var from []networkingv1.NetworkPolicyPeer
	if meshed(t, model.Ambient) {
		for _, cidr := range ambientProbes {
			from = append(from, block(cidr))
		}
	}
	return from
}
