package validate

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

// served checks what a resolved spec serves, and whom it calls outside.
func (c *checker) served(at fieldpath.Path, s *model.AppSpec) {
	ports, names := view.PortsOf(s), map[string]bool{}
	for i := range s.Routes {
		r := &s.Routes[i]
		below := at.Field("routes").Key(r.Host)
		if names[r.Name] {
			c.Errorf("duplicate-name", below.Field("name"), "give the route a name", "two routes would have the name %s", r.Name)
		}
		names[r.Name] = true
		main, ok := ports.Service(ports.Main)
		if r.Port != "" && ok {
			c.Known("unknown-port", "port of the Service", below.Field("port"), r.Port, main.PortNames())
		}
		for j, rule := range r.Rules {
			for k, b := range view.Backends(rule) {
				c.backend(view.BackendPath(below.Field("rules").Index(j), rule, k), s, ports, b)
			}
		}
	}
	c.services(at, s, ports)
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
func (c *checker) services(at fieldpath.Path, s *model.AppSpec, ports view.Ports) {
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
func (c *checker) servicePorts(at fieldpath.Path, s view.Service) {
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

// backend checks that a backend of the app's own, or one of its further Services,
// has the port that is called.
func (c *checker) backend(at fieldpath.Path, s *model.AppSpec, ports view.Ports, b model.Backend) {
	name := b.Service
	if b.App != "" {
		if b.App != appOf(at) {
			return // what it has is seen in all targets together
		}
		name = ports.Main
	}
	service, ok := ports.Service(name)
	for _, o := range s.Outside {
		if o.Name == name && !ok {
			service, ok = view.Service{Name: name, Ports: view.PortsFrom("", o.Ports)}, true
		}
	}
	switch {
	case !ok && b.App != "":
		c.Errorf("route-without-port", at, "add a port to the app, or name another app or a service", "the app has no Service")
	case ok && b.Port != nil:
		if _, ok := service.Port(b.Port); !ok {
			c.Errorf("unknown-port", at.Field("port"), "use one of "+view.ListPorts(service.Ports), "the Service %s has no port %d", name, *b.Port)
		}
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

// appOf returns the name of the app that a path leads to, as in apps[web].spec.
func appOf(at fieldpath.Path) string {
	if steps, err := at.Steps(); err == nil && len(steps) > 1 {
		return steps[1].Name
	}
	return ""
}
