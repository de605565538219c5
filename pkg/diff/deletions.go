package diff

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

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
// sorted by cluster and object.
func deletions(from, to *tree.Tree) ([]Deletion, error) {
	before, err := applications(from)
	if err != nil {
		return nil, err
	}
	after, err := applications(to)
	if err != nil {
		return nil, err
	}
	stays, projects := map[string]application{}, projects{}
	for _, a := range after {
		stays[a.name] = a
	}
	var out []Deletion
	for _, a := range before {
		next, kept := stays[a.name]
		if kept && !next.prune || !kept && !a.cascade || kept && sameBuild(from, to, a, next) {
			continue
		}
		gone, err := removed(from, to, a, next, kept)
		if err != nil {
			return nil, err
		}
		for _, o := range gone {
			d := Deletion{Cluster: a.cluster, ID: o.ID(), Application: a.name, Confirm: a.confirm && !kept || asks(o)}
			if d.ID.Namespace == "" && !object.ClusterScoped(d.ID.Kind) {
				d.ID.Namespace = a.namespace
			}
			if p := projects.of(to, a.project); p != nil && !p.permits(a.destination, d.ID) {
				d.LeftBy = p.name
			}
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(x, y Deletion) int {
		return cmp.Or(cmp.Compare(x.Cluster, y.Cluster), cmp.Compare(x.ID.Namespace, y.ID.Namespace), x.ID.Compare(y.ID), cmp.Compare(x.Application, y.Application))
	})
	return out, nil
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

// removed returns the objects that an Application no longer has, those apart
// that Argo CD is told to keep.
func removed(from, to *tree.Tree, a, next application, kept bool) ([]object.Object, error) {
	place, _ := layout.ParseDir(a.dir)
	had, _, err := objects(from, a.dir, place)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	option, has := "Delete=false", map[object.ID]bool{}
	if kept {
		option = "Prune=false"
		place, _ = layout.ParseDir(next.dir)
		built, _, err := objects(to, next.dir, place)
		if err != nil {
			return nil, fmt.Errorf("after: %w", err)
		}
		for _, o := range built {
			has[o.ID()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(had), func(o object.Object) bool {
		return has[o.ID()] || slices.Contains(syncOptions(o), option)
	}), nil
}

func syncOptions(o object.Object) []string {
	return strings.Split(o.Text("metadata", "annotations", "argocd.argoproj.io/sync-options"), ",")
}

// asks reports whether Argo CD asks a person before it deletes an object.
func asks(o object.Object) bool {
	return slices.ContainsFunc(syncOptions(o), func(s string) bool { return strings.HasSuffix(s, "=confirm") })
}

// applications returns the Applications of a tree.
func applications(t *tree.Tree) ([]application, error) {
	var out []application
	for _, f := range t.Under(layout.ArgoCD("")) {
		isSet := path.Base(path.Dir(f.Path)) == "appsets"
		if !isSet && path.Base(path.Dir(path.Dir(f.Path))) != "apps" {
			continue
		}
		parsed, err := object.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, o := range parsed {
			if isSet {
				out = append(out, ofSet(t, o)...)
			} else if a, ok := read(t, o); ok {
				a.project = layout.AppProject(path.Dir(path.Dir(path.Dir(f.Path))), o.Text("spec", "project"))
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// ofSet returns what an ApplicationSet makes of the directories of its app.
func ofSet(t *tree.Tree, set object.Object) []application {
	policy, _ := set.Get("spec", "syncPolicy", "applicationsSync")
	var out []application
	for _, dir := range dirs(t) {
		if place, _ := layout.ParseDir(dir); place.Unit == layout.App(set.Name()) {
			out = append(out, application{name: set.Name() + "-" + place.Environment + "-" + cmp.Or(place.Cluster, "*"), dir: dir,
				cluster: cmp.Or(place.Cluster, "clusters of "+place.Environment), prune: true, cascade: policy == nil})
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
