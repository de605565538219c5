package render

import (
	"path"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// flatten writes the layout "rendered": what kustomize builds from the overlays,
// which themselves are not written, one file for each object and a directory for
// each environment, cluster and unit.
func (r *renderer) flatten(p plan, nodes []node, c *composed) error {
	built := map[string][]object.Object{}
	for _, n := range nodes {
		objects, err := kustomize.Build(n.closure, n.target.Dir)
		if err != nil {
			return err
		}
		built[n.target.Environment+"/"+n.target.Cluster] = objects
	}
	for _, env := range p.envs {
		name := env.scope.Environment
		owner := tree.Owner{Unit: p.unit, Environment: name}
		for _, cluster := range r.clustersOf(name) {
			if !r.selected(resolve.Scope{Environment: name, Cluster: cluster}) {
				continue
			}
			objects, ok := built[name+"/"+cluster]
			if !ok {
				objects = built[name+"/"]
			}
			dir := layout.Rendered(name, cluster, p.unit)
			for _, o := range objects {
				c.files = append(c.files, tree.File{
					Path: path.Join(dir, layout.RenderedFile(o.ID())), Data: o.YAML(), Owner: owner})
			}
			c.targets = append(c.targets, Target{p.unit, name, cluster, dir})
		}
	}
	return nil
}
