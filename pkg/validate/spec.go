package validate

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Target returns the findings about a target, in which nothing is left to inherit.
// At is the path of the app's own layer in the fleet.
func Target(at fieldpath.Path, t *view.Target, set *feature.Set, positions finding.Positions) finding.List {
	c, s := &checker{Report: &feature.Report{Positions: positions}, set: set}, &t.Spec
	c.secretUse(at, s)
	if s.Kind != model.NoWorkload {
		c.portNames(at, s)
	}
	if p := s.PodSecurity; p != nil && (p.Level == "" || p.Reason == "") {
		c.Errorf("missing-value", at.Field("podSecurity"), "add level and reason", "a pod security level needs a reason, so that it can be reviewed")
	}
	c.healed(at, s)
	c.served(at, s)
	set.CheckTarget(c.Report, at, t)
	return c.List.Sort()
}

// portNames checks that Services and callers name ports of the pods.
func (c *checker) portNames(at fieldpath.Path, s *model.AppSpec) {
	var ports []string
	for _, p := range view.PortsOf(s).Pods {
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
