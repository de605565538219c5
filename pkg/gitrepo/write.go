package gitrepo

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// change is what a directory becomes: files written, below each name, or removed.
type change struct {
	file   *tree.File // to write; nil removes
	remove bool
	below  map[string]*change
}

// changes returns a plan's changes from the repository's root.
func (t *Tip) changes(p ownership.Plan) *change {
	root := &change{}
	at := func(name string) *change {
		c := root
		for part := range strings.SplitSeq(t.prefix+name, "/") {
			if c.below == nil {
				c.below = map[string]*change{}
			}
			next := c.below[part]
			if next == nil {
				next = &change{}
				c.below[part] = next
			}
			c = next
		}
		return c
	}
	for i := range p.Writes {
		at(p.Writes[i].Path).file = &p.Writes[i]
	}
	for _, name := range p.Deletes {
		at(name).remove = true
	}
	return root
}

// newObjects are the objects of a commit that are not on the server.
type newObjects struct {
	store store
	order []plumbing.Hash
}

func (n *newObjects) add(kind plumbing.ObjectType, data []byte) plumbing.Hash {
	h := hashOf(kind, data)
	if _, ok := n.store[h]; !ok {
		n.store[h] = newObject(kind, data)
		n.order = append(n.order, h)
	}
	return h
}

// apply returns what a directory becomes, or nil where nothing is left of it.
// Entries that nobody changes stay as they are, byte for byte.
func (d *dir) apply(c *change, n *newObjects) *dir {
	out := &dir{}
	for _, e := range d.entries {
		next, changed := c.below[e.name]
		if !changed {
			out.entries = append(out.entries, e)
			continue
		}
		if e, left := e.apply(next, n); left {
			out.entries = append(out.entries, e)
		}
	}
	for name, next := range c.below {
		if d.entry(name) == nil {
			if e, left := (entry{name: name}).apply(next, n); left {
				out.entries = append(out.entries, e)
			}
		}
	}
	if len(out.entries) == 0 {
		return nil
	}
	slices.SortFunc(out.entries, func(a, b entry) int { return cmp.Compare(a.sortKey(), b.sortKey()) })
	out.hash = n.add(plumbing.TreeObject, out.encode())
	return out
}

// apply returns what an entry becomes, and whether it is left.
func (e entry) apply(c *change, n *newObjects) (entry, bool) {
	switch {
	case c.file != nil:
		return entry{name: e.name, mode: filemode.Regular, hash: n.add(plumbing.BlobObject, c.file.Data)}, true
	case c.remove:
		return entry{}, false
	}
	d := e.dir
	if d == nil {
		d = &dir{}
	}
	if d = d.apply(c, n); d == nil {
		return entry{}, false
	}
	return entry{name: e.name, mode: filemode.Dir, hash: d.hash, dir: d}, true
}

// sortKey is what git sorts by: a directory as if its name ended in a slash.
func (e entry) sortKey() string {
	if e.mode == filemode.Dir {
		return e.name + "/"
	}
	return e.name
}

// encode returns the directory as a tree object.
func (d *dir) encode() []byte {
	var b bytes.Buffer
	for _, e := range d.entries {
		fmt.Fprintf(&b, "%o %s\x00", uint32(e.mode), e.name)
		b.Write(e.hash[:])
	}
	return b.Bytes()
}
