package render

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// deliver adds what makes Argo CD sync what was composed of a unit.
func (r *renderer) deliver(unit string, c *composed, preview *argocd.Preview) error {
	synced := r.synced(slices.Concat(c.targets, r.currentTargets(unit, c.targets)))
	var files []tree.File
	var err error
	if path.Dir(unit) != "apps" {
		files, err = r.argo.Applications(slices.DeleteFunc(synced, func(t argocd.Target) bool { return !r.selected(t.Scope) }))
		c.files = append(c.files, files...)
		return err
	}
	var cannot *argocd.StrategyError
	if files, err = r.argo.App(path.Base(unit), synced, r.selected, preview); errors.As(err, &cannot) {
		at := fieldpath.Path("apps").Key(cannot.App)
		c.findings = append(c.findings, finding.Finding{Rule: "shared-directory", Severity: finding.Error, Path: at, Position: r.positions.At(at),
			Reason: err.Error(), Fix: "use the strategy list, clusters, matrix or applications"})
		return nil
	} else if err != nil {
		return err
	}
	current, err := r.currentPreviews(unit, files)
	if err != nil {
		return err
	}
	c.files = slices.Concat(c.files, files, current)
	if !r.proof {
		return nil
	}
	all := r.withCurrent(unit, c.files)
	if err := r.argo.Prove(path.Base(unit), synced, all); err != nil || preview == nil {
		return err
	}
	return r.provePreview(path.Base(unit), all)
}

// withCurrent returns the files of a unit and those that a narrowed run leaves
// as they stand.
func (r *renderer) withCurrent(unit string, files []tree.File) []tree.File {
	if r.selection.IsZero() {
		return files
	}
	have := map[string]bool{}
	for _, f := range files {
		have[f.Path] = true
	}
	return slices.Concat(files, slices.DeleteFunc(r.priorOf(unit), func(f tree.File) bool { return have[f.Path] }))
}

// synced returns what Argo CD syncs of targets, cluster by cluster.
func (r *renderer) synced(targets []Target) []argocd.Target {
	type place struct {
		unit string
		view.Scope
	}
	own := map[place]bool{}
	for _, t := range targets {
		own[place{t.Unit, view.Scope{Environment: t.Environment, Cluster: t.Cluster}}] = true
	}
	var out []argocd.Target
	for _, t := range targets {
		clusters := []string{t.Cluster}
		if t.Cluster == "" {
			clusters = slices.Clone(r.clustersOf(t.Environment))
			slices.Sort(clusters)
		}
		for _, cluster := range clusters {
			scope := view.Scope{Environment: t.Environment, Cluster: cluster}
			if t.Cluster == "" && own[place{t.Unit, scope}] {
				continue
			}
			out = append(out, argocd.Target{Unit: t.Unit, Scope: scope, Dir: t.Dir, Reads: r.reads(t)})
		}
	}
	return out
}

// reads returns the directories that a target's build reads beside its own.
func (r *renderer) reads(t Target) []string {
	if r.fleet.Repository.Layout == model.Rendered {
		return nil
	}
	var out []string
	if t.Cluster != "" && t.Environment != "" {
		out = append(out, layout.Overlay(t.Unit, t.Environment))
	}
	if path.Dir(t.Unit) == "apps" || t.Environment == "" {
		out = append(out, layout.Base(t.Unit))
	}
	return out
}

// currentTargets returns the targets of an app that a narrowed run leaves as
// they stand in the prior tree.
func (r *renderer) currentTargets(unit string, composed []Target) []Target {
	if r.selection.IsZero() || path.Dir(unit) != "apps" {
		return nil
	}
	dirs := map[string]bool{}
	for _, t := range composed {
		dirs[t.Dir] = true
	}
	current := slices.DeleteFunc(overlayDirs(r.priorOf(unit)), func(t Target) bool {
		return dirs[t.Dir] || r.selected(view.Scope{Environment: t.Environment, Cluster: t.Cluster})
	})
	return targets(current, r.clustersOf)
}

func (r *renderer) priorOf(unit string) []tree.File {
	var out []tree.File
	for _, f := range r.prior.Files() {
		if f.Owner.Unit == unit && !inventory.IsPath(f.Path) {
			out = append(out, f)
		}
	}
	return out
}

