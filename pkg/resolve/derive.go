package resolve

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// derivation returns the derivation of a target that was merged from layers.
func (r *Resolver) derivation(t *view.Target, layers []layer) *feature.Derivation {
	d := &feature.Derivation{Target: t, Layers: make([]feature.Layer, len(layers))}
	for i, l := range layers {
		d.Layers[i] = feature.Layer{Reach: l.kind.reach(), Spec: l.spec}
	}
	if t.Spec.Kind == "" && t.Spec.Image == "" {
		d.ObjectsOnly = r.objectsOnly(r.apps[t.App])
	}
	for _, l := range layers {
		for _, p := range l.spec.Unset {
			if d.Unset == nil {
				d.Unset = map[fieldpath.Path]bool{}
			}
			if steps, err := p.Steps(); err == nil {
				d.Unset[canonical(steps, r.settings)] = true
			}
		}
	}
	return d
}

// objectsOnly reports whether some layer of an app brings objects along and
// none names an image.
func (r *Resolver) objectsOnly(a *model.App) bool {
	objects := false
	for _, s := range append([]view.Scope{{}}, r.scopes...) {
		var buf [maxLayers]layer
		for _, l := range r.layers(buf[:0], a, s) {
			if l.spec.Image != "" {
				return false
			}
			objects = objects || len(l.spec.Objects) > 0 || r.set.IsSourced(l.spec)
		}
	}
	return objects
}
