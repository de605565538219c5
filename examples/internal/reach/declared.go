package reach

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/network/netpoltest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// calls reports whether a pod is that of a preview, which calls the apps of the
// environment that it is like.
func calls(from, to pod) bool {
	return from.target.IsPreview() && from.target.Like() == to.target.Scope
}

// declared reports whether the model lets one pod call another at a port.
func declared(from, to pod, port model.Port) bool {
	switch {
	case to.hook || from.target.Scope != to.target.Scope && !calls(from, to):
		return false
	case from.End.Namespace == to.End.Namespace && from.name == to.name && to.target.Spec.Kind == model.StatefulSet:
		return true
	}
	return slices.ContainsFunc(from.target.Spec.TalksTo, func(e model.Peer) bool {
		if e.App != to.target.App {
			return false
		}
		if len(to.target.Spec.Ports) == 0 {
			return e.Port == nil
		}
		return port.Name != "none" && !isTrue(port.Private) && served(to.target, port.Name) && meant(e, port)
	})
}

// served reports whether a Service of an app has a port; all of its ports count
// where it has no Service that chooses.
func served(t view.Target, port string) bool {
	chosen := services(t)
	return len(chosen) == 0 || t.Spec.Kind == model.StatefulSet || slices.ContainsFunc(chosen, func(s model.ServiceSpec) bool {
		return len(s.Ports) == 0 || slices.Contains(s.Ports, port)
	})
}

// services returns the Services that a model says an app has.
func services(t view.Target) []model.ServiceSpec {
	var out []model.ServiceSpec
	if s := t.Spec.Service; s != nil && isTrue(s.Enabled) {
		out = append(out, s.ServiceSpec)
	}
	for _, s := range t.Spec.Services {
		out = append(out, s.ServiceSpec)
	}
	return out
}

// meant reports whether an edge means a port: by its name, or the Service's number.
func meant(e model.Peer, p model.Port) bool {
	number := p.Port
	if p.ServicePort != nil {
		number = *p.ServicePort
	}
	return (e.Protocol == "" || e.Protocol == p.Protocol) && (e.Port == nil || e.Port.String() == p.Name || e.Port.String() == fmt.Sprint(number))
}

func isTrue(b *bool) bool { return b != nil && *b }

// same reports whether two ends are the same pods.
func same(a, b netpoltest.End) bool {
	return a.Namespace == b.Namespace && maps.Equal(a.Labels, b.Labels)
}

// lets reports whether the model lets somebody outside call a pod at a port.
func (n network) lets(c other, p pod, port model.Port) bool {
	if port.Name == "none" {
		return false
	}
	platform := n.resolver.View().Platform(p.target.Scope)
	for _, e := range p.target.Spec.AcceptsFrom {
		end := endOf(model.Pods{Namespace: e.Namespace, Labels: e.PodLabels})
		if isTrue(e.Monitoring) {
			end = endOf(platform.Monitoring)
		}
		caller := e.CIDR == "" && end.Namespace == c.Namespace && within(end.Labels, c.Labels) || in(c.Addr, e.CIDR)
		if caller && (len(e.Ports) == 0 || slices.Contains(e.Ports, port.Name)) {
			return true
		}
	}
	for _, s := range services(p.target) {
		onNodes := s.Type == corev1.ServiceTypeLoadBalancer || s.Type == corev1.ServiceTypeNodePort
		if onNodes && !isTrue(port.Private) && (len(s.Ports) == 0 || slices.Contains(s.Ports, port.Name)) &&
			(len(s.LoadBalancerSourceRanges) == 0 || in(c.Addr, s.LoadBalancerSourceRanges...)) {
			return true
		}
	}
	for _, from := range n.pods {
		if from.target.Scope != p.target.Scope || from.hook {
			continue
		}
		for _, route := range from.target.Spec.Routes {
			if enters(platform, route, c) && leads(from, route, p, port) {
				return true
			}
		}
	}
	return false
}

func within(small, large map[string]string) bool {
	for k, v := range small {
		if large[k] != v {
			return false
		}
	}
	return true
}

// enters reports whether somebody passes on the calls of a route.
func enters(platform *view.Platform, route model.Route, c other) bool {
	if g, ok := platform.GatewayNamed(route.Gateway); ok {
		return same(endOf(*g.Pods), c.End)
	}
	if route.IngressClass == "" {
		return false
	}
	return c.Namespace != "" && (platform.IngressController == nil || same(endOf(*platform.IngressController), c.End))
}

// leads reports whether a route of an app leads to a port of a pod.
func leads(from pod, route model.Route, to pod, port model.Port) bool {
	number := port.Port
	if port.ServicePort != nil {
		number = *port.ServicePort
	}
	for _, rule := range route.Rules {
		backends := slices.Clone(rule.Backends)
		if rule.Mirror != nil {
			backends = append(backends, *rule.Mirror)
		}
		for _, b := range backends {
			ours := b.App == to.target.App || b.Service != "" && from.name == to.name &&
				slices.ContainsFunc(to.target.Spec.Services, func(s model.NamedService) bool { return s.Name == b.Service })
			first := slices.IndexFunc(to.target.Spec.Ports, func(p model.Port) bool { return !isTrue(p.Private) && served(to.target, p.Name) })
			if ours && (b.Port != nil && *b.Port == number || b.Port == nil && first >= 0 && to.target.Spec.Ports[first].Name == port.Name) {
				return true
			}
		}
	}
	return false
}

// in reports whether an address is in a network.
func in(addr netip.Addr, cidrs ...string) bool {
	return slices.ContainsFunc(cidrs, func(cidr string) bool { return cidr != "" && netip.MustParsePrefix(cidr).Contains(addr) })
}

// reaches reports whether the model lets a pod call an address by TCP.
func (n network) reaches(p pod, addr netip.Addr, port int32) bool {
	public := !addr.IsPrivate() && !addr.IsLinkLocalUnicast()
	for _, e := range p.target.Spec.TalksTo {
		at := e.Port == nil || e.Port.IntVal == port
		switch {
		case e.Protocol != "" && e.Protocol != corev1.ProtocolTCP:
		case e.Host != "" && public && at, e.CIDR != "" && in(addr, e.CIDR) && at:
			return true
		case isTrue(e.KubernetesAPI):
			cidrs := n.resolver.View().Platform(p.target.Scope).APIServerCIDRs
			if (len(cidrs) == 0 || in(addr, cidrs...)) && at && (e.Port != nil || port == 443 || port == 6443) {
				return true
			}
		}
	}
	for _, o := range p.target.Spec.Outside {
		at := slices.ContainsFunc(o.Ports, func(x model.Port) bool { return x.Port == port && x.Protocol == corev1.ProtocolTCP })
		if at && (o.Host != "" && len(o.CIDRs) == 0 && public || in(addr, o.CIDRs...) || slices.Contains(o.Addresses, addr.String())) {
			return true
		}
	}
	return false
}
