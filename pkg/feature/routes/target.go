package routes

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkTarget checks what the routes of a target serve.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	c, s := checker{r}, &t.Spec
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
				c.backend(view.BackendPath(below.Field("rules").Index(j), rule, k), t, ports, b)
			}
		}
	}
}

// backend checks that a backend of the app's own, or one of its further Services,
// has the port that is called.
func (c checker) backend(at fieldpath.Path, t *view.Target, ports view.Ports, b model.Backend) {
	name := b.Service
	if b.App != "" {
		if b.App != t.App {
			return // what it has is seen in all targets together
		}
		name = ports.Main
	}
	service, ok := ports.Service(name)
	for _, o := range t.Spec.Outside {
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
