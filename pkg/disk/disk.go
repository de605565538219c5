// Package disk brings a directory from one state to the next, all or nothing.
//
//	result, err := render.Fleet(ctx, fleet)
//	plan, err := disk.Write(ctx, "out", result)
//
// Write changes only what a result may change: files that an inventory lists,
// never files that were edited by hand, and with no more deletions than the
// guards of the fleet allow. Nothing is written through a symbolic link or
// outside of the directory.
//
// A narrowed run retains the rest of the tree, which it has to read first:
//
//	dir, err := disk.Open("out")
//	result, err := render.Fleet(ctx, fleet, render.WithSelection(dev), render.WithPrior(dir.Tree()))
//	plan, err := dir.Write(ctx, result)
//
// Apply is the layer below, for trees that do not come from a render.
//
// A journal makes a run atomic. New files are written where they belong, and what
// replaces a file is staged beside it; then the journal is turned from undo to
// redo in one step; then each old file is put aside and the staged one in its
// place. A run that is killed before that step is undone by the next one; one
// that is killed later is finished by it. The journal is kept where it cannot be
// part of a clone: see Recover. Files are not synced to the disk one by one:
// after a power failure, check the tree with gitopsgen verify.
//
// Before a file that was put aside is removed, its content is compared with the
// content that the plan was made for. A file that was changed in the meantime is
// restored, and reported by a *KeptError.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Dir is a directory as it was when it was opened. It is an ownership.State.
type Dir struct {
	name  string
	set   inventory.Set
	owned *tree.Tree
	kinds map[string]ownership.Kind // of the paths that were looked at
	ids   map[string]string         // of those that are regular files
	look  *looker                   // while Compare runs
	// missing is a directory that look did not find, with a slash at its end, or "".
	missing string
}

// Open reads the inventories of a directory, and the files that they list. It
// does not write: if a run was interrupted, the error is an *InterruptedError. A
// directory that does not exist is empty.
func Open(name string) (*Dir, error) {
	d := &Dir{name: name, set: inventory.NewSet(), owned: &tree.Tree{}, kinds: map[string]ownership.Kind{}, ids: map[string]string{}}
	root, err := os.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if j, err := findJournal(name); err != nil {
		return nil, err
	} else if j != nil {
		return nil, &InterruptedError{Dir: name}
	}
	if _, err := root.Lstat(layout.Staging); err == nil {
		return nil, fmt.Errorf("%s: %w", name, inventory.ErrStaging)
	}
	return d, d.read(root)
}

// Tree returns the current owned files, including inventories.
func (d *Dir) Tree() *tree.Tree { return d.owned }

// Owned returns what the inventories list.
func (d *Dir) Owned() inventory.Set { return d.set }

// Look returns what is at a path, and the git blob id of a regular file.
func (d *Dir) Look(path string) (ownership.Kind, string, error) {
	if kind, ok := d.kinds[path]; ok {
		return kind, d.ids[path], nil
	}
	if d.look == nil || d.missing != "" && strings.HasPrefix(path, d.missing) {
		return ownership.Absent, "", nil
	}
	kind, data, err := d.look.file(path)
	if err != nil {
		return kind, "", err
	}
	if kind == ownership.Absent {
		d.missing = d.look.missing(path)
	}
	if d.kinds[path] = kind; kind == ownership.Regular {
		d.ids[path] = tree.BlobID(data)
	}
	return kind, d.ids[path], nil
}

// Compare returns what Apply would do.
func (d *Dir) Compare(want *tree.Tree, o ownership.Options) (ownership.Plan, error) {
	root, err := os.OpenRoot(d.name)
	if errors.Is(err, fs.ErrNotExist) {
		return ownership.Compare(d, want, o)
	}
	if err != nil {
		return ownership.Plan{}, err
	}
	defer root.Close()
	d.look = newLooker(root)
	defer func() {
		d.look.close()
		d.look, d.missing = nil, ""
	}()
	return ownership.Compare(d, want, o)
}

// Apply recovers and opens a directory, and updates it to match a tree. It
// follows only the options and does not apply the guards of a fleet: see Write.
func Apply(ctx context.Context, name string, want *tree.Tree, o ownership.Options) (ownership.Plan, error) {
	if err := Recover(name); err != nil {
		return ownership.Plan{}, err
	}
	d, err := Open(name)
	if err != nil {
		return ownership.Plan{}, err
	}
	return d.Apply(ctx, want, o)
}

// Apply updates the directory to match a tree, and returns what it did. Nothing
// is written if the plan does not pass its Check. The error is a *KeptError where
// files changed during the run and all else was done. Afterwards d is out of
// date.
func (d *Dir) Apply(ctx context.Context, want *tree.Tree, o ownership.Options) (ownership.Plan, error) {
	return d.apply(ctx, want, writing{o, unheard}, func(*tree.Tree) error { return nil })
}

// apply is Apply. Fits is asked again where the directory has changed since d was
// opened.
func (d *Dir) apply(ctx context.Context, want *tree.Tree, w writing, fits func(*tree.Tree) error) (ownership.Plan, error) {
	if err := os.MkdirAll(d.name, 0o755); err != nil {
		return ownership.Plan{}, err
	}
	root, err := os.OpenRoot(d.name)
	if err != nil {
		return ownership.Plan{}, err
	}
	defer root.Close()
	unlock, err := lock(d.name)
	if err != nil {
		return ownership.Plan{}, err
	}
	defer unlock()
	p, err := d.plan(root, want, w.Options, fits)
	if err != nil || p.IsEmpty() {
		return p, err
	}
	return p, d.run(ctx, root, p, want, w.progress)
}

// plan compares, on the directory as it is now. The caller holds the lock.
func (d *Dir) plan(root *os.Root, want *tree.Tree, o ownership.Options, fits func(*tree.Tree) error) (ownership.Plan, error) {
	if j, err := findJournal(d.name); err != nil {
		return ownership.Plan{}, err
	} else if j != nil {
		return ownership.Plan{}, &InterruptedError{Dir: d.name}
	}
	p, err := d.Compare(want, o)
	if err != nil {
		return p, err
	}
	stale, err := d.stale(root, p)
	if err != nil {
		return p, err
	}
	if stale {
		fresh, err := Open(d.name)
		if err != nil {
			return p, err
		}
		*d = *fresh
		if err := fits(d.owned); err != nil {
			return p, err
		}
		if p, err = d.Compare(want, o); err != nil {
			return p, err
		}
	}
	return p, p.Check(o)
}

// stale reports whether another run, or a person, has changed what a plan is to
// change, since d looked at it. What was absent is left out: creating it fails
// where that is not so any more.
func (d *Dir) stale(root *os.Root, p ownership.Plan) (bool, error) {
	paths := slices.Clone(p.Deletes)
	for _, f := range p.Writes {
		if d.kinds[f.Path] != ownership.Absent {
			paths = append(paths, f.Path)
		}
	}
	look := newLooker(root)
	defer look.close()
	for _, path := range paths {
		kind, data, err := look.file(path)
		if err != nil {
			return false, err
		}
		if kind != d.kinds[path] || kind == ownership.Regular && tree.BlobID(data) != d.ids[path] {
			return true, nil
		}
	}
	return false, nil
}
