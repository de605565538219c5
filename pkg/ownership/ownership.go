// Package ownership decides what a run may do to a tree that stands somewhere,
// in a directory or in a commit: only files that an inventory lists are changed
// or deleted, what a person edited is reported and kept, and foreign files
// survive everything.
package ownership

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Options are what a run may do.
type Options struct {
	// Retained are owners whose files are left as they are.
	Retained []tree.Owner
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

// Kind is what stands at a path.
type Kind int

// The kinds of what stands at a path.
const (
	Absent  Kind = iota
	Regular      // a regular file
	Other        // anything else, or below something that is no directory
)

// State is a tree as it stands.
type State interface {
	// Owned returns what the inventories list.
	Owned() inventory.Set
	// Look returns what stands at a path, and the git blob id of a regular file.
	// It is asked in the order of the paths for wanted files, then for others.
	Look(path string) (Kind, string, error)
}

// Plan is what has to be done to a tree.
type Plan struct {
	// Writes are the files to write, sorted by path.
	Writes []tree.File
	// Deletes are the owned files to delete, sorted.
	Deletes []string
	// Unchanged is the number of files that stand as they shall.
	Unchanged int
	// Conflicts are the files that a person edited, or that are not ours.
	Conflicts []Conflict

	owned int
}

// Add adds what has to be done to another tree.
func (p *Plan) Add(q Plan) {
	p.Writes, p.Deletes = append(p.Writes, q.Writes...), append(p.Deletes, q.Deletes...)
	p.Conflicts = append(p.Conflicts, q.Conflicts...)
	p.Unchanged, p.owned = p.Unchanged+q.Unchanged, p.owned+q.owned
}

// IsEmpty reports whether there is nothing to do.
func (p Plan) IsEmpty() bool { return len(p.Writes) == 0 && len(p.Deletes) == 0 }

// String counts what is to be done.
func (p Plan) String() string {
	if p.IsEmpty() {
		return fmt.Sprintf("nothing changed: %s up to date", finding.Count(p.Unchanged, "file"))
	}
	return fmt.Sprintf("wrote %s, deleted %d, left %d unchanged", finding.Count(len(p.Writes), "file"), len(p.Deletes), p.Unchanged)
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
	fmt.Fprintf(&b, "%s in the way; nothing was written (move the change into the model, restore the file, move one that is not managed, or use --force):", finding.Count(len(e.Conflicts), "file"))
	for _, c := range e.Conflicts {
		fmt.Fprintf(&b, "\n  %s: %s", c.Path, c.Reason)
	}
	return b.String()
}

// Compare says what brings the tree that stands to the tree that is wanted.
// Conflicts are part of the plan: see Check.
func Compare(have State, want *tree.Tree, o Options) (Plan, error) {
	set := have.Owned()
	p := Plan{owned: len(set.Files)}
	ids := want.BlobIDs()
	for i, f := range want.Files() {
		if slices.Contains(o.Retained, f.Owner) {
			p.Unchanged++
			continue
		}
		if err := p.file(have, set, f, ids[i], o.Force); err != nil {
			return Plan{}, err
		}
	}
	if err := p.deletions(have, set, want, o); err != nil {
		return Plan{}, err
	}
	return p, p.extensions(set, want, o)
}

// file decides what happens to one wanted file, which has a blob id.
func (p *Plan) file(have State, set inventory.Set, f tree.File, want string, force bool) error {
	kind, id, err := have.Look(f.Path)
	if err != nil {
		return err
	}
	if kind == Regular && id == want {
		p.Unchanged++
		return nil
	}
	owned, isOwned := set.Files[f.Path]
	_, isInventory := set.Inventories[f.Owner]
	isInventory = isInventory && f.Path == inventory.Path(f.Owner)
	switch {
	case kind == Absent || isInventory || kind == Regular && isOwned && owned.ID == id:
	case kind == Other:
		p.conflict(f.Path, "this is not a regular file")
		return nil
	case force:
	case isOwned:
		p.conflict(f.Path, "this file was edited by hand")
		return nil
	default:
		p.conflict(f.Path, "gitopsgen does not manage this file")
		return nil
	}
	p.Writes = append(p.Writes, f)
	return nil
}

func (p *Plan) conflict(path, reason string) {
	p.Conflicts = append(p.Conflicts, Conflict{Path: path, Reason: reason})
}

// deletions finds the owned files that are not wanted any more.
func (p *Plan) deletions(have State, set inventory.Set, want *tree.Tree, o Options) error {
	var gone []string
	for path, owned := range set.Files {
		if _, ok := want.Get(path); !ok && !slices.Contains(o.Retained, owned.Owner) {
			gone = append(gone, path)
		}
	}
	slices.Sort(gone)
	for _, path := range gone {
		owned := set.Files[path]
		switch kind, id, err := have.Look(path); {
		case err != nil:
			return err
		case kind == Absent:
		case kind == Regular && (owned.ID == id || o.Force):
			p.Deletes = append(p.Deletes, path)
		default:
			p.conflict(path, "this file would be deleted, but was edited by hand")
		}
	}
	for owner := range set.Inventories {
		if unwanted(owner, want, o) {
			p.Deletes = append(p.Deletes, inventory.Path(owner))
		}
	}
	slices.Sort(p.Deletes)
	return nil
}

// unwanted reports whether an inventory is to go.
func unwanted(owner tree.Owner, want *tree.Tree, o Options) bool {
	_, ok := want.Get(inventory.Path(owner))
	return !ok && !slices.Contains(o.Retained, owner)
}

// extensions returns an error where files are to go that an extension made which
// this program lacks.
func (p *Plan) extensions(set inventory.Set, want *tree.Tree, o Options) error {
	var lacking []string
	for owner, inv := range set.Inventories {
		for _, e := range inv.Extensions {
			if !slices.Contains(o.Extensions, e) && unwanted(owner, want, o) {
				lacking = append(lacking, e)
			}
		}
	}
	if len(lacking) == 0 || o.AllowDelete {
		return nil
	}
	return fmt.Errorf("files of the extension %q would be deleted, and this program does not have the extension (run a program that has it, or use --allow-delete)",
		slices.Min(lacking))
}

// Check returns an error where the plan must not be carried out: a
// *ConflictError, or one that says that too much would be deleted.
func (p Plan) Check(o Options) error {
	if len(p.Conflicts) > 0 {
		return &ConflictError{Conflicts: p.Conflicts}
	}
	deleted := 0
	for _, d := range p.Deletes {
		if !inventory.IsPath(d) {
			deleted++
		}
	}
	if o.AllowDelete || deleted == 0 || deleted*100 <= p.owned*o.MaxDeletePercent {
		return nil
	}
	return fmt.Errorf("this run would delete %d of %d owned files, more than %d%%; nothing was written (use --allow-delete if this is intended)",
		deleted, p.owned, o.MaxDeletePercent)
}
