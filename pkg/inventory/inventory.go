// Package inventory lists the files of a tree that are ours: one inventory file
// for each owner, under .gitopsgen, with the git blob id of every file. Only
// listed files are ever changed or deleted.
//
// An inventory has one line for each file, sorted by path, so that changes to
// different apps or environments merge:
//
//	apiVersion: gitopsgen.dev/v1alpha1
//	kind: Inventory
//	generator: v0.1.0
//	files:
//	  apps/frontend/overlays/prod/kustomization.yaml: 8c7e5a667f1b771847fe88c01c3de34413a1b220
package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Meta is what an inventory says of the run that made its files.
type Meta struct {
	// Generator is the version of gitopsgen.
	Generator string
	// Extensions are the names of the extensions that were used, sorted.
	Extensions []string
}

// Inventory is the list of one owner's files.
type Inventory struct {
	Meta
	// Files holds the git blob id of each file by its path.
	Files map[string]string
	// Data is the file that Read read.
	Data []byte
}

// Path returns where the inventory of an owner stands.
func Path(o tree.Owner) string {
	if o.Environment == "" {
		return path.Join(layout.Inventories, o.Unit, "base.yaml")
	}
	return path.Join(layout.Inventories, o.Unit, "envs", o.Environment+".yaml")
}

// owner is the inverse of Path.
func owner(p string) (tree.Owner, bool) {
	rest, ok := strings.CutPrefix(p, layout.Inventories+"/")
	rest, isYAML := strings.CutSuffix(rest, ".yaml")
	dir, name := path.Split(rest)
	dir = strings.TrimSuffix(dir, "/")
	switch unit, isEnv := strings.CutSuffix(dir, "/envs"); {
	case !ok || !isYAML:
	case isEnv && strings.Count(unit, "/") == 1:
		return tree.Owner{Unit: unit, Environment: name}, true
	case name == "base" && strings.Count(dir, "/") == 1:
		return tree.Owner{Unit: dir}, true
	}
	return tree.Owner{}, false
}

// With returns the tree with the inventories of its files.
func With(t *tree.Tree, m Meta) (*tree.Tree, error) {
	byOwner := map[tree.Owner]map[string]any{}
	for _, f := range t.Files() {
		if byOwner[f.Owner] == nil {
			byOwner[f.Owner] = map[string]any{}
		}
		byOwner[f.Owner][f.Path] = tree.BlobID(f.Data)
	}
	files := slices.Clone(t.Files())
	for o, ids := range byOwner {
		files = append(files, tree.File{Path: Path(o), Data: encode(m, ids), Owner: o})
	}
	return tree.New(files)
}

func encode(m Meta, ids map[string]any) []byte {
	head := object.Marshal(map[string]any{"apiVersion": model.APIVersion, "kind": "Inventory"})
	head = append(head, object.Marshal(map[string]any{"generator": m.Generator})...)
	if len(m.Extensions) > 0 {
		list := make([]any, len(m.Extensions))
		for i, e := range m.Extensions {
			list[i] = e
		}
		head = append(head, object.Marshal(map[string]any{"extensions": list})...)
	}
	var b bytes.Buffer
	b.Write(head)
	b.WriteString("files:\n")
	paths := make([]string, 0, len(ids))
	for p := range ids {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		fmt.Fprintf(&b, "  %s: %s\n", bytes.TrimSpace(object.Marshal(p)), bytes.TrimSpace(object.Marshal(ids[p])))
	}
	return b.Bytes()
}

// Owned is a file that an inventory lists.
type Owned struct {
	tree.Owner
	// ID is the git blob id of what we wrote.
	ID string
}

// Set is all that the inventories of a tree list.
type Set struct {
	// Files holds the owned files by path, the inventories not among them.
	Files map[string]Owned
	// Inventories holds the inventories by owner.
	Inventories map[tree.Owner]Inventory
}

// Read reads all inventories of a tree. A file that no inventory may list, or
// that two list, is an error.
func Read(fsys fs.FS) (Set, error) {
	s := Set{Files: map[string]Owned{}, Inventories: map[tree.Owner]Inventory{}}
	if _, err := fs.Stat(fsys, layout.Inventories); err != nil {
		return s, nil
	}
	err := fs.WalkDir(fsys, layout.Inventories, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		o, ok := owner(p)
		if !ok || !d.Type().IsRegular() {
			return nil // not ours
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		inv, err := Parse(data)
		if err != nil {
			return fmt.Errorf("%s: %w (restore it from version control)", p, err)
		}
		inv.Data = data
		s.Inventories[o] = inv
		for f, id := range inv.Files {
			if other, ok := s.Files[f]; ok {
				return fmt.Errorf("%s: %s is listed by %s too (restore it from version control)", p, f, Path(other.Owner))
			}
			s.Files[f] = Owned{Owner: o, ID: id}
		}
		return nil
	})
	return s, err
}

// Tree returns the owned files of a tree as they stand, inventories included.
// Files that are gone are left out.
func Tree(fsys fs.FS) (*tree.Tree, error) {
	set, err := Read(fsys)
	if err != nil {
		return nil, err
	}
	var files []tree.File
	add := func(p string, o tree.Owner) error {
		data, err := fs.ReadFile(fsys, p)
		if err == nil {
			files = append(files, tree.File{Path: p, Data: data, Owner: o})
		} else if !isGone(err) {
			return err
		}
		return nil
	}
	for p, o := range set.Files {
		if err := add(p, o.Owner); err != nil {
			return nil, err
		}
	}
	for o := range set.Inventories {
		if err := add(Path(o), o); err != nil {
			return nil, err
		}
	}
	return tree.New(files)
}

func isGone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
