// Package diff says what changes between two trees by meaning: per target,
// which objects come, go or change, and in which fields. The order of map keys
// and of sets never counts, that of other lists does.
package diff

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
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
	// Moved is what builds from another directory than before, such as a cluster
	// that no longer differs from its environment.
	Moved Kind = "moved"
)

// Report is the difference between two trees.
type Report struct {
	// Deletions are the objects that Argo CD will delete, sorted by cluster.
	Deletions []Deletion `json:"deletions,omitempty"`
	// Kept are the objects that are no longer in git and stay on their clusters,
	// sorted alike.
	Kept []Kept `json:"kept,omitempty"`
	// Confirmations are what a person does before, sorted by Application.
	Confirmations []Confirmation `json:"confirmations,omitempty"`
	// Restarts are the workloads whose pods restart, sorted by environment and
	// cluster.
	Restarts []Restart `json:"restarts,omitempty"`
	// Targets are the targets that build something else, sorted by directory.
	Targets []Target `json:"targets"`
	// Files are all files that differ, sorted by path, inventories apart.
	Files []tree.Change `json:"files"`
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
}

// Object is one object that comes, goes or changes.
type Object struct {
	ID   object.ID `json:"id"`
	Kind Kind      `json:"kind"`
	// Fields are the fields of a changed object, in the order of their paths.
	Fields []Field `json:"fields,omitempty"`
	// Immutable tells what happens where the object is not changed in place.
	Immutable *Immutable `json:"immutable,omitempty"`
}

// Field is one field that comes, goes or changes.
type Field struct {
	// Path is the field's path; entries of named lists stand by name.
	Path fieldpath.Path `json:"path"`
	Kind Kind           `json:"kind"`
	// From and To are the values before and after, in JSON form.
	From any `json:"from,omitempty"`
	To   any `json:"to,omitempty"`
	// Immutable tells that Kubernetes does not change the field in place.
	Immutable bool `json:"immutable,omitempty"`
}

// Trees returns what changes from one tree to another. Targets whose files are
// the same are not built.
func Trees(from, to *tree.Tree) (Report, error) {
	report := Report{Files: tree.Changes(from, to)}
	report.Files = slices.DeleteFunc(report.Files, func(c tree.Change) bool {
		return c.Path == layout.Inventories || len(c.Path) > len(layout.Inventories) && c.Path[:len(layout.Inventories)+1] == layout.Inventories+"/"
	})
	touched := map[string]bool{}
	for _, c := range report.Files {
		touched[unitOf(c.Path)] = true
	}
	if len(report.Files) == 0 {
		return report, nil
	}
	at := sitesOf(from, to)
	for _, p := range pairs(from, to, at) {
		if !touched[p.unit] {
			continue
		}
		t, again, err := target(from, to, p)
		if err != nil {
			return Report{}, err
		}
		if len(t.Objects) > 0 || t.Kind != Changed {
			report.Targets = append(report.Targets, t)
		}
		for _, s := range p.sites(at) {
			for _, r := range again {
				r.Environment, r.Cluster = s.env, s.cluster
				report.Restarts = append(report.Restarts, r)
			}
		}
	}
	slices.SortFunc(report.Restarts, Restart.compare)
	for _, root := range []string{layout.ArgoCD(""), path.Dir(layout.Bootstrap("x"))} {
		t, err := plain(from, to, root)
		if err != nil {
			return Report{}, err
		}
		if len(t.Objects) > 0 {
			report.Targets = append(report.Targets, t)
		}
	}
	gone, err := deletions(from, to, at)
	report.Deletions, report.Kept, report.Confirmations = gone.deletions, gone.kept, gone.confirmations
	return report, err
}

// plain returns what changes below a directory of objects that Argo CD, or a
// person, takes as they stand.
func plain(from, to *tree.Tree, root string) (Target, error) {
	t := Target{Dir: root, Unit: root, Kind: Changed}
	var sets [2][]object.Object
	for _, c := range tree.Changes(from, to) {
		if !strings.HasPrefix(c.Path, root+"/") {
			continue
		}
		for i, side := range []*tree.Tree{from, to} {
			f, ok := side.Get(c.Path)
			if !ok {
				continue
			}
			parsed, err := object.Parse(f.Data)
			if err != nil {
				return t, fmt.Errorf("%s: %w", c.Path, err)
			}
			sets[i] = append(sets[i], parsed...)
		}
	}
	t.Objects = Objects(sets[0], sets[1])
	return t, nil
}

// unitOf returns the unit that a path belongs to.
func unitOf(p string) string {
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
	var out []Object
	for _, id := range slices.SortedFunc(maps.Keys(before), object.ID.Compare) {
		b, ok := after[id]
		if !ok {
			out = append(out, Object{ID: id, Kind: Removed})
			continue
		}
		if fields := Values("", before[id].Map(), b.Map()); len(fields) > 0 {
			means := freeze(before[id], b, fields)
			out = append(out, Object{ID: id, Kind: Changed, Fields: redact(fields), Immutable: means})
		}
	}
	for id := range after {
		if _, ok := before[id]; !ok {
			out = append(out, Object{ID: id, Kind: Added})
		}
	}
	slices.SortFunc(out, func(a, b Object) int { return a.ID.Compare(b.ID) })
	return out
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
			fields[i].Path = credential.Redacted
		}
	}
	return fields
}
