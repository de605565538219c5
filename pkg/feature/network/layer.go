package network

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checkLayer checks edges, Services and the mesh of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := checker{r}
	c.edges(at, s)
	c.serviceNames(at, s)
	c.outside(at.Field("outside"), s.Outside)
	c.mesh(at.Field("mesh"), s.Mesh)
}

// edges checks whom the app calls, and who calls it.
func (c checker) edges(at fieldpath.Path, s *model.AppSpec) {
	peers, callers := map[string]bool{}, map[string]bool{}
	for i, p := range s.TalksTo {
		below := feature.EntryAt(at.Field("talksTo"), p.Name, i)
		if p.Name != "" {
			c.Unique(peers, below, p.Name)
		}
		c.ExactlyOne(below, "exactly one", map[string]bool{"app": p.App != "", "host": p.Host != "", "cidr": p.CIDR != "", "kubernetesAPI": feature.IsTrue(p.KubernetesAPI)}, 1)
		if p.App != "" {
			c.Known("unknown-app", "app", below.Field("app"), p.App, c.AppNames())
		}
		c.CIDR(below.Field("cidr"), p.CIDR)
		c.peerPort(below, p)
	}
	for i, p := range s.AcceptsFrom {
		below := feature.EntryAt(at.Field("acceptsFrom"), p.Name, i)
		if p.Name != "" {
			c.Unique(callers, below, p.Name)
		}
		c.ExactlyOne(below, "exactly one", map[string]bool{"namespace": p.Namespace != "", "cidr": p.CIDR != "", "monitoring": feature.IsTrue(p.Monitoring)}, 1)
		c.CIDR(below.Field("cidr"), p.CIDR)
	}
}

// peerPort checks the port of an edge: that of an app may be a name.
func (c checker) peerPort(at fieldpath.Path, p model.Peer) {
	switch below := at.Field("port"); {
	case p.Port == nil && p.Host != "":
		c.Errorf("missing-value", at, "add the port, such as 443", "a host needs a port: network policies do not support host names, so only the port restricts the rule")
	case p.Port == nil:
	case p.Port.Type == intstr.Int:
		c.Port(below, p.Port.IntVal)
	case len(validation.IsValidPortName(p.Port.StrVal)) > 0:
		c.Errorf("invalid-value", below, "write the port's number without quotes, or the name of a port of an app", "%q is not a valid port", p.Port.StrVal)
	case p.App == "":
		c.Errorf("invalid-value", below, "write the port's number", "only the ports of apps have names, and %q is a name", p.Port.StrVal)
	}
}

func (c checker) sourceRanges(at fieldpath.Path, s model.ServiceSpec) {
	for i, cidr := range s.LoadBalancerSourceRanges {
		c.CIDR(at.Field("loadBalancerSourceRanges").Index(i), cidr)
	}
}

// serviceNames checks the Services in front of the app.
func (c checker) serviceNames(at fieldpath.Path, s *model.AppSpec) {
	if s.Service != nil {
		c.sourceRanges(at.Field("service"), s.Service.ServiceSpec)
	}
	seen := map[string]bool{}
	for _, x := range s.Services {
		below := at.Field("services").Key(x.Name)
		c.Unique(seen, below, x.Name)
		c.serviceName(below.Field("name"), x.Name)
		c.sourceRanges(below, x.ServiceSpec)
	}
}

func (c checker) serviceName(at fieldpath.Path, name string) {
	if len(validation.IsDNS1035Label(name)) > 0 {
		c.Errorf("invalid-name", at, "use lowercase letters, digits and dashes, and start with a letter", "%q is not a valid name of a Service", name)
	}
}

// outside checks Services for what lives outside of the cluster.
func (c checker) outside(at fieldpath.Path, list []model.OutsideService) {
	seen := map[string]bool{}
	for _, o := range list {
		below := at.Key(o.Name)
		c.Unique(seen, below, o.Name)
		c.serviceName(below.Field("name"), o.Name)
		c.ExactlyOne(below, "one", map[string]bool{"host": o.Host != "", "addresses": len(o.Addresses) > 0}, 0)
		c.Host(below.Field("host"), o.Host)
		c.ExactlyOne(below, "at most one", map[string]bool{"cidrs": len(o.CIDRs) > 0, "addresses": len(o.Addresses) > 0}, 0)
		for i, cidr := range o.CIDRs {
			c.CIDR(below.Field("cidrs").Index(i), cidr)
		}
		families := map[bool]bool{}
		for i, a := range o.Addresses {
			addr, err := netip.ParseAddr(a)
			switch {
			case err != nil:
				c.Errorf("invalid-value", below.Field("addresses").Index(i), "use an IP address, or host for a name", "%q is not a valid IP address", a)
			case addr.IsLoopback() || addr.IsLinkLocalUnicast() || addr.IsMulticast():
				c.Errorf("invalid-value", below.Field("addresses").Index(i), "use an address that pods can reach", "Kubernetes rejects %s as an endpoint", a)
			}
			families[addr.Is6()] = true
		}
		for _, p := range o.Ports {
			if len(validation.IsValidPortName(p.Name)) > 0 {
				c.Errorf("invalid-name", below.Field("ports").Key(p.Name), "use at most 15 lowercase letters, digits and dashes, at least one of them a letter", "%q is not a valid port name", p.Name)
			}
			c.Port(below.Field("ports").Key(p.Name).Field("port"), p.Port)
		}
		if len(families) > 1 {
			c.Errorf("mixed-addresses", below.Field("addresses"), "write one Service for each IP family", "an EndpointSlice cannot contain both IPv4 and IPv6 addresses")
		}
	}
}

// mesh checks how the app joins the service mesh.
func (c checker) mesh(at fieldpath.Path, m *model.Mesh) {
	if m == nil {
		return
	}
	switch m.Mode {
	case "", model.Sidecar, model.Ambient:
	default:
		c.Errorf("invalid-value", at.Field("mode"), "use sidecar or ambient", "%q is not a mode of a service mesh", m.Mode)
	}
	switch m.MTLS {
	case "", "STRICT", "PERMISSIVE", "DISABLE":
	default:
		c.Errorf("invalid-value", at.Field("mtls"), "use STRICT, PERMISSIVE or DISABLE", "%q is not a valid mode", m.MTLS)
	}
}
