package render

import (
	"context"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// flatten writes the layout "rendered": what kustomize builds from the overlays,
// which themselves are not written, one file for each object and a directory for
// each environment, cluster and unit.
func (r *renderer) flatten(ctx context.Context, p plan, nodes []node, c *composed) error {
	built := map[string][]object.Object{}
	for _, n := range nodes {
		objects, err := kustomize.Build(n.closure, n.target.Dir)
		if err != nil {
			return err
		}
		built[n.target.Environment+"/"+n.target.Cluster] = objects
	}
	var jobs []prove.Job
	for _, env := range p.envs {
		name, clusters := env.scope.Environment, r.clustersOf(env.scope.Environment)
		if name == "" {
			clusters = []string{env.scope.Cluster}
		}
		owner := ownerOf(p.unit, env.scope)
		for _, cluster := range clusters {
			if !r.selected(view.Scope{Environment: name, Cluster: cluster}) {
				continue
			}
			objects, ok := built[name+"/"+cluster]
			if !ok {
				objects = built[name+"/"]
			}
			dir := layout.Rendered(name, cluster, p.unit)
			ids := make([]object.ID, len(objects))
			for i, o := range objects {
				ids[i] = o.ID()
			}
			for i, name := range layout.RenderedFiles(env.namespace, ids) {
				c.files = append(c.files, tree.File{Path: path.Join(dir, name), Data: objects[i].YAML(), Owner: owner})
			}
			t := Target{p.unit, name, cluster, dir}
			c.targets = append(c.targets, t)
			if r.proof && r.proofOf != nil {
				jobs = append(jobs, renderedJob(t, r.proofOf, objects))
			}
		}
	}
	if jobs == nil {
		return nil
	}
	var err error
	c.proof, err = prove.All(ctx, jobs, 1, r.cache)
	return err
}

// renderedJob returns the proof that the files of a rendered directory, which Argo
// CD takes as they stand, are the wanted objects.
func renderedJob(t Target, in *tree.Tree, want []object.Object) prove.Job {
	files := slices.Clone(in.Under(t.Dir))
	resources := make([]any, len(files))
	for i, f := range files {
		resources[i] = path.Base(f.Path)
	}
	files = append(files, tree.File{Path: path.Join(t.Dir, layout.Kustomization), Data: object.Marshal(map[string]any{"resources": resources})})
	return prove.Job{Name: t.String(), Dir: t.Dir, Files: files, Want: want, Targets: 1}
}
