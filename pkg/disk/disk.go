// Package disk brings a directory from one state to the next, all or nothing.
//
// Only files that an inventory lists are changed or deleted. What a person
// edited is reported and kept, and foreign files survive everything. Nothing is
// written through a symbolic link or outside of the directory.
//
// A journal makes a run whole: the new contents are staged inside of the
// directory first, then the journal is put in place, then the files are renamed
// and deleted. A run that is killed before the journal stands has changed
// nothing; one that is killed later is finished by the next run. Contents are
// not synced to the medium one by one: after a power failure, check the tree
// with gitopsgen verify.
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
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Options are what a run may do.
type Options struct {
	// Held are owners whose files are left as they stand.
	Held []tree.Owner
	// Force overwrites files that were edited by hand or are foreign.
	Force bool
	// MaxDeletePercent is the share of the owned files that may be deleted, in
	// percent.
	MaxDeletePercent int
	// AllowDelete lifts MaxDeletePercent.
	AllowDelete bool
	// Extensions are the extensions that this program has.
	Extensions []string
}

// Plan is what has to be done to a directory.
type Plan struct {
	// Writes are the files to write, sorted by path.
	Writes []tree.File
	// Deletes are the owned files to delete, sorted.
	Deletes []string
	// Unchanged is the number of files that stand as they shall.
	Unchanged int
	// Conflicts are the files that a person edited, or that are not ours.
	Conflicts []Conflict
	owned     int
}

// IsEmpty reports whether there is nothing to do.
func (p Plan) IsEmpty() bool { return len(p.Writes) == 0 && len(p.Deletes) == 0 }

// String counts what is to be done.
func (p Plan) String() string {
	if p.IsEmpty() {
		return fmt.Sprintf("nothing changed: %d files stand as they shall", p.Unchanged)
	}
	return fmt.Sprintf("wrote %d files, deleted %d, left %d unchanged", len(p.Writes), len(p.Deletes), p.Unchanged)
}

// Conflict is a file that a run would have to take from a person.
type Conflict struct {
	Path string
	// Reason says whose file it is.
	Reason string
}

// ConflictError is returned where files of a person are in the way. Nothing was
// written.
type ConflictError struct{ Conflicts []Conflict }

// Error names every file.
func (e *ConflictError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d files are in the way; nothing was written (move the change into the model, restore the file, or use --force):", len(e.Conflicts))
	for _, c := range e.Conflicts {
		fmt.Fprintf(&b, "\n  %s: %s", c.Path, c.Reason)
	}
	return b.String()
}

// Tree returns the owned files of a directory as they stand. A directory that
// does not exist is empty.
func Tree(dir string) (*tree.Tree, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &tree.Tree{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := recoverRun(root); err != nil {
		return nil, err
	}
	return inventory.Tree(root.FS())
}

// Compare says what Apply would do to a directory.
func Compare(dir string, want *tree.Tree, o Options) (Plan, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Plan{Writes: want.Files()}, nil
	}
	if err != nil {
		return Plan{}, err
	}
	defer root.Close()
	if err := recoverRun(root); err != nil {
		return Plan{}, err
	}
	return compare(root, want, o)
}

