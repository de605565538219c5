package render

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// selected reports whether a scope is part of the run. An environment's own
// overlay serves all of its clusters, so it is retained unless all are
// selected.
func (r *renderer) selected(s view.Scope) bool {
	if s.Environment == "" {
		// What runs once per cluster concerns all of its environments.
		return r.selection.cluster(s.Cluster) && !slices.ContainsFunc(r.resolver.EnvironmentsOn(s.Cluster),
			func(env string) bool { return !r.selection.environment(env) })
	}
	if !r.selection.environment(s.Environment) {
		return false
	}
	if s.Cluster != "" {
		return r.selection.cluster(s.Cluster)
	}
	for _, c := range r.clustersOf(s.Environment) {
		if !r.selection.cluster(c) {
			return false
		}
	}
	return true
}

// retain replaces, in a narrowed run, the objects of scopes that are not
// selected by those that the prior tree builds, so that their overlays are
// computed anew against the base that this run writes. An environment that is
// retained as a whole over an unchanged base leaves the plan: its files stay.
func (r *renderer) retain(p *plan, base []tree.File) error {
	if r.selection.IsZero() {
		return nil
	}
	known := map[tree.Owner]bool{}
	for _, env := range p.envs {
		known[ownerOf(p.unit, env.scope)] = true
	}
	sameBase := sameFiles(base, r.prior.Under(layout.Base(p.unit)))
	if p.hasBase && !sameBase {
		for _, o := range owners(r.prior.Under(p.unit)) {
			if scope := (view.Scope{Environment: o.Environment, Cluster: o.Cluster}); !o.IsShared() && !known[o] && !r.selected(scope) {
				p.envs = append(p.envs, &envPlan{scoped: scoped{scope: scope}})
			}
		}
	}
	r.retainPreviews(p)
	var envs []*envPlan
	for _, env := range p.envs {
		keep, err := r.retainEnvironment(p, env, sameBase)
		if err != nil {
			return err
		}
		if keep {
			envs = append(envs, env)
		}
	}
	p.envs = envs
	return nil
}

// retainPreviews plans the previews of environments that are not selected where,
// and only where, the prior tree has them.
func (r *renderer) retainPreviews(p *plan) {
	p.envs = slices.DeleteFunc(p.envs, func(e *envPlan) bool { return e.preview && !r.selected(e.scope) })
	for _, env := range slices.Clone(p.envs) {
		preview := &envPlan{scoped: scoped{scope: env.scope}, preview: true}
		if _, stands := r.prior.Get(path.Join(preview.dir(p.unit), layout.Kustomization)); stands && !r.selected(env.scope) {
			p.envs = append(p.envs, preview)
		}
	}
}

// retainEnvironment retains the scopes of one environment and reports whether
// the environment has to be written.
func (r *renderer) retainEnvironment(p *plan, env *envPlan, sameBase bool) (write bool, err error) {
	anySelected := r.selected(env.scope)
	for _, c := range env.clusters {
		anySelected = anySelected || r.selected(c.scope)
	}
	if !anySelected && (sameBase || !p.hasBase) {
		return false, nil
	}
	dir := env.dir(p.unit)
	old, exists, err := r.priorObjects(p.unit, dir)
	if err != nil || !exists {
		return anySelected, err
	}
	for i := range env.clusters {
		c := &env.clusters[i]
		if r.selected(c.scope) {
			continue
		}
		objects, exists, err := r.priorObjects(p.unit, dirOf(p.unit, c.scope))
		if err != nil {
			return false, err
		}
		if c.objects = objects; !exists {
			c.objects = old
		}
	}
	if !r.selected(env.scope) {
		env.objects = old
		own := slices.DeleteFunc(slices.Clone(r.prior.Under(dir)), func(f tree.File) bool { return path.Dir(f.Path) != dir })
		if env.namespace, err = kustomize.Namespace(own); err != nil {
			return false, err
		}
		if env.scope.Environment != "" && !env.preview {
			env.clusters = append(env.clusters, r.unknownClusters(p.unit, env)...)
		}
	}
	return true, nil
}

// unknownClusters returns the cluster overlays of the prior tree that the model
// no longer has.
func (r *renderer) unknownClusters(unit string, env *envPlan) []scoped {
	var out []scoped
	for _, f := range r.prior.Under(layout.Cluster(unit, env.scope.Environment, "")) {
		place, ok := layout.ParseDir(path.Dir(f.Path))
		if !ok || path.Base(f.Path) != layout.Kustomization {
			continue
		}
		scope := view.Scope{Environment: place.Environment, Cluster: place.Cluster}
		if slices.ContainsFunc(env.clusters, func(c scoped) bool { return c.scope == scope }) {
			continue
		}
		if objects, _, err := r.priorObjects(unit, path.Dir(f.Path)); err == nil {
			out = append(out, scoped{scope: scope, objects: objects})
		}
	}
	return out
}

