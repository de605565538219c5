package kustomize

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Difference is a place where kustomize builds something else than was wanted.
type Difference struct {
	Object object.ID
	// Path is the field, or "" for the whole object.
	Path fieldpath.Path
	// Want and Got are the values as YAML, or "nothing".
	Want, Got string
}

// String returns the difference in one line.
func (d Difference) String() string {
	at := d.Object.String()
	if d.Path != "" {
		at += " " + string(d.Path)
	}
	return fmt.Sprintf("%s: the model has %s, kustomize builds %s", at, credential.Redact(d.Want), credential.Redact(d.Got))
}

// maxDifferences bounds how many differences of one build are told.
const maxDifferences = 50

// Prove lets kustomize build the directory dir of files, and returns where that
// differs from the wanted objects: the same set of identities, and the same
// JSON values, list order included. Nothing is normalised but the order of
// objects and map keys; the names of generated ConfigMaps are hashed first. It
// is an error where two of the wanted objects have one identity.
func Prove(files []tree.File, dir string, want []object.Object) ([]Difference, error) {
	hashed, err := Hashed(want)
	if err != nil {
		return nil, err
	}
	missing := make(map[object.ID]object.Object, len(hashed))
	for _, o := range hashed {
		if _, ok := missing[o.ID()]; ok {
			return nil, fmt.Errorf("%s is expected twice", o.ID())
		}
		missing[o.ID()] = o
	}
	dirs, err := readable(files, dir)
	if err != nil {
		return nil, err
	}
	built, err := run(within(files, dirs), dir)
	if err != nil {
		return nil, err
	}
	var p prover
	for _, r := range built.Resources() {
		gvk := r.GetGvk()
		p.id = object.ID{Group: gvk.Group, Kind: gvk.Kind, Namespace: r.GetNamespace(), Name: r.GetName()}
		o, ok := missing[p.id]
		if !ok {
			p.differ("", "nothing", "an object")
			continue
		}
		delete(missing, p.id)
		p.compare(spot{}, o.Map(), r.YNode())
	}
	for _, id := range slices.SortedFunc(maps.Keys(missing), object.ID.Compare) {
		p.id = id
		p.differ("", "an object", "nothing")
	}
	return p.found, nil
}
