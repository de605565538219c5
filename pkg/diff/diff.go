// Package diff says what changes between two trees by meaning: per target,
// which objects come, go or change, and in which fields. The order of map keys
// and of sets never counts, that of other lists does.
package diff

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Kind tells what happens to a target, an object or a field.
type Kind string

// The kinds of change.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
	// Moved is what is the same but for where it is, or for its name: a cluster that no
	// longer differs from its environment and builds from the directory of that, or an
	// app that is renamed.
	Moved Kind = "moved"
)

// Report is the difference between two trees. Environments are in the order of
// promotion where Trees knows it, and else by name. In JSON it has its summary too,
// and lists without entries are empty.
type Report struct {
	// Deletions are the objects that Argo CD will delete, sorted by cluster.
	Deletions []Deletion `json:"deletions"`
	// Kept are the objects that are no longer in git and stay on their clusters,
	// sorted alike.
	Kept []Kept `json:"kept"`
	// Confirmations are what a person does before, sorted by Application.
	Confirmations []Confirmation `json:"confirmations"`
	// Restarts are the workloads whose pods restart, sorted by environment and
	// cluster.
	Restarts []Restart `json:"restarts"`
	// Targets are the targets that build something else, sorted by unit, environment
	// and cluster. What no cluster builds by itself is not among them.
	Targets []Target `json:"targets"`
	// Files are all files that differ, sorted by path, inventories apart.
	Files []tree.Change `json:"files"`

	atlas atlas
}

// IsEmpty reports whether the two trees are equal.
func (r Report) IsEmpty() bool { return len(r.Targets) == 0 && len(r.Files) == 0 }

// Target is one directory that builds something else, or what a cluster builds
// from another directory than before.
type Target struct {
	Dir string `json:"dir"`
	// MovedFrom is the directory before, where it is another one.
	MovedFrom   string   `json:"movedFrom,omitempty"`
	Unit        string   `json:"unit"`
	Environment string   `json:"environment"`
	Cluster     string   `json:"cluster,omitempty"`
	Kind        Kind     `json:"kind"`
	Objects     []Object `json:"objects"`

	at        []site // that build it; those of the target itself where there are none
	namespace string // of its objects
}

// Object is one object that comes, goes or changes.
type Object struct {
	ID object.ID `json:"id"`
	// From is what an object was that moved: Kubernetes has no such thing, and the
	// one is deleted and the other created.
	From *object.ID `json:"from,omitempty"`
	Kind Kind       `json:"kind"`
	// Fields are the fields of an object that changed, also of one that moved, in the
	// order of their paths.
	Fields []Field `json:"fields,omitempty"`
	// Immutable tells what happens where the object is not changed in place.
	Immutable *Immutable `json:"immutable,omitempty"`
	// Risk is what the change of the object as a whole risks; "" where that is
	// nothing special. Fields have risks of their own.
	Risk RiskKind `json:"risk,omitempty"`

	// about is the site and the namespace that an object of Argo CD is for.
	about     site
	namespace string
}

// Option says how Trees compares.
type Option func(*Report)

// WithFleet puts environments in the order in which a fleet promotes to them.
// Default: by name.
func WithFleet(f *model.Fleet) Option {
	return func(r *Report) { r.atlas.rank = ranks(f) }
}

// Trees returns what changes from one tree to another. Targets whose files are
// the same are not built.
func Trees(from, to *tree.Tree, opts ...Option) (Report, error) {
	var report Report
	for _, o := range opts {
		o(&report)
	}
	report.Files = tree.Changes(from, to)
	report.Files = slices.DeleteFunc(report.Files, func(c tree.Change) bool { return inventory.IsPath(c.Path) })
	if len(report.Files) == 0 {
		return report, nil
	}
	at := sitesOf(from, to)
	report.atlas.clusters = clusters(at)
	lost, err := report.compare(from, to, at)
	if err != nil {
		return Report{}, err
	}
	names := sync.OnceValues(func() (map[string][]string, error) { return namesByProject(to, at[1]) })
	for _, root := range []string{layout.ArgoCD(""), path.Dir(layout.Bootstrap("x"))} {
		t, err := plain([2]*tree.Tree{from, to}, root, report.Files, names)
		if err != nil {
			return Report{}, err
		}
		if len(t.Objects) > 0 {
			report.Targets = append(report.Targets, t)
		}
	}
	gone, err := deletions(from, to, at, lost)
	report.Deletions, report.Kept, report.Confirmations = gone.deletions, gone.kept, gone.confirmations
	return report, err
}