func compare(root *os.Root, want *tree.Tree, o Options) (Plan, error) {
	fsys := root.FS()
	set, err := inventory.Read(fsys)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{owned: len(set.Files)}
	for _, f := range want.Files() {
		if slices.Contains(o.Held, f.Owner) {
			p.Unchanged++
			continue
		}
		if err := p.file(root, f, set, o.Force); err != nil {
			return Plan{}, err
		}
	}
	if err := p.deletions(root, want, set, o); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// file decides what happens to one wanted file.
func (p *Plan) file(root *os.Root, f tree.File, set inventory.Set, force bool) error {
	state, data, err := look(root, f.Path)
	if err != nil {
		return err
	}
	owned, isOwned := set.Files[f.Path]
	_, isInventory := set.Inventories[f.Owner]
	isInventory = isInventory && f.Path == inventory.Path(f.Owner)
	switch {
	case state == regular && string(data) == string(f.Data):
		p.Unchanged++
		return nil
	case state == absent || isInventory || state == regular && isOwned && owned.ID == tree.BlobID(data):
	case state == other:
		p.conflict(f.Path, "something that is no regular file stands here")
		return nil
	case force:
	case isOwned:
		p.conflict(f.Path, "this file was edited by hand")
		return nil
	default:
		p.conflict(f.Path, "this file is not ours")
		return nil
	}
	p.Writes = append(p.Writes, f)
	return nil
}

func (p *Plan) conflict(path, reason string) {
	p.Conflicts = append(p.Conflicts, Conflict{Path: path, Reason: reason})
}

// deletions finds the owned files that are not wanted any more.
func (p *Plan) deletions(root *os.Root, want *tree.Tree, set inventory.Set, o Options) error {
	for path, owned := range set.Files {
		if _, ok := want.Get(path); ok || slices.Contains(o.Held, owned.Owner) {
			continue
		}
		state, data, err := look(root, path)
		switch {
		case err != nil:
			return err
		case state == absent:
		case state == regular && (owned.ID == tree.BlobID(data) || o.Force):
			p.Deletes = append(p.Deletes, path)
		default:
			p.conflict(path, "this file is to be deleted, and was edited by hand")
		}
	}
	lacking := map[string]bool{}
	for owner, inv := range set.Inventories {
		path := inventory.Path(owner)
		if _, ok := want.Get(path); !ok && !slices.Contains(o.Held, owner) {
			p.Deletes = append(p.Deletes, path)
			for _, e := range inv.Extensions {
				lacking[e] = lacking[e] || !slices.Contains(o.Extensions, e)
			}
		}
	}
	slices.Sort(p.Deletes)
	for e, lacks := range lacking {
		if lacks && !o.AllowDelete {
			return fmt.Errorf("files that the extension %q made would be deleted, and this program lacks it (run the program that has it, or use --allow-delete)", e)
		}
	}
	return nil
}

// guard stops a run that deletes too much.
func (p Plan) guard(o Options) error {
	deleted := 0
	for _, d := range p.Deletes {
		if !strings.HasPrefix(d, ".gitopsgen/") {
			deleted++
		}
	}
	if o.AllowDelete || deleted == 0 || deleted*100 <= p.owned*o.MaxDeletePercent {
		return nil
	}
	return fmt.Errorf("this run would delete %d of %d owned files, more than %d %%; nothing was written (use --allow-delete if that is meant)",
		deleted, p.owned, o.MaxDeletePercent)
}

// Apply brings a directory to the state that a tree says, and returns what it
// did. Nothing is written where there are conflicts or too many deletions.
func Apply(ctx context.Context, dir string, want *tree.Tree, o Options) (Plan, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Plan{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Plan{}, err
	}
	defer root.Close()
	unlock, err := lock(dir)
	if err != nil {
		return Plan{}, err
	}
	defer unlock()
	if err := recoverRun(root); err != nil {
		return Plan{}, err
	}
	p, err := compare(root, want, o)
	if err != nil {
		return Plan{}, err
	}
	if len(p.Conflicts) > 0 {
		return p, &ConflictError{Conflicts: p.Conflicts}
	}
	if err := p.guard(o); err != nil || p.IsEmpty() {
		return p, err
	}
	return p, run(ctx, root, p)
}

// state is what stands at a path.
type state int

const (
	absent state = iota
	regular
	other
)

// look reads the file at a path without following symbolic links.
func look(root *os.Root, path string) (state, []byte, error) {
	info, err := root.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent, nil, nil
	case err != nil:
		// A parent that is a file or a link leads nowhere of ours.
		return other, nil, nil
	case !info.Mode().IsRegular():
		return other, nil, nil
	}
	data, err := root.ReadFile(path)
	return regular, data, err
}
