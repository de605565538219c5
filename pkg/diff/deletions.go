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
	// ByHand tells that Argo CD keeps the Application until a person deletes it.
	ByHand bool `json:"byHand,omitempty"`
	// LeftBy is the project that no longer permits the object, which therefore
	// stays behind; "" where it goes.
	LeftBy string `json:"leftBy,omitempty"`
	// Data tells that the object holds data, which is lost.
	Data bool `json:"data,omitempty"`
	// Unit and Environment are those of the target that had the object.
	Unit        string `json:"unit,omitempty"`
	Environment string `json:"environment,omitempty"`

	namespace string // of the Application
}

// String returns the deletion as in "tokyo: Deployment.apps shop-prod/web".
func (d Deletion) String() string {
	s := fmt.Sprintf("%s: %s (Application %s", d.Cluster, d.ID, d.Application)
	if d.LeftBy != "" {
		return s + fmt.Sprintf("; list it under alsoPermits of project %s until it is gone)", d.LeftBy)
	}
	switch {
	case d.ByHand:
		s += ", after a person deletes it"
	case d.Confirm:
		s += ", after a person confirms"
	}
	return s + ")"
}

// application is what matters here of an Argo CD Application.
type application struct {
	// home is the namespace that it is in itself, and root the file of its root.
	home, root                    string
	name, cluster, namespace, dir string
	// destination is the cluster as the Application has it, of the name of its project,
	// and project the file of that.
	destination, of, project string
	// prune tells that objects go which are no longer in git, cascade that all
	// go with the Application, confirm that a person is asked then, and retained
	// that its root does not delete it.
	prune, cascade, confirm, retained bool
}

// outcome is what becomes of objects that are no longer in git.
type outcome struct {
	deletions     []Deletion
	kept          []Kept
	confirmations []Confirmation
}

// deletions returns what Argo CD will delete when a tree is replaced by another,
// what it will keep, and what a person does before, each sorted. What
// targets no longer build is known.
func deletions(from, to *tree.Tree, at [2]map[site]string, known lost) (outcome, error) {
	before, err := applications(from, at[0])
	if err != nil {
		return outcome{}, err
	}
	after, err := applications(to, at[1])
	if err != nil {
		return outcome{}, err
	}
	stays, projects := map[string]application{}, projects{}
	for _, a := range after {
		stays[a.name] = a
	}
	var out outcome
	for _, a := range before {
		next, kept := stays[a.name]
		if kept && !next.prune || !kept && !a.cascade || kept && sameBuild(from, to, a, next) {
			continue
		}
		gone, err := known.of(from, to, a, next)
		if err != nil {
			return outcome{}, err
		}
		out.add(to, projects, a, gone, kept, !kept && a.byHand(from, to))
	}
	slices.SortFunc(out.deletions, Deletion.compare)
	slices.SortFunc(out.kept, func(x, y Kept) int { return x.Deletion.compare(y.Deletion) })
	slices.SortFunc(out.confirmations, func(x, y Confirmation) int { return cmp.Compare(x.Application, y.Application) })
	return out, nil
}

// add adds what becomes of the objects that an Application no longer has; kept
// tells that the Application itself stays.
func (out *outcome) add(to *tree.Tree, projects projects, a application, gone []object.Object, kept, byHand bool) {
	option := "Delete=false"
	if kept {
		option = "Prune=false"
	}
	stays := func(o object.Object) bool { return slices.Contains(syncOptions(o), option) }
	confirm := slices.ContainsFunc(gone, func(o object.Object) bool { return !stays(o) && (a.confirm && !kept || asks(o, kept)) })
	if byHand || confirm {
		out.confirmations = append(out.confirmations, a.confirmation(to, byHand, confirm))
	}
	for _, o := range gone {
		place, _ := layout.ParseDir(a.dir)
		d := Deletion{Cluster: a.cluster, ID: o.ID(), Application: a.name, Confirm: confirm, ByHand: byHand, Data: losesData(o),
			Unit: place.Unit, Environment: place.Environment, namespace: a.namespace}
		if d.ID.Namespace == "" && kind.Of(d.ID.KindName()) == kind.Namespaced {
			d.ID.Namespace = a.namespace
		}
		if stays(o) {
			out.kept = append(out.kept, keep(d))
			continue
		}
		out.kept = append(out.kept, claims(d, o)...)
		if p := projects.of(to, a.project); p != nil && !p.permits(a.destination, d.ID) {
			d.LeftBy = p.name
		}
		out.deletions = append(out.deletions, d)
	}
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

// of returns the objects that an Application no longer has; next is what it is
// then, if it is kept.
func (l lost) of(from, to *tree.Tree, a, next application) ([]object.Object, error) {
	if gone, ok := l[[2]string{a.dir, next.dir}]; ok {
		return gone, nil
	}
	had, err := objects(from, a.dir)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	has, err := objects(to, next.dir)
	if err != nil {
		return nil, fmt.Errorf("after: %w", err)
	}
	return without(had, has), nil
}

func syncOptions(o object.Object) []string {
	return strings.Split(strings.ReplaceAll(o.Text("metadata", "annotations", "argocd.argoproj.io/sync-options"), " ", ""), ",")
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
				dir, env, _ := layout.ParseApplications(path.Dir(f.Path))
				a.project, a.root = layout.AppProject(dir, a.of), layout.Root(dir, env)
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
			out = append(out, application{of: set.Text("spec", "template", "spec", "project"), name: layout.ApplicationName(set.Name(), s.env, cmp.Or(s.cluster, "*")), dir: at[s],
				cluster: cmp.Or(s.cluster, clustersOf(s.env)), prune: true, cascade: policy == nil})
		}
	}
	return out
}

// clustersOf stands for the clusters of an environment that a tree does not name.
func clustersOf(env string) string { return "clusters of " + env }

// read reads an Application whose directory stands in the tree.
func read(t *tree.Tree, o object.Object) (application, bool) {
	a := application{
		of: o.Text("spec", "project"), home: o.Namespace(), name: o.Name(), namespace: o.Text("spec", "destination", "namespace"),
		destination: cmp.Or(o.Text("spec", "destination", "name"), o.Text("spec", "destination", "server")),
	}
	a.cluster = cmp.Or(o.Text("metadata", "labels", "gitopsgen.dev/cluster"), a.destination)
	prune, _ := o.Get("spec", "syncPolicy", "automated", "prune")
	a.prune, _ = prune.(bool)
	_, a.cascade = o.Get("metadata", "finalizers")
	options, _ := o.Get("spec", "syncPolicy", "syncOptions")
	list, _ := options.([]any)
	a.confirm = slices.Contains(list, any("Delete=confirm"))
	a.retained = slices.Contains(syncOptions(o), "Prune=false")
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
