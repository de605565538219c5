package kustomize

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// InlinePatch is an entry of a kustomization's patches that holds its operations.
type InlinePatch struct {
	// Object is the object that it changes, without a namespace.
	Object object.ID
	// Operations are those of a JSON patch (RFC 6902).
	Operations []any
}

// Inline returns the patches that make of what an overlay builds what another
// one builds in another namespace, beside what a kustomization sets by itself:
// the namespace, and images. Both have the same objects.
func Inline(from, to Overlay) ([]InlinePatch, error) {
	if len(from.To) != len(to.To) {
		return nil, fmt.Errorf("%d objects are in %s, and %d in %s", len(from.To), from.Namespace, len(to.To), to.Namespace)
	}
	var out []InlinePatch
	for i, o := range from.To {
		id := without(o.ID(), from.Namespace)
		if other := without(to.To[i].ID(), to.Namespace); id != other && o.Kind() != "Namespace" {
			return nil, fmt.Errorf("%s in %s is %s in %s", id, from.Namespace, other, to.Namespace)
		}
		before, after := from.bare(o, id).Clone(), to.bare(to.To[i], id).Clone()
		if o.Kind() == "Namespace" { // it is renamed with the others
			before.Map()["metadata"].(map[string]any)["name"] = after.Name()
		}
		allImages(before.Map(), after.Map(), func(image, _ string, set func(string)) { set(image) })
		if ops, _ := jsonPatch(before, after.Map()); len(ops) > 0 {
			if o.Generated() {
				return nil, fmt.Errorf("%s is generated and differs between %s and %s", id, from.Namespace, to.Namespace)
			}
			out = append(out, InlinePatch{id, ops})
		}
	}
	return out, nil
}

// without returns an identity without a namespace that an overlay sets.
func without(id object.ID, namespace string) object.ID {
	if id.Namespace == namespace {
		id.Namespace = ""
	}
	return id
}