// isBelow reports whether a path is dir, or below it.
func isBelow(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, dir) && p[len(dir)] == '/'
}

// plain returns what changes below a directory of objects that Argo CD, or a
// person, takes as they stand, among some changes of files. Names returns those of
// the Applications of each project afterwards.
func plain(sides [2]*tree.Tree, root string, files []tree.Change, names func() (map[string][]string, error)) (Target, error) {
	t := Target{Dir: root, Unit: root, Kind: Changed}
	var sets [2][]object.Object
	about := map[object.ID]object.Object{}
	for _, c := range files {
		if !isBelow(c.Path, root) {
			continue
		}
		for i, side := range sides {
			f, ok := side.Get(c.Path)
			if !ok {
				continue
			}
			parsed, err := object.Parse(f.Data)
			if err != nil {
				return t, fmt.Errorf("%s: %w", c.Path, err)
			}
			sets[i] = append(sets[i], parsed...)
			for _, o := range parsed {
				about[o.ID()] = o
			}
		}
	}
	t.Objects = Objects(sets[0], sets[1])
	before := byID(sets[0])
	for i, o := range t.Objects {
		t.Objects[i].about, t.Objects[i].namespace = subject(about[o.ID])
		if err := keepRoles(&t.Objects[i], before[o.ID], names); err != nil {
			return t, err
		}
	}
	return t, nil
}

// subject returns the site and the namespace that an Application is for; neither
// for another object.
func subject(o object.Object) (site, string) {
	dir := o.Text("spec", "source", "path")
	for dir != "" && o.Kind() == "Application" {
		if p, ok := layout.ParseDir(dir); ok {
			return site{p.Unit, p.Environment, o.Text("metadata", "labels", clusterLabel)}, o.Text("spec", "destination", "namespace")
		}
		_, dir, _ = strings.Cut(dir, "/") // the tree may stand below the repository's root
	}
	return site{}, ""
}

// unitOf returns the unit that a path belongs to.
func unitOf(p string) string {
	if isBelow(p, layout.Inventories) {
		return layout.GuideUnit
	}
	if root, _, _ := strings.Cut(p, "/"); root == layout.ArgoCD("") || root == path.Dir(layout.Bootstrap("x")) {
		return root
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if place, ok := layout.ParseDir(dir); ok {
			return place.Unit
		}
		if path.Base(dir) == "base" {
			return path.Dir(dir)
		}
	}
	return ""
}

// Objects returns the objects that differ between two sets, sorted by identity.
func Objects(from, to []object.Object) []Object {
	before, after := byID(from), byID(to)
	all := [2][]object.Object{from, to}
	var out []Object
	add := func(o Object) {
		judge(before[o.ID], after[o.ID], all, &o)
		opens(before[o.ID], after[o.ID], all, &o)
		out = append(out, o)
	}
	for id, a := range before {
		b, ok := after[id]
		if !ok {
			add(Object{ID: id, Kind: Removed})
		} else if fields := Values("", a.Map(), b.Map()); len(fields) > 0 {
			means := freeze(a, b, fields)
			add(Object{ID: id, Kind: Changed, Fields: redact(fields), Immutable: means})
		}
	}
	for id := range after {
		if _, ok := before[id]; !ok {
			add(Object{ID: id, Kind: Added})
		}
	}
	slices.SortFunc(out, func(a, b Object) int { return a.ID.Compare(b.ID) })
	return renamed(out, before, after)
}

func byID(objects []object.Object) map[object.ID]object.Object {
	m := make(map[object.ID]object.Object, len(objects))
	for _, o := range objects {
		m[o.ID()] = o
	}
	return m
}

// redact removes credentials from paths: the tree that a file of ours is compared
// with may have been edited by anybody.
func redact(fields []Field) []Field {
	for i := range fields {
		if credential.Find(string(fields[i].Path)) != "" {
			fields[i].Path, fields[i].shown = credential.Redacted, ""
		}
		if credential.Find(fields[i].path()) != "" {
			fields[i].shown = credential.Redacted
		}
	}
	return fields
}
