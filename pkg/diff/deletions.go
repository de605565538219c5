package diff

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Deletion is an object that Argo CD will delete from a cluster.
type Deletion struct {
	// Cluster is the name of the cluster, or its address where the Application
	// has that.
	Cluster string `json:"cluster"`
	// ID is the object's; its namespace is filled in.
	ID object.ID `json:"id"`
	// Application is the one that deletes it.
	Application string `json:"application"`
	// Confirm tells that Argo CD asks a person first.
	Confirm bool `json:"confirm,omitempty"`
	// LeftBy is the project that no longer permits the object, which therefore
	// stays behind; "" where it goes.
	LeftBy string `json:"leftBy,omitempty"`
}

// String returns the deletion as in "tokyo: Deployment.apps shop-prod/web".
func (d Deletion) String() string {
	s := fmt.Sprintf("%s: %s (Application %s", d.Cluster, d.ID, d.Application)
	if d.LeftBy != "" {
		return s + fmt.Sprintf("; list it under alsoPermits of project %s until it is gone)", d.LeftBy)
	}
	if d.Confirm {
		s += ", after a person confirms"
	}
	return s + ")"
}

// application is what matters here of an Argo CD Application.
type application struct {
	name, cluster, namespace, dir string
	// destination is the cluster as the Application has it, and project the file
	// of its project.
	destination, project string
	// prune tells that objects go which are no longer in git, cascade that all
	// go with the Application, and confirm that a person is asked then.
	prune, cascade, confirm bool
}

// deletions returns what Argo CD will delete when a tree is replaced by another,
// and what it will keep, sorted by cluster and object.
func deletions(from, to *tree.Tree, at [2]map[site]string) ([]Deletion, []Kept, error) {
	before, err := applications(from, at[0])
	if err != nil {
		return nil, nil, err
	}
	after, err := applications(to, at[1])
	if err != nil {
		return nil, nil, err
	}
	stays, projects := map[string]application{}, projects{}
	for _, a := range after {
		stays[a.name] = a
	}
	var out []Deletion
	var keeps []Kept
	for _, a := range before {
		next, kept := stays[a.name]
		if kept && !next.prune || !kept && !a.cascade || kept && sameBuild(from, to, a, next) {
			continue
		}
		gone, err := removed(from, to, a, next, kept)
		if err != nil {
			return nil, nil, err
		}
		option := "Delete=false"
		if kept {
			option = "Prune=false"
		}
		for _, o := range gone {
			d := Deletion{Cluster: a.cluster, ID: o.ID(), Application: a.name, Confirm: a.confirm && !kept || asks(o)}
			if d.ID.Namespace == "" && kind.Of(kind.Name{Group: d.ID.Group, Kind: d.ID.Kind}) == kind.Namespaced {
				d.ID.Namespace = a.namespace
			}
			if slices.Contains(syncOptions(o), option) {
				keeps = append(keeps, keep(d))
				continue
			}
			keeps = append(keeps, claims(d, o)...)
			if p := projects.of(to, a.project); p != nil && !p.permits(a.destination, d.ID) {
				d.LeftBy = p.name
			}
			out = append(out, d)
		}
	}
	slices.SortFunc(out, Deletion.compare)
	slices.SortFunc(keeps, func(x, y Kept) int { return x.Deletion.compare(y.Deletion) })
	return out, keeps, nil
}

func (d Deletion) compare(other Deletion) int {
	return cmp.Or(cmp.Compare(d.Cluster, other.Cluster), cmp.Compare(d.ID.Namespace, other.ID.Namespace),
		d.ID.Compare(other.ID), cmp.Compare(d.Application, other.Application))
}

// sameBuild reports whether an Application builds from the same files as before.
func sameBuild(from, to *tree.Tree, a, next application) bool {
	place, _ := layout.ParseDir(a.dir)
	unit := place.Unit
	if isRendered(a.dir, place) {
		unit = a.dir
	}
	same := func(x, y tree.File) bool { return x.Path == y.Path && string(x.Data) == string(y.Data) }
	return a.dir == next.dir && slices.EqualFunc(from.Under(unit), to.Under(unit), same)
}

// removed returns the objects that an Application no longer has.
func removed(from, to *tree.Tree, a, next application, kept bool) ([]object.Object, error) {
	had, err := objects(from, a.dir)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	has := map[object.ID]bool{}
	if kept {
		built, err := objects(to, next.dir)
		if err != nil {
			return nil, fmt.Errorf("after: %w", err)
		}
		for _, o := range built {
			has[o.ID()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(had), func(o object.Object) bool {
		return has[o.ID()]
	}), nil
}

func syncOptions(o object.Object) []string {
	return strings.Split(strings.ReplaceAll(o.Text("metadata", "annotations", "argocd.argoproj.io/sync-options"), " ", ""), ",")
}

// asks reports whether Argo CD asks a person before it deletes an object.
func asks(o object.Object) bool {
	return slices.ContainsFunc(syncOptions(o), func(s string) bool { return strings.HasSuffix(s, "=confirm") })
}

// applications returns the Applications of a tree.
func applications(t *tree.Tree, at map[site]string) ([]application, error) {
	var out []application
	for _, f := range t.Under(layout.ArgoCD("")) {
		isSet := path.Base(path.Dir(f.Path)) == "appsets"
		if !isSet && path.Base(path.Dir(path.Dir(f.Path))) != "apps" && path.Base(path.Dir(f.Path)) != "platform" {
			continue
		}
		parsed, err := object.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, o := range parsed {
			if isSet {
				out = append(out, ofSet(at, o)...)
			} else if a, ok := read(t, o); ok {
				a.project = layout.AppProject(layout.InstanceOf(f.Path), o.Text("spec", "project"))
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// ofSet returns what an ApplicationSet makes of the sites of its app.
func ofSet(at map[site]string, set object.Object) []application {
	policy, _ := set.Get("spec", "syncPolicy", "applicationsSync")
	var out []application
	for _, s := range sorted(at) {
		if s.unit == layout.App(set.Name()) {
			out = append(out, application{name: layout.ApplicationName(set.Name(), s.env, cmp.Or(s.cluster, "*")), dir: at[s],
				cluster: cmp.Or(s.cluster, "clusters of "+s.env), prune: true, cascade: policy == nil})
		}
	}
	return out
}

// read reads an Application whose directory stands in the tree.
func read(t *tree.Tree, o object.Object) (application, bool) {
	a := application{
		name: o.Name(), namespace: o.Text("spec", "destination", "namespace"),
		destination: cmp.Or(o.Text("spec", "destination", "name"), o.Text("spec", "destination", "server")),
	}
	a.cluster = cmp.Or(o.Text("metadata", "labels", "gitopsgen.dev/cluster"), a.destination)
	prune, _ := o.Get("spec", "syncPolicy", "automated", "prune")
	a.prune, _ = prune.(bool)
	_, a.cascade = o.Get("metadata", "finalizers")
	a.confirm = asks(o)
	a.dir = o.Text("spec", "source", "path")
	for len(t.Under(a.dir)) == 0 { // the tree may stand below the repository's root
		_, rest, ok := strings.Cut(a.dir, "/")
		if !ok {
			return a, false
		}
		a.dir = rest
	}
	_, ok := layout.ParseDir(a.dir)
	return a, ok && o.Kind() == "Application"
}
