package render

import (
	"context"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// plan holds the objects that a unit shall build, scope by scope. A unit
// without a base writes whole objects in its overlays. One that runs once per
// cluster has clusters in place of environments.
type plan struct {
	unit string
	base []object.Object
	// hasBase tells a base without objects from no base.
	hasBase bool
	envs    []*envPlan
}

type envPlan struct {
	scoped
	clusters []scoped
	// preview tells that it is not the environment, but the previews like it.
	preview bool
}

// dir returns the directory of the environment's overlay.
func (e *envPlan) dir(unit string) string {
	if e.preview {
		return layout.Preview(unit, e.scope.Environment)
	}
	return dirOf(unit, e.scope)
}

// scoped is what one scope shall build.
type scoped struct {
	scope     view.Scope
	namespace string
	objects   []object.Object
}

// add takes the objects of a scope; scopes come base first, then each
// environment followed by its clusters.
func (p *plan) add(scope view.Scope, namespace string, objects []object.Object) {
	s := scoped{scope, namespace, objects}
	switch {
	case scope == view.Scope{}:
		p.base, p.hasBase = objects, true
	case scope.Environment == "" || scope.Cluster == "":
		p.envs = append(p.envs, &envPlan{scoped: s})
	default:
		env := p.envs[len(p.envs)-1]
		env.clusters = append(env.clusters, s)
	}
}

// isEmpty reports whether there is nothing to build in any scope.
func (p *plan) isEmpty() bool {
	return len(p.base) == 0 && !slices.ContainsFunc(p.envs, func(e *envPlan) bool {
		return len(e.objects) > 0 || slices.ContainsFunc(e.clusters, func(c scoped) bool { return len(c.objects) > 0 })
	})
}

// node is one directory of a composed unit.
type node struct {
	target  Target
	files   []tree.File // of the directory alone
	closure []tree.File // of all directories that its build reads
	objects []object.Object
	// preview tells that Argo CD makes Applications of the directory by itself.
	preview bool
}

// compose writes the plan's directories into c, proves them, and brings them
// into the fleet's layout. Scopes that are retained keep what they build.
func (r *renderer) compose(ctx context.Context, p plan, c *composed) error {
	var base []tree.File
	if p.hasBase {
		p.base = p.shared()
		files, err := kustomize.Base(p.unit, p.base)
		if err != nil {
			return err
		}
		base = place(files, layout.Base(p.unit), tree.Owner{Unit: p.unit})
	}
	if r.fleet.Repository.Layout != model.Rendered {
		if err := r.retain(&p, base); err != nil {
			return err
		}
	}
	nodes, err := p.nodes(base)
	if err != nil {
		return err
	}
	rendered := r.fleet.Repository.Layout == model.Rendered
	if r.proof && (!rendered || r.proofOf == nil) {
		if err := r.prove(ctx, nodes, c); err != nil {
			return err
		}
	}
	if rendered {
		return r.flatten(ctx, p, nodes, c)
	}
	c.files = append(c.files, base...)
	var dirs []Target
	for _, n := range nodes {
		c.files = append(c.files, n.files...)
		if !n.preview {
			dirs = append(dirs, n.target)
		}
	}
	c.targets = targets(dirs, r.clustersOf)
	return nil
}

// shared returns the objects of the base, which are a matter of all of the app's
// environments: previews come and go, and a narrowed run has them all.
func (p *plan) shared() []object.Object {
	var overlays []kustomize.Overlay
	for _, env := range p.envs {
		if !env.preview {
			overlays = append(overlays, kustomize.Overlay{Namespace: env.namespace, To: env.objects})
		}
	}
	return kustomize.Shared(p.base, overlays)
}

// nodes computes the overlays of all environments and differing clusters.
func (p *plan) nodes(base []tree.File) ([]node, error) {
	var nodes []node
	for _, env := range p.envs {
		name := env.scope.Environment
		owner := ownerOf(p.unit, env.scope)
		dir := env.dir(p.unit)
		overlay := kustomize.Overlay{Unit: p.unit, To: env.objects}
		if p.hasBase {
			overlay.Parent, overlay.From = layout.Relative(dir, layout.Base(p.unit)), p.base
			overlay.Namespace = env.namespace
		}
		parent := base
		if p.hasBase || len(env.objects) > 0 { // kustomize builds no empty kustomization
			files, err := overlay.Files()
			if err != nil {
				return nil, err
			}
			own := place(files, dir, owner)
			parent = slices.Concat(base, own)
			nodes = append(nodes, node{Target{p.unit, name, env.scope.Cluster, dir}, own, parent, env.objects, env.preview})
		}
		for _, cluster := range env.clusters {
			if sameObjects(cluster.objects, env.objects) {
				continue
			}
			dir := dirOf(p.unit, cluster.scope)
			overlay := kustomize.Overlay{Unit: p.unit, From: env.objects, To: cluster.objects}
			if p.hasBase {
				overlay.Inherited = kustomize.Inherited(env.namespace, p.base)
			}
			if len(parent) > 0 {
				overlay.Parent = layout.Relative(dir, layout.Overlay(p.unit, name))
			}
			files, err := overlay.Files()
			if err != nil {
				return nil, err
			}
			own := place(files, dir, owner)
			nodes = append(nodes, node{
				Target{p.unit, name, cluster.scope.Cluster, dir}, own, slices.Concat(parent, own), cluster.objects, false})
		}
	}
	return nodes, nil
}

// dirOf returns the directory of a unit's overlay in a scope.
func dirOf(unit string, s view.Scope) string { return layout.Dir(unit, s.Environment, s.Cluster) }

// ownerOf returns whose files an overlay's are: the environment's, or those of
// the cluster where there is none.
func ownerOf(unit string, s view.Scope) tree.Owner {
	if s.Environment != "" {
		s.Cluster = ""
	}
	return tree.Owner{Unit: unit, Environment: s.Environment, Cluster: s.Cluster}
}

// prove lets kustomize build every node and compares.
func (r *renderer) prove(ctx context.Context, nodes []node, c *composed) error {
	var dirs []Target
	for _, n := range nodes {
		if !n.preview {
			dirs = append(dirs, n.target)
		}
	}
	jobs := make([]prove.Job, len(nodes))
	for i, n := range nodes {
		jobs[i] = prove.Job{Name: n.target.String(), Dir: n.target.Dir, Files: n.closure, Want: n.objects}
		if r.proofOf != nil {
			jobs[i].Files = r.proofOf.Under(n.target.Unit)
		}
		if n.preview { // no target, and not counted
			jobs[i].Name = n.target.Unit + " previews like " + n.target.Environment
		} else {
			jobs[i].Targets = r.deployed(n.target, dirs)
		}
	}
	var err error
	c.proof, err = prove.All(ctx, jobs, 1, r.cache)
	return err
}

// deployed returns how many of the targets are deployed from one of a unit's
// directories: in the layout "rendered" there is one for each cluster.
func (r *renderer) deployed(t Target, dirs []Target) int {
	if r.fleet.Repository.Layout != model.Rendered {
		if slices.Contains(targets(dirs, r.clustersOf), t) {
			return 1
		}
		return 0
	}
	if t.Environment == "" {
		return 1 // what runs once in a cluster
	}
	n := 0
	for _, cluster := range r.clustersOf(t.Environment) {
		own := slices.ContainsFunc(dirs, func(d Target) bool { return d.Environment == t.Environment && d.Cluster == cluster })
		if r.selected(view.Scope{Environment: t.Environment, Cluster: cluster}) && (t.Cluster == cluster || t.Cluster == "" && !own) {
			n++
		}
	}
	return n
}

// targets returns what Argo CD syncs of an app's directories: the differing
// clusters by themselves, and the environment's overlay where any of its
// clusters uses it.
func targets(dirs []Target, clustersOf func(env string) []string) []Target {
	own := map[string]int{}
	for _, t := range dirs {
		if t.Cluster != "" {
			own[t.Environment]++
		}
	}
	var out []Target
	for _, t := range dirs {
		all := len(clustersOf(t.Environment)) // none where the environment has left the model
		if t.Cluster != "" || own[t.Environment] == 0 || own[t.Environment] < all || all == 0 {
			out = append(out, t)
		}
	}
	return out
}

// place puts a directory's files into the tree.
func place(files []kustomize.File, dir string, owner tree.Owner) []tree.File {
	out := make([]tree.File, len(files))
	for i, f := range files {
		out[i] = tree.File{Path: path.Join(dir, f.Name), Data: f.Data, Owner: owner}
	}
	return out
}

func sameObjects(a, b []object.Object) bool {
	return slices.EqualFunc(a, b, func(a, b object.Object) bool {
		return a.Generated() == b.Generated() && object.Equal(a.Map(), b.Map())
	})
}
