package network

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
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

// mode returns how an app joins the mesh; "" where it does not.
func mode(t *view.Target) model.MeshMode {
	if t.Spec.Mesh == nil {
		return ""
	}
	return t.Spec.Mesh.Mode
}

// istiod lets a sidecar call the mesh's control plane. Without it, the sidecar
// is never ready.
func istiod(t *view.Target, platform *view.Platform) []networkingv1.NetworkPolicyEgressRule {
	if mode(t) != model.Sidecar {
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
func tunnelled(mode model.MeshMode, ports []networkingv1.NetworkPolicyPort) []networkingv1.NetworkPolicyPort {
	if mode != model.Ambient || len(ports) == 0 {
		return ports
	}
	return append(slices.Clone(ports), port(corev1.ProtocolTCP, intstr.FromInt32(hbonePort)))
}

// probes lets the node's probes in to a pod in ambient mode.
func probes(t *view.Target) []networkingv1.NetworkPolicyPeer {
	var from []networkingv1.NetworkPolicyPeer
	if mode(t) == model.Ambient {
		for _, cidr := range ambientProbes {
			from = append(from, block(cidr))
		}
	}
	return from
}

// meshes finds apps that say they are in the service mesh and do not join it,
// since another app of their namespace says otherwise.
func (c fleetChecker) meshes() {
	seen := map[string]bool{}
	for _, s := range c.sites {
		n := s.Model.Namespaces
		if n.Manage != nil && !*n.Manage {
			continue // somebody else labels them
		}
		for _, namespace := range s.Namespaces {
			m, ok := s.Meshes[namespace]
			if !ok || m.Mode != "" || seen[s.Model.Name+"/"+namespace] {
				continue
			}
			seen[s.Model.Name+"/"+namespace] = true
			all := append(append([]string(nil), m.Apps[model.Sidecar]...), m.Apps[model.Ambient]...)
			at := fieldpath.Path("apps").Key(all[0]).Field("spec").Field("mesh")
			if sidecar, ambient := m.Apps[model.Sidecar], m.Apps[model.Ambient]; sidecar != nil && ambient != nil {
				c.Errorf("mixed-mesh", at.Field("mode"), "use one mode for all apps of the namespace",
					"in namespace %s, apps join the mesh both with sidecars (%s) and in ambient mode (%s)", namespace, strings.Join(sidecar, ", "), strings.Join(ambient, ", "))
				continue
			}
			if view.JoinsMesh(n.Labels) {
				continue
			}
			c.Warnf("mixed-mesh", at, "set mesh for all apps of the namespace, as in environments["+s.Model.Name+"].defaults, or label the pods of single apps with pod.labels",
				"namespace %s does not join the mesh, because some of its apps do (%s) and some do not (%s)", namespace, strings.Join(all, ", "), strings.Join(m.Apps[""], ", "))
		}
	}
}
