package resolve

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// meshes returns the namespaces of a scope that have apps in the mesh, by name.
func (r *Resolver) meshes(s view.Scope) map[string]view.Meshed {
	modes := map[string]model.MeshMode{}
	for _, name := range r.names {
		if a := r.apps[name]; r.has(a, s) {
			if mode := r.meshMode(a, s); mode != "" {
				modes[name] = mode
			}
		}
	}
	if len(modes) == 0 {
		return nil
	}
	out := map[string]view.Meshed{}
	for _, name := range r.names {
		a := r.apps[name]
		if !r.has(a, s) || modes[name] == "" && !r.hasPods(a, s) {
			continue
		}
		m := out[r.namespaceOf(a, s)]
		if m.Apps == nil {
			m.Apps = map[model.MeshMode][]string{}
		}
		m.Apps[modes[name]] = append(m.Apps[modes[name]], name)
		m.Mode = ""
		if len(m.Apps) == 1 {
			m.Mode = modes[name]
		}
		out[r.namespaceOf(a, s)] = m
	}
	for namespace, m := range out {
		if m.Apps[model.Sidecar] == nil && m.Apps[model.Ambient] == nil {
			delete(out, namespace)
		}
	}
	return out
}

// meshMode returns how an app joins the mesh in a scope; "" where it does not.
func (r *Resolver) meshMode(a *model.App, s view.Scope) model.MeshMode {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	if !slices.ContainsFunc(layers, func(l layer) bool { return l.spec.Mesh != nil }) {
		return ""
	}
	spec := mergeField(layers, "mesh", func(out, l *model.AppSpec) bool {
		out.Mesh = l.Mesh
		return l.Mesh != nil
	})
	deriveMesh(&derivation{spec: &spec})
	if spec.Mesh == nil {
		return ""
	}
	return spec.Mesh.Mode
}

// hasPods reports whether an app has a workload or hooks in a scope.
func (r *Resolver) hasPods(a *model.App, s view.Scope) bool {
	var buf [maxLayers]layer
	layers := r.layers(buf[:0], a, s)
	spec := mergeField(layers, "kind", func(out, l *model.AppSpec) bool {
		out.Kind = l.Kind
		return l.Kind != ""
	})
	d := &derivation{spec: &spec, objectsOnly: spec.Kind == "" && r.objectsOnly(a)}
	deriveKind(d)
	return d.runs() || len(r.hooks(a, s)) > 0
}

func deriveMesh(d *derivation) {
	if d.spec.Mesh != nil {
		fill.Zero(&d.spec.Mesh.Mode, model.Sidecar)
	}
}
