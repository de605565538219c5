// Package extra takes over the whole objects that an app brings along.
package extra

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// Generate returns the objects of the spec, with the target's namespace.
func Generate(t resolve.Target, _ *resolve.Index) ([]object.Object, error) {
	var out []object.Object
	for i, raw := range t.Spec.Objects {
		m := object.Copy(map[string]any(raw)).(map[string]any)
		o, err := object.FromMap(m)
		if err != nil {
			return nil, fmt.Errorf("objects[%d]: %w", i, err)
		}
		if object.ClusterScoped(o.Kind()) {
			// Two environments on one cluster would fight for one object.
			return nil, fmt.Errorf("objects[%d]: %s is cluster-scoped: an app exists once per environment, and environments may share a cluster", i, o.ID())
		}
		meta := m["metadata"].(map[string]any)
		if delete(meta, "namespace"); t.Namespace != "" {
			meta["namespace"] = t.Namespace
		}
		out = append(out, o)
	}
	return out, nil
}
