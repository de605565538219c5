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
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

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

// ErrStaging is returned where something stands at layout.Staging: instructions
// in a tree may come from whoever can commit to it.
var ErrStaging = errors.New(layout.Staging + " exists: a run of an earlier version was interrupted, or somebody committed it; " +
	"its contents are ignored (remove it, with git rm -r if git tracks it, and check the tree with gitopsgen verify)")

// Inventory is the list of one owner's files.
type Inventory struct {
	Meta
	// Owner is whose files they are.
	Owner tree.Owner
	// Files holds the git blob id of each file by its path.
	Files map[string]string
	// Data is the inventory's own file.
	Data []byte
}

// Path returns where the inventory of an owner stands.
func Path(o tree.Owner) string {
	switch {
	case o.IsShared():
		return path.Join(layout.Inventories, o.Unit, "base.yaml")
	case o.Environment == "":
		return path.Join(layout.Inventories, o.Unit, "clusters", o.Cluster+".yaml")
	}
	return path.Join(layout.Inventories, o.Unit, "envs", o.Environment+".yaml")
}

// IsPath reports whether p is where an inventory stands.
func IsPath(p string) bool {
	_, ok := owner(p)
	return ok
}

// owner is the inverse of Path.
func owner(p string) (tree.Owner, bool) {
	rest, ok := strings.CutPrefix(p, layout.Inventories+"/")
	rest, isYAML := strings.CutSuffix(rest, ".yaml")
	dir, name := path.Split(rest)
	dir = strings.TrimSuffix(dir, "/")
	onCluster, isCluster := strings.CutSuffix(dir, "/clusters")
	switch unit, isEnv := strings.CutSuffix(dir, "/envs"); {
	case !ok || !isYAML:
	case isCluster && strings.Count(onCluster, "/") == 1:
		return tree.Owner{Unit: onCluster, Cluster: name}, true
	case isEnv && strings.Count(unit, "/") == 1:
		return tree.Owner{Unit: unit, Environment: name}, true
	case name == "base" && (strings.Count(dir, "/") == 1 || dir == layout.GuideUnit):
		return tree.Owner{Unit: dir}, true
	}
	return tree.Owner{}, false
}

// owns reports whether an owner can have a file at p.
func owns(o tree.Owner, p string) bool {
	if o.Environment == "" && o.Cluster != "" {
		return layout.OwnsOnCluster(o.Unit, o.Cluster, p)
	}
	return layout.Owns(o.Unit, o.Environment, p)
}

// With returns the tree with the inventories of its files. It is an error where
// a file stands outside of its owner's places in the layout.
func With(t *tree.Tree, m Meta) (*tree.Tree, error) {
	ids := t.BlobIDs()
	byOwner := map[tree.Owner][]listed{}
	for i, f := range t.Files() {
		if !owns(f.Owner, f.Path) {
			return nil, fmt.Errorf("%s is not a valid path for files of %s", f.Path, f.Owner)
		}
		byOwner[f.Owner] = append(byOwner[f.Owner], listed{f.Path, ids[i]})
	}
	owners := slices.SortedFunc(maps.Keys(byOwner), tree.Owner.Compare)
	inventories := make([]tree.File, len(owners))
	head, workers := m.head(), runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(owners); i += workers {
				o := owners[i]
				inventories[i] = tree.File{Path: Path(o), Data: encode(head, byOwner[o]), Owner: o}
			}
		})
	}
	wg.Wait()
	return t.With(inventories)
}

// listed is one line of an inventory.
type listed struct{ path, id string }

// head returns how an inventory begins.
func (m Meta) head() []byte {
	head := object.Marshal(map[string]any{"apiVersion": model.APIVersion, "kind": "Inventory"})
	head = append(head, object.Marshal(map[string]any{"generator": m.Generator})...)
	if len(m.Extensions) > 0 {
		list := make([]any, len(m.Extensions))
		for i, e := range m.Extensions {
			list[i] = e
		}
		head = append(head, object.Marshal(map[string]any{"extensions": list})...)
	}
	return append(head, "files:\n"...)
}

// encode writes an inventory with a head and files, which are sorted by path.
func encode(head []byte, files []listed) []byte {
	var b bytes.Buffer
	b.Write(head)
	for _, f := range files {
		b.WriteString("  ")
		writeText(&b, f.path)
		b.WriteString(": ")
		writeText(&b, f.id)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// writeText writes a text as YAML, in one line.
func writeText(b *bytes.Buffer, s string) {
	if object.IsPlain(s) {
		b.WriteString(s)
		return
	}
	b.Write(bytes.TrimSpace(object.Marshal(s)))
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

// List returns the paths of all inventories of a tree, sorted.
func List(fsys fs.FS) ([]string, error) {
	if _, err := fs.Stat(fsys, layout.Inventories); err != nil {
		return nil, nil
	}
	var paths []string
	err := fs.WalkDir(fsys, layout.Inventories, func(p string, d fs.DirEntry, err error) error {
		if _, ours := owner(p); err == nil && ours && d.Type().IsRegular() {
			paths = append(paths, p)
		}
		return err
	})
	slices.Sort(paths)
	return paths, err
}

// NewSet returns the set of a tree without inventories.
func NewSet() Set {
	return Set{Files: map[string]Owned{}, Inventories: map[tree.Owner]Inventory{}}
}

// Add adds an inventory.
func (s Set) Add(inv Inventory) error {
	at := Path(inv.Owner)
	if len(s.Inventories) == maxInventory || len(s.Files)+len(inv.Files) > maxListed {
		return fmt.Errorf("%s: there are more than %d inventories, or more than %d files in them (remove the inventories that gitopsgen did not write)", at, maxInventory, maxListed)
	}
	s.Inventories[inv.Owner] = inv
	for f, id := range inv.Files {
		if other, ok := s.Files[f]; ok {
			return fmt.Errorf("%s: %s is listed by %s too (restore it from version control)", at, f, Path(other.Owner))
		}
		s.Files[f] = Owned{Owner: inv.Owner, ID: id}
	}
	return nil
}
