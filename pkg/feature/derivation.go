package feature

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Default fills in what no layer said. The few that take something away, because
// Kubernetes refuses it beside what else was said, say so. Applying one again
// changes nothing.
type Default struct {
	// ID is the stable id, as resolve.Origin has it.
	ID string
	// Doc says what the default is, and why.
	Doc string
	// After and Before are the ids of defaults whose values this one relies on, and
	// of those that rely on it.
	After, Before []string
	// Apply fills it in.
	Apply func(*Derivation)
}

// Derivation is a target whose defaults are filled in, one after another.
type Derivation struct {
	*view.Target
	// ObjectsOnly tells that the app brings objects along and names no image, in any
	// layer of any scope, so that base and overlays agree on the kind.
	ObjectsOnly bool
	// Layers are the layers that the spec was merged from, the first to yield first.
	// They are shared and must not be changed.
	Layers []Layer
	// Unset are the paths that some layer unset.
	Unset map[fieldpath.Path]bool
}

// Layer is one of the specs that a target's was merged from.
type Layer struct {
	Reach Reach
	Spec  *model.AppSpec
}

// Reach is where a layer holds.
type Reach int

// The reaches of layers.
const (
	Everywhere Reach = iota
	InEnvironment
	OnCluster
)

// Removed reports whether a layer unset a path: where nobody set it again, and
// nothing is something that a user may want, nothing is derived.
func (d *Derivation) Removed(p fieldpath.Path) bool { return d.Unset[p] }

// Runs reports whether the target has a workload of one of these kinds, or of any
// where none is given.
func (d *Derivation) Runs(kinds ...model.WorkloadKind) bool {
	if len(kinds) == 0 {
		return d.Spec.Kind != model.NoWorkload
	}
	return slices.Contains(kinds, d.Spec.Kind)
}

// RunsPods reports whether the target has a workload or hooks.
func (d *Derivation) RunsPods() bool { return d.Runs() || len(d.Spec.Hooks) > 0 }

// Store returns a store of the fleet, or nil.
func (d *Derivation) Store(name string) *model.SecretStore {
	if d.Platform == nil {
		return nil
	}
	return d.Platform.Store(name)
}

// Own states that a controller writes a field of one of the target's objects:
// nothing else sets it, and Argo CD does not compare it.
func (d *Derivation) Own(f view.OwnedField) {
	if !slices.Contains(d.Owned, f) {
		d.Owned = append(d.Owned, f)
	}
}

// IsOwned reports whether a controller writes a field of the workload.
func (d *Derivation) IsOwned(pointer string) bool {
	return slices.ContainsFunc(d.Owned, func(f view.OwnedField) bool {
		return f.Kind == string(d.Spec.Kind) && f.Name == d.App && f.Pointer == pointer
	})
}
