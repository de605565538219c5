package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// nodePort is a port of the nodes that a Service asks for.
type nodePort struct {
	app, service, protocol string
	number                 any
	path                   fieldpath.Path
}

// nodePorts finds ports of the nodes that two Services of a cluster ask for, over
// all environments there.
func (c fleetChecker) nodePorts() {
	type asked struct {
		site view.Environment
		nodePort
	}
	taken := map[string]asked{}
	for _, s := range c.sites {
		for _, p := range append(c.modelled(s), wholeNodePorts(s)...) {
			key := fmt.Sprintf("%s %v", s.Cluster, p.number)
			other, ok := taken[key]
			switch {
			case !ok:
				taken[key] = asked{s, p}
			case other.site.Scope == s.Scope && other.app == p.app && other.service == p.service && other.protocol != p.protocol:
				// a Service may have it once for each protocol
			default:
				c.Errorf("node-port-conflict", p.path, "choose another number for one of them, or remove it and let the cluster choose",
					"on cluster %s, the Service %s in %s uses node port %v, which the Service %s of app %s in %s also uses, at %s",
					s.Cluster, p.service, s.Model.Name, p.number, other.service, other.app, other.site.Model.Name, other.path)
			}
		}
	}
}

// modelled returns the ports that apps ask for.
func (c fleetChecker) modelled(s view.Environment) []nodePort {
	var out []nodePort
	for _, app := range c.fleet.Apps() {
		f, ok := c.fleet.Facts(app, s.Scope)
		if !ok {
			continue
		}
		for _, x := range f.Ports.Services {
			for _, p := range x.Ports {
				if p.NodePort != nil && x.OnNodes() {
					out = append(out, nodePort{app, x.Name, string(p.Protocol), *p.NodePort,
						fieldpath.Path("apps").Key(app).Field("spec").Join(p.At).Field("nodePort")})
				}
			}
		}
	}
	return out
}

// wholeNodePorts returns the ports that whole Services ask for.
func wholeNodePorts(s view.Environment) []nodePort {
	var out []nodePort
	for _, w := range s.Objects {
		o := w.Object
		if view.KindOf(w.Object).Group != "" || view.Text(o, "kind") != "Service" {
			continue
		}
		for _, p := range view.List(o, "spec", "ports") {
			protocol := view.Text(p, "protocol")
			if protocol == "" {
				protocol = string(corev1.ProtocolTCP)
			}
			if number := view.Value(p, "nodePort"); number != nil {
				out = append(out, nodePort{w.App, view.Text(o, "metadata", "name"), protocol, number, w.Path()})
			}
		}
	}
	return out
}