// argoFiles returns the files that all of the fleet shares: the projects, which
// allow what the tree deploys, and what each instance starts from.
func (r *renderer) argoFiles(ctx context.Context, targets []Target, files []tree.File) ([]tree.File, finding.List, error) {
	dirs := byDir(files)
	read := func(t argocd.Target) []object.ID {
		layers := [][]tree.File{dirs[t.Dir]}
		for _, dir := range t.Reads {
			layers = append(layers, dirs[dir])
		}
		slices.Reverse(layers)
		return kustomize.Contents(layers...)
	}
	synced := r.synced(targets)
	deployed := make([]argocd.Deployed, 0, len(synced))
	at, distinct := map[string]int{}, []argocd.Target(nil) // clusters of an environment share directories
	for _, t := range synced {
		if _, ok := at[t.Dir]; !ok {
			at[t.Dir], distinct = len(distinct), append(distinct, t)
		}
	}
	contents := make([][]object.ID, len(distinct))
	if err := r.each(ctx, len(distinct), func(i int) { contents[i] = read(distinct[i]) }); err != nil {
		return nil, nil, err
	}
	for _, t := range synced {
		d, ok := r.argo.Deployed(t, contents[at[t.Dir]])
		if !ok {
			continue
		}
		if _, like, ok := r.resolver.Previews(path.Base(t.Unit)); ok && path.Dir(t.Unit) == "apps" && like == t.Scope {
			d.Previews = read(argocd.Target{Unit: t.Unit, Dir: layout.Preview(t.Unit, t.Environment), Reads: []string{layout.Base(t.Unit)}})
		}
		deployed = append(deployed, d)
	}
	gone, err := r.goneFromModel(files)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range gone {
		d.Objects = read(d.Target)
		deployed = append(deployed, d)
	}
	projects, err := r.argo.Projects(deployed)
	if err != nil {
		return nil, nil, err
	}
	bootstrap, err := r.argo.Bootstrap(files)
	return append(projects, bootstrap...), r.sharedObjects(deployed), err
}

// byDir returns files by their directories, next to each other as they mostly are.
func byDir(files []tree.File) map[string][]tree.File {
	dirs := map[string][]tree.File{}
	for start, end := 0, 0; start < len(files); start = end {
		dir := path.Dir(files[start].Path)
		for end = start + 1; end < len(files) && path.Dir(files[end].Path) == dir; end++ {
		}
		if run := files[start:end:end]; dirs[dir] == nil {
			dirs[dir] = run // most directories have one
		} else {
			dirs[dir] = append(dirs[dir], run...)
		}
	}
	return dirs
}

// goneFromModel returns what stands of environments that the model no longer has,
// in a narrowed run that leaves it.
func (r *renderer) goneFromModel(files []tree.File) ([]argocd.Deployed, error) {
	if r.selection.IsZero() {
		return nil, nil
	}
	var out []argocd.Deployed
	for _, f := range files {
		env, cluster, ok := layout.ParseApplication(f.Path, argocd.UnitName(f.Owner.Unit))
		if !ok || r.has(f.Owner.Unit, view.Scope{Environment: env, Cluster: cluster}) {
			continue
		}
		objects, err := object.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, o := range objects {
			dir := strings.TrimPrefix(strings.TrimPrefix(o.Text("spec", "source", "path"), r.fleet.Repository.Path), "/")
			place, _ := layout.ParseDir(dir)
			out = append(out, argocd.Deployed{
				Target: argocd.Target{Unit: f.Owner.Unit, Scope: view.Scope{Environment: env, Cluster: cluster}, Dir: dir,
					Reads: r.reads(Target{f.Owner.Unit, env, place.Cluster, dir})},
				Project: o.Text("spec", "project"), Namespace: o.Text("spec", "destination", "namespace"),
			})
		}
	}
	return out, nil
}

// has reports whether the model has a scope. A unit that runs once per cluster has
// those of its clusters.
func (r *renderer) has(unit string, s view.Scope) bool {
	if s.Environment != "" {
		return slices.Contains(r.clustersOf(s.Environment), s.Cluster)
	}
	_, ok := r.resolver.OnCluster(path.Base(unit), s.Cluster)
	return ok
}

// sharedObjects finds objects of a cluster that two Applications deploy, of two
// units or of one in two environments: Argo CD would let them fight for it.
func (r *renderer) sharedObjects(deployed []argocd.Deployed) finding.List {
	type place struct {
		cluster string
		id      object.ID
	}
	var out finding.List
	seen, told := map[place]*argocd.Deployed{}, map[string]bool{}
	for i := range deployed {
		d := &deployed[i]
		for _, id := range d.Objects {
			id = d.Place(id)
			at := place{d.Cluster, id}
			other, ok := seen[at]
			if seen[at] = d; !ok || other.Unit == d.Unit && other.Environment == d.Environment || told[d.Unit+id.String()] {
				continue
			}
			told[d.Unit+id.String()] = true
			p := r.modelPath(d.Unit)
			one, two, first, second := other.Unit, d.Unit, r.modelPath(other.Unit), p
			if one == two {
				one, two = one+" in "+other.Environment, two+" in "+d.Environment
				first, second = fieldpath.Path("environments").Key(other.Environment), fieldpath.Path("environments").Key(d.Environment)
			}
			out = append(out, finding.Finding{
				Rule: "shared-object", Severity: finding.Error, Path: p, Position: r.positions.At(p),
				Reason: fmt.Sprintf("%s (%s) and %s (%s) both deploy %s to cluster %s",
					one, r.where(first), two, r.where(second), id, d.Cluster),
				Fix: "rename the object in one of them, or move it into a PlatformComponent",
			})
		}
	}
	return out
}
