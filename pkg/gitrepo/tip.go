package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// errIncomplete tells that objects are missing, as they are where a cache was
// damaged, or where a server does not send files that are too large to be read.
var errIncomplete = fmt.Errorf("objects of the commit are missing, or are files larger than %s", bytesOf(defaultLimits.object))

// Tip is the commit that a branch is at. It is an ownership.State.
type Tip struct {
	// Commit is its hash, or "" where the branch does not exist yet.
	Commit string
	// Trailers are the trailers of its message.
	Trailers map[string]string

	store  store
	root   *dir
	prefix string // of the paths in the repository: "", or ending in a slash
	set    inventory.Set
	limits limits
}

// dir is a directory of a commit, in git's order. Directories with the same
// entries are one.
type dir struct {
	hash    plumbing.Hash
	height  int // of the directories below, and this one
	entries []entry
	index   map[string]int // of the entries by name, once it was asked for
}

type entry struct {
	name string
	mode filemode.FileMode
	hash plumbing.Hash
	dir  *dir // of a directory
}

// newTip reads the trees and inventories of a commit; the zero hash is no commit.
func newTip(ctx context.Context, sub string, at plumbing.Hash, s store, l limits) (*Tip, error) {
	t := &Tip{store: s, root: &dir{}, set: inventory.NewSet(), Trailers: map[string]string{}, limits: l}
	if sub != "" && sub != "." {
		t.prefix = path.Clean(sub) + "/"
	}
	if at.IsZero() {
		return t, nil
	}
	commit, err := s.get(ctx, at, plumbing.CommitObject)
	if err != nil {
		return nil, err
	}
	t.Commit = at.String()
	header, message, _ := strings.Cut(string(commit), "\n\n")
	line, _, _ := strings.Cut(header, "\n")
	t.Trailers = trailers(message)
	r := treeReader{store: s, limits: l, dirs: map[plumbing.Hash]*dir{}}
	if t.root, err = r.read(ctx, plumbing.NewHash(strings.TrimPrefix(line, "tree ")), 1); err != nil {
		return nil, err
	}
	return t, t.readInventories(ctx)
}

// trailers returns the trailers of a message: the lines KEY: VALUE of its last
// paragraph.
func trailers(message string) map[string]string {
	out := map[string]string{}
	message = strings.TrimSpace(message)
	last := message[strings.LastIndex(message, "\n\n")+1:]
	for line := range strings.Lines(last) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			out[key] = value
		}
	}
	return out
}

// treeReader reads trees, each once.
type treeReader struct {
	limits
	store   store
	dirs    map[plumbing.Hash]*dir
	entries int64 // that were read, of different trees
}

// read reads a tree, so many levels deep, and those below it.
func (r *treeReader) read(ctx context.Context, hash plumbing.Hash, level int) (*dir, error) {
	d, known := r.dirs[hash]
	if !known {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if level > r.depth {
			return nil, r.tooDeep()
		}
		data, err := r.store.get(ctx, hash, plumbing.TreeObject)
		if err != nil {
			return nil, err
		}
		d = &dir{hash: hash, height: 1}
		for len(data) > 0 {
			var e entry
			if e, data, err = nextEntry(data); err != nil {
				return nil, fmt.Errorf("tree %s cannot be read: %w", hash, err)
			}
			if r.entries++; r.entries > r.limits.entries {
				return nil, tooLarge("its directories have more than %d entries", r.limits.entries)
			}
			if e.mode == filemode.Dir {
				if e.dir, err = r.read(ctx, e.hash, level+1); err != nil {
					return nil, err
				}
				d.height = max(d.height, e.dir.height+1)
			}
			d.entries = append(d.entries, e)
		}
		r.dirs[hash] = d
	}
	if level+d.height-1 > r.depth {
		return nil, r.tooDeep()
	}
	return d, nil
}

func (r *treeReader) tooDeep() error {
	return tooLarge("its directories are more than %d levels deep", r.depth)
}

// nextEntry reads the first entry of a tree's data, and returns what follows.
func nextEntry(data []byte) (entry, []byte, error) {
	head, rest, ok := bytes.Cut(data, []byte{0})
	mode, name, isPair := strings.Cut(string(head), " ")
	m, err := filemode.New(mode)
	isName := name != "" && name != "." && name != ".." && !strings.Contains(name, "/")
	if !ok || !isPair || !isName || err != nil || len(rest) < 20 {
		return entry{}, nil, errors.New("an entry is not valid")
	}
	return entry{name: name, mode: m, hash: plumbing.Hash(rest[:20])}, rest[20:], nil
}

// readInventories reads what the inventories list.
func (t *Tip) readInventories(ctx context.Context) error {
	at, err := t.find(t.prefix + layout.Inventories)
	if err != nil || at == nil || at.dir == nil {
		return err
	}
	if e, err := t.find(t.prefix + layout.Staging); err != nil || e != nil {
		return errors.Join(err, inventory.ErrStaging)
	}
	w := walker{ctx: ctx, left: t.limits.entries}
	return w.walk(at.dir, layout.Inventories, func(p string, e entry) error {
		if !inventory.IsPath(p) || e.mode != filemode.Regular {
			return nil
		}
		data, err := t.store.get(ctx, e.hash, plumbing.BlobObject)
		if err != nil {
			return err
		}
		inv, err := inventory.Parse(p, data)
		if err != nil {
			return err
		}
		return t.set.Add(inv)
	})
}

