package network

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// edge is an entry of an app's talksTo.
type edge struct {
	model.Peer
	// Path is where the fleet declares it.
	Path fieldpath.Path
}

// edges checks that apps talk to others that run beside them, at ports that these
// have.
func (c fleetChecker) edges() {
	var missing []edge
	absent := map[fieldpath.Path][]string{}
	for _, s := range c.sites {
		for _, app := range c.fleet.Apps() {
			f, ok := c.fleet.Facts(app, s.Scope)
			if !ok {
				continue
			}
			for _, peer := range f.Peers {
				if peer.App == "" {
					continue
				}
				callee, runs := c.fleet.Facts(peer.App, s.Scope)
				if runs {
					if _, ok := callee.Ports.Reach(peer); ok {
						continue
					}
				}
				e := edge{peer, c.fleet.PeerPath(app, s.Scope, peer.Name)}
				if runs {
					c.closed(s, e, callee.Ports)
					continue
				}
				if len(absent[e.Path]) == 0 {
					missing = append(missing, e)
				}
				absent[e.Path] = append(absent[e.Path], s.Model.Name+"/"+s.Cluster)
			}
		}
	}
	for _, e := range missing {
		c.absent(e, absent[e.Path])
	}
}

// absent reports an edge to an app that does not run on some of the caller's
// clusters, in their environments, where its policy opens nothing.
func (c fleetChecker) absent(e edge, where []string) {
	var runs []string
	for _, s := range c.fleet.Scopes(e.App) {
		if s.Cluster != "" {
			runs = append(runs, s.Environment+"/"+s.Cluster)
		}
	}
	what := "it does not run anywhere"
	if runs != nil {
		what = "it runs in " + strings.Join(runs, ", ")
	}
	c.Warnf("absent-peer", e.Path, "let "+e.App+" run there, or unset the entry there; to reach it elsewhere, use its host or cidr in talksTo, or add a Service for it to outside",
		"app %s does not run in %s (%s), so the entry allows no traffic there: a network policy applies only within its cluster",
		e.App, strings.Join(where, ", "), what)
}

// closed reports an edge that opens nothing.
func (c fleetChecker) closed(s view.Environment, e edge, ports view.Ports) {
	at, called, use := e.Path, ports.Called(), "add it to the ports of "+e.App
	if len(called) > 0 {
		use = "use one of " + view.ListPorts(called)
	}
	if e.Port == nil && len(called) > 0 {
		c.Errorf("unknown-port", at.Field("protocol"), use, "in %s, app %s has no port with protocol %s", s.Model.Name, e.App, e.Protocol)
		return
	}
	if e.Port == nil {
		c.Errorf("private-port", at, "remove private from the port, or name the port here and in acceptsFrom of "+e.App,
			"in %s, all ports of app %s are private", s.Model.Name, e.App)
		return
	}
	at = at.Field("port")
	i := slices.IndexFunc(ports.Pods, func(p view.Port) bool { return *e.Port == intstr.FromString(p.Name) })
	j := slices.IndexFunc(called, func(p view.Port) bool { return *e.Port == intstr.FromInt32(p.Container) })
	switch {
	case ports.Unknown:
		c.Errorf("unknown-port", at, "write the port's number", "the model does not list the ports of app %s", e.App)
	case len(ports.Pods) == 0:
		c.Errorf("unknown-port", at, use, "in %s, app %s has no ports", s.Model.Name, e.App)
	case i >= 0 && !slices.ContainsFunc(called, func(p view.Port) bool { return p.Name == ports.Pods[i].Name }):
		c.Errorf("private-port", at, "add it to a Service, or name it in acceptsFrom of "+e.App+" with the apps that may call it",
			"in %s, no Service of app %s has the port %s", s.Model.Name, e.App, ports.Pods[i].Name)
	case j >= 0:
		c.Errorf("unknown-port", at, use, "in %s, no Service of app %s has a port %s: it is the container port behind %s",
			s.Model.Name, e.App, e.Port, called[j].Name)
	default:
		var names []string
		for _, p := range called {
			names = append(names, p.Name)
		}
		if near := finding.Nearest(e.Port.StrVal, names); near != "" {
			use = "did you mean " + near + "?"
		}
		c.Errorf("unknown-port", at, use, "in %s, app %s has no port %s", s.Model.Name, e.App, e.Port)
	}
}