// priorObjects returns what a directory of the prior tree builds, without name
// hashes, and whether the directory is there.
func (r *renderer) priorObjects(unit, dir string) ([]object.Object, bool, error) {
	if _, ok := r.prior.Get(path.Join(dir, layout.Kustomization)); !ok {
		return nil, false, nil
	}
	objects, err := kustomize.BuildUnhashed(r.prior.Under(unit), dir)
	if err != nil {
		return nil, true, fmt.Errorf("the base changes, %s is retained, and its current files do not build; "+
			"render it too, or fix it first: %w", dir, err)
	}
	object.Sort(objects)
	return objects, true, nil
}

// retained returns, for a narrowed run, the files of the prior tree that belong to
// owners which the run did not produce and does not select.
func (r *renderer) retained(produced []tree.File) []tree.File {
	if r.selection.IsZero() {
		return nil
	}
	have, needsBase := map[string]bool{}, map[string]bool{}
	for _, f := range produced {
		have[f.Path] = true
	}
	ours := map[tree.Owner]bool{}
	for _, o := range owners(produced) {
		ours[o] = true
	}
	var retained []tree.File
	for _, f := range r.prior.Files() {
		if inventory.IsPath(f.Path) {
			continue // made anew from the files
		}
		if !f.Owner.IsShared() && !r.rewritten(f, ours) && !have[f.Path] {
			retained = append(retained, f)
			needsBase[f.Owner.Unit] = true
		}
	}
	for _, f := range r.prior.Files() {
		if f.Owner.IsShared() && !ours[f.Owner] && needsBase[f.Owner.Unit] && !inventory.IsPath(f.Path) {
			retained = append(retained, f)
		}
	}
	return retained
}

// rewritten reports whether a file of the prior tree is this run's to keep or
// to delete.
func (r *renderer) rewritten(f tree.File, ours map[tree.Owner]bool) bool {
	if env, cluster, ok := layout.ParseApplication(f.Path, argocd.UnitName(f.Owner.Unit)); ok {
		return r.selectsUnit(f.Owner.Unit) && r.selected(view.Scope{Environment: env, Cluster: cluster})
	}
	if cluster, ok := layout.ParseParameters(f.Path, f.Owner.Unit, f.Owner.Environment); ok {
		return r.selectsUnit(f.Owner.Unit) && r.selected(view.Scope{Environment: f.Owner.Environment, Cluster: cluster})
	}
	app := r.selectsUnit(f.Owner.Unit)
	if place, ok := layout.ParseDir(path.Dir(f.Path)); ok && place.Cluster != "" && path.Dir(f.Path) == layout.Rendered(place.Environment, place.Cluster, place.Unit) {
		return app && r.selected(view.Scope{Environment: place.Environment, Cluster: place.Cluster})
	}
	return ours[f.Owner] || app && r.selected(view.Scope{Environment: f.Owner.Environment, Cluster: f.Owner.Cluster})
}

// selectsUnit reports whether a unit is part of the run.
func (r *renderer) selectsUnit(unit string) bool {
	return len(r.selection.Apps) == 0 || r.selection.app(path.Base(unit)) && (path.Dir(unit) == "apps" || r.isOfApp(unit))
}

// isOfApp reports whether a component of the platform holds the cluster-scoped
// objects of an app.
func (r *renderer) isOfApp(unit string) bool {
	return path.Dir(unit) == "platform" && slices.Contains(r.resolver.Apps(), path.Base(unit)) && !layout.IsGenerated(path.Base(unit))
}

// retainedTargets returns the targets among retained files.
func (r *renderer) retainedTargets(files []tree.File) []Target {
	units := map[string][]Target{}
	for _, t := range overlayDirs(files) {
		units[t.Unit] = append(units[t.Unit], t)
	}
	var out []Target
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		out = append(out, targets(units[unit], r.clustersOf)...)
	}
	return out
}

// overlayDirs returns the directories of overlays among files.
func overlayDirs(files []tree.File) []Target {
	var out []Target
	seen := map[string]bool{}
	for _, f := range files {
		dir := path.Dir(f.Path)
		if p, ok := layout.ParseDir(dir); ok && !seen[dir] {
			seen[dir] = true
			out = append(out, Target{p.Unit, p.Environment, p.Cluster, dir})
		}
	}
	return out
}

// owners returns the owners of files, sorted.
func owners(files []tree.File) []tree.Owner {
	seen := map[tree.Owner]bool{}
	var out []tree.Owner
	for _, f := range files {
		if !seen[f.Owner] {
			seen[f.Owner] = true
			out = append(out, f.Owner)
		}
	}
	slices.SortFunc(out, tree.Owner.Compare)
	return out
}

func sameFiles(a, b []tree.File) bool {
	sorted := slices.Clone(a)
	slices.SortFunc(sorted, func(a, b tree.File) int { return compare(a.Path, b.Path) })
	return slices.EqualFunc(sorted, b, func(a, b tree.File) bool {
		return a.Path == b.Path && bytes.Equal(a.Data, b.Data)
	})
}
