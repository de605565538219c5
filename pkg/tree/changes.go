package tree

import (
	"bytes"
	"slices"
	"strings"
)

// ChangeKind tells what happens to a file.
type ChangeKind string

// The kinds of change.
const (
	Added    ChangeKind = "added"
	Modified ChangeKind = "modified"
	Removed  ChangeKind = "removed"
)

// Change is a file that differs between two trees.
type Change struct {
	Path string     `json:"path"`
	Kind ChangeKind `json:"kind"`
}

// Changes returns the files that differ from one tree to another, sorted by path.
func Changes(from, to *Tree) []Change {
	var out []Change
	for _, f := range to.files {
		switch old, ok := from.Get(f.Path); {
		case !ok:
			out = append(out, Change{f.Path, Added})
		case !bytes.Equal(old.Data, f.Data):
			out = append(out, Change{f.Path, Modified})
		}
	}
	for _, f := range from.files {
		if _, ok := to.find(f.Path); !ok {
			out = append(out, Change{f.Path, Removed})
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}