// walker walks paths of a commit, of which a few trees may have any number.
type walker struct {
	ctx  context.Context
	left int64 // of the entries that may be seen
}

// walk calls f for each entry below d, which is at a path, that is no directory.
func (w *walker) walk(d *dir, at string, f func(path string, e entry) error) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if w.left -= int64(len(d.entries)); w.left < 0 {
		return tooLarge("too many paths are below %s", layout.Inventories)
	}
	for _, e := range d.entries {
		p := path.Join(at, e.name)
		if e.dir != nil {
			if err := w.walk(e.dir, p, f); err != nil {
				return err
			}
		} else if err := f(p, e); err != nil {
			return err
		}
	}
	return nil
}

// errBelowFile tells that a part of a path is no directory.
var errBelowFile = errors.New("a part of the path is not a directory")

// find returns the entry at a path of the repository, or nil.
func (t *Tip) find(name string) (*entry, error) {
	d := t.root
	for {
		part, rest, below := strings.Cut(name, "/")
		e := d.entry(part)
		if e == nil || !below {
			return e, nil
		}
		if e.dir == nil {
			return nil, errBelowFile
		}
		d, name = e.dir, rest
	}
}

func (d *dir) entry(name string) *entry {
	if d.index == nil {
		d.index = make(map[string]int, len(d.entries))
		for i, e := range d.entries {
			d.index[e.name] = i
		}
	}
	if i, ok := d.index[name]; ok {
		return &d.entries[i]
	}
	return nil
}

// Owned returns what the inventories list.
func (t *Tip) Owned() inventory.Set { return t.set }

// Look returns what is at a path of the tree, and the blob id of a regular file.
// A link, or a file with another mode than gitopsgen writes, is treated as a file
// that gitopsgen did not write: git stores it in the same way.
func (t *Tip) Look(name string) (ownership.Kind, string, error) {
	e, err := t.find(t.prefix + name)
	switch {
	case err != nil:
		return ownership.Other, "", nil
	case e == nil:
		return ownership.Absent, "", nil
	case e.mode == filemode.Regular:
		return ownership.Regular, e.hash.String(), nil
	case e.special() != "":
		return ownership.Regular, e.special() + " " + e.hash.String(), nil
	}
	return ownership.Other, "", nil
}

// special returns what a blob is that is no plain file, or "".
func (e *entry) special() string {
	switch e.mode {
	case filemode.Executable:
		return "executable"
	case filemode.Symlink:
		return "a link"
	case filemode.Deprecated:
		return "writable by its group"
	}
	return ""
}

// load reads the contents of the owned files.
func (t *Tip) load(ctx context.Context) error {
	var total int64
	for p := range t.set.Files {
		e, err := t.find(t.prefix + p)
		if err != nil || e == nil || e.mode != filemode.Regular {
			continue
		}
		data, err := t.store.get(ctx, e.hash, plumbing.BlobObject)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if total += int64(len(data)); total > t.limits.contents {
			return tooLarge("the files of the inventories have more than %s", bytesOf(t.limits.contents))
		}
	}
	return nil
}

// Tree returns the current owned files, including inventories. The contents have
// to be there: see Repo.Tip.
func (t *Tip) Tree() (*tree.Tree, error) {
	var files []tree.File
	for o, inv := range t.set.Inventories {
		files = append(files, tree.File{Path: inventory.Path(o), Data: inv.Data, Owner: o})
	}
	for p, f := range t.set.Files {
		e, err := t.find(t.prefix + p)
		if err != nil || e == nil || e.mode != filemode.Regular {
			continue // gone, or a person's
		}
		raw, ok := t.store[e.hash]
		if !ok || raw.pack != nil {
			return nil, errIncomplete
		}
		files = append(files, tree.File{Path: p, Data: raw.data, Owner: f.Owner})
	}
	return tree.New(files)
}

// kept returns what a cache keeps: the trees, the inventories and the commit.
func (t *Tip) kept() []plumbing.Hash {
	var out []plumbing.Hash
	seen := map[plumbing.Hash]bool{}
	var walk func(d *dir, at string)
	walk = func(d *dir, at string) {
		if seen[d.hash] {
			return
		}
		seen[d.hash] = true
		out = append(out, d.hash)
		for _, e := range d.entries {
			p := path.Join(at, e.name)
			if e.dir != nil {
				walk(e.dir, p)
			} else if inventory.IsPath(strings.TrimPrefix(p, t.prefix)) && !seen[e.hash] && e.mode == filemode.Regular {
				seen[e.hash] = true
				out = append(out, e.hash)
			}
		}
	}
	walk(t.root, "")
	return append(out, plumbing.NewHash(t.Commit))
}

// Compare says what brings the tip to a tree.
func (t *Tip) Compare(want *tree.Tree, o ownership.Options) (ownership.Plan, error) {
	return ownership.Compare(t, want, o)
}
