package network

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkTarget checks the ports, the Services and the hosts outside of a target.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	c, s := checker{r}, &t.Spec
	ports := view.PortsOf(s)
	if s.Kind != model.NoWorkload {
		c.portNames(at, s, ports.Pods)
	}
	c.services(at, s, ports)
	c.outsideOf(at, s)
}

// portNames checks that Services and callers name ports of the pods.
func (c checker) portNames(at fieldpath.Path, s *model.AppSpec, pods []view.Port) {
	var ports []string
	for _, p := range pods {
		ports = append(ports, p.Name)
	}
	if s.Service != nil && feature.IsTrue(s.Service.Enabled) {
		for i, p := range s.Service.Ports {
			c.Known("unknown-port", "port", at.Field("service").Field("ports").Index(i), p, ports)
		}
	}
	for _, x := range s.Services {
		for i, p := range x.Ports {
			c.Known("unknown-port", "port", at.Field("services").Key(x.Name).Field("ports").Index(i), p, ports)
		}
	}
	for i, caller := range s.AcceptsFrom {
		for j, p := range caller.Ports {
			c.Known("unknown-port", "port", feature.EntryAt(at.Field("acceptsFrom"), caller.Name, i).Field("ports").Index(j), p, ports)
		}
	}
}

// outsideOf checks whom the target calls outside of the fleet.
func (c checker) outsideOf(at fieldpath.Path, s *model.AppSpec) {
	for _, o := range s.Outside {
		below := at.Field("outside").Key(o.Name)
		if o.Host == "" && len(o.Addresses) == 0 {
			c.Errorf("missing-value", below, "add host or addresses", "the Service has neither a host nor addresses")
		}
		if len(o.Ports) == 0 {
			c.Errorf("missing-value", below.Field("ports"), "add a port", "the Service has no port")
		}
		if len(o.CIDRs) == 0 && privateName(o.Host) {
			c.Warnf("private-host", below.Field("host"), "add its networks to cidrs",
				"%s looks like a name with a private address, to which the network policy allows no traffic", o.Host)
		}
	}
	for i, p := range s.TalksTo {
		if privateName(p.Host) {
			c.Warnf("private-host", feature.EntryAt(at.Field("talksTo"), p.Name, i).Field("host"), "use cidr with its network instead",
				"%s looks like a name with a private address, to which the network policy allows no traffic", p.Host)
		}
	}
}

// services checks the Services in front of the pods.
func (c checker) services(at fieldpath.Path, s *model.AppSpec, ports view.Ports) {
	names := map[string]bool{}
	for _, o := range s.Outside {
		names[o.Name] = true
	}
	for _, x := range ports.Services {
		if names[x.Name] {
			c.Errorf("duplicate-name", at, "rename one of them", "the app has two Services named %s", x.Name)
		}
		names[x.Name] = true
		c.servicePorts(at, x)
	}
	if s.Kind != model.StatefulSet {
		return
	}
	if x, _ := ports.Service(s.StatefulSet.ServiceName); !feature.IsTrue(x.Spec.Headless) {
		c.Warnf("governing-service", at.Field("statefulSet").Field("serviceName"), "make it headless, or name another",
			"the Service %s has a cluster IP, so the pods have no DNS names of their own", x.Name)
	}
}

// servicePorts checks that the API server takes the ports of a Service.
func (c checker) servicePorts(at fieldpath.Path, s view.Service) {
	if len(s.Ports)+len(s.Spec.Ports) == 0 && s.Spec.Type != corev1.ServiceTypeExternalName && !feature.IsTrue(s.Spec.Headless) {
		c.Errorf("missing-value", at, "add a port that is not private to the app, or remove the Service", "the Service %s has no ports", s.Name)
	}
	names := map[string]string{}
	for _, p := range s.Ports {
		key := fmt.Sprintf("%d/%s", p.Number, p.Protocol)
		if other := names[key]; other != "" && other != p.Name {
			c.Errorf("duplicate-port", at.Join(p.At), "give one of them another servicePort, or make it private", "the Service %s has port %s twice: as %s and as %s", s.Name, key, other, p.Name)
		}
		names[key] = p.Name
	}
}

// privateEnds are the last labels of names that no public server knows: those
// that are reserved for this, and those that people use all the same.
var privateEnds = []string{"corp", "home", "home.arpa", "internal", "intranet", "lan", "local", "localdomain", "private", "svc"}

// privateName reports whether a host's name looks as if its address were private.
// A name of one label may be anybody's, such as that of a Service.
func privateName(host string) bool {
	return slices.ContainsFunc(privateEnds, func(end string) bool { return strings.HasSuffix(strings.TrimSuffix(host, "."), "."+end) })
}
