package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// portSpec returns what PortsOf reads of an app in a scope, as its target has it.
func (r *Resolver) portSpec(a *model.App, s view.Scope) model.AppSpec {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	fields := []string{"kind", "ports", "sidecars", "containers", "service", "services", "statefulSet", "acceptsFrom"}
	spec := mergeFields(layers, fields, func(out, l *model.AppSpec) bool {
		out.Kind, out.Ports, out.Service, out.Services, out.AcceptsFrom = l.Kind, l.Ports, l.Service, l.Services, l.AcceptsFrom
		out.Sidecars, out.Containers, out.StatefulSet = onlyPorts(l.Sidecars), onlyPorts(l.Containers), l.StatefulSet
		return l.Kind != "" || l.Ports != nil || l.Sidecars != nil || l.Containers != nil ||
			l.Service != nil || l.Services != nil || l.StatefulSet != nil || l.AcceptsFrom != nil
	})
	d := &derivation{app: a.Name, spec: &spec}
	if spec.Kind == "" && !slices.ContainsFunc(layers, func(l layer) bool { return l.spec.Image != "" }) {
		d.objectsOnly = r.objectsOnly(a)
	}
	deriveKind(d)
	deriveService(d)
	deriveGoverning(d)
	return spec
}

// onlyPorts returns containers with their names and ports alone.
func onlyPorts(list []model.Container) []model.Container {
	var out []model.Container
	for _, c := range list {
		out = append(out, model.Container{Name: c.Name, ContainerSpec: model.ContainerSpec{Ports: c.Ports}})
	}
	return out
}

// OnNodes returns the apps that ask for ports of the nodes in a scope, by name.
func (r *Resolver) OnNodes(s view.Scope) []view.Peer {
	var out []view.Peer
	for _, app := range r.names {
		a := r.apps[app]
		if !r.has(a, s) {
			continue
		}
		var buf [maxLayers]layer
		if slices.ContainsFunc(r.layers(buf[:0], a, s), func(l layer) bool {
			return slices.ContainsFunc(view.PodPorts(l.spec), func(p view.Port) bool { return p.NodePort != nil })
		}) {
			peer, _ := r.index.App(app, s)
			out = append(out, peer)
		}
	}
	return out
}
