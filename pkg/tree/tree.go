// Package tree is an immutable virtual file tree: files with their owners, and
// the changes between two trees. A Tree is a fs.FS.
package tree

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Owner is the part of the fleet that a file belongs to; there is one inventory
// for each.
type Owner struct {
	// Unit is a group of directories, such as apps/frontend or platform/namespaces.
	Unit string
	// Environment is the environment, or "" for what all environments share.
	Environment string
	// Cluster is the cluster of a unit that runs once per cluster, whatever its
	// environments; else "".
	Cluster string
}

// IsShared reports whether the owner is what all targets of a unit share.
func (o Owner) IsShared() bool { return o.Environment == "" && o.Cluster == "" }

// Compare orders owners by unit, environment and cluster.
func (o Owner) Compare(p Owner) int {
	return cmp.Or(cmp.Compare(o.Unit, p.Unit), cmp.Compare(o.Environment, p.Environment), cmp.Compare(o.Cluster, p.Cluster))
}

// String returns the unit, and the environment or the cluster where there is one.
func (o Owner) String() string {
	if o.IsShared() {
		return o.Unit
	}
	return o.Unit + " in " + cmp.Or(o.Environment, o.Cluster)
}

// File is a regular file of a tree.
type File struct {
	// Path is slash-separated, relative to the tree's root, and valid for fs.FS.
	Path string
	// Data is the content; it must not be changed.
	Data []byte
	// Owner is whose file it is.
	Owner Owner
}

// Tree is a set of files, sorted by path. The zero value is empty.
type Tree struct {
	files []File
	// ids returns what BlobIDs does; it is nil if there are no files.
	ids func() []string
}

// New returns the tree of files. It is an error if a path leaves the tree, occurs
// twice, or is a directory of another one.
func New(files []File) (*Tree, error) {
	sorted := slices.Clone(files)
	slices.SortFunc(sorted, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	for _, f := range sorted {
		if err := CheckPath(f.Path); err != nil {
			return nil, err
		}
	}
	if err := distinct(sorted); err != nil {
		return nil, err
	}
	return &Tree{files: sorted, ids: sync.OnceValue(func() []string { return blobIDs(sorted) })}, nil
}

// With returns the tree with more files, of which t's need not be hashed again. The
// errors are those of New.
func (t *Tree) With(more []File) (*Tree, error) {
	added, err := New(more)
	if err != nil {
		return nil, err
	}
	n := t.Len() + added.Len()
	files, ids := make([]File, 0, n), make([]string, 0, n)
	for i, j := 0, 0; i+j < n; {
		if j == added.Len() || i < t.Len() && t.files[i].Path <= added.files[j].Path {
			files, ids = append(files, t.files[i]), append(ids, t.BlobIDs()[i])
			i++
		} else {
			files, ids = append(files, added.files[j]), append(ids, added.BlobIDs()[j])
			j++
		}
	}
	if err := distinct(files); err != nil {
		return nil, err
	}
	return &Tree{files: files, ids: func() []string { return ids }}, nil
}

// distinct returns an error where two of some sorted files have one path, or one is
// a directory of another.
func distinct(sorted []File) error {
	dirs := map[string]bool{}
	for i, f := range sorted {
		if i > 0 && sorted[i-1].Path == f.Path {
			return fmt.Errorf("two files have the path %s", f.Path)
		}
		for dir := parent(f.Path); dir != "" && !dirs[dir]; dir = parent(dir) {
			dirs[dir] = true
		}
	}
	for _, f := range sorted {
		if dirs[f.Path] {
			return fmt.Errorf("%s is both a file and a directory", f.Path)
		}
	}
	return nil
}

// parent returns the directory of a clean path, or "" at the top.
func parent(p string) string { return p[:max(0, strings.LastIndexByte(p, '/'))] }

// CheckPath returns an error where p is not a clean relative path with slashes,
// or where a part of it could escape or name git's own directory on any platform.
func CheckPath(p string) error {
	if !fs.ValidPath(p) || p == "." {
		return fmt.Errorf("path %q is not clean, or leaves the tree", p)
	}
	for part := range strings.SplitSeq(p, "/") {
		if isGit(part) || strings.ContainsAny(part, `\:`) || strings.ContainsFunc(part, unicode.IsControl) {
			return fmt.Errorf("path %q: %q cannot be in a tree", p, part)
		}
	}
	return nil
}

// isGit reports whether some file system takes part for git's own directory:
// Windows passes over dots and spaces at the end and knows the short name git~1,
// macOS passes over characters that are not seen, and both over case.
func isGit(part string) bool {
	if c := part[0]; c != '.' && c != 'g' && c != 'G' && c < utf8.RuneSelf {
		return false
	}
	part = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, part)
	part = strings.TrimRight(part, ". ")
	return strings.EqualFold(part, ".git") || strings.EqualFold(part, "git~1")
}

// Files returns the files, sorted by path; the slice must not be changed.
func (t *Tree) Files() []File { return t.files }

// Len returns the number of files.
func (t *Tree) Len() int { return len(t.files) }

// BlobIDs returns the git blob ids of Files, in their order; the slice must not be
// changed. They are computed once.
func (t *Tree) BlobIDs() []string {
	if t.ids == nil {
		return nil
	}
	return t.ids()
}

// BlobID returns the git blob id of the file at path, or "".
func (t *Tree) BlobID(path string) string {
	if i, ok := t.find(path); ok {
		return t.BlobIDs()[i]
	}
	return ""
}

// Get returns the file at path, and whether there is one.
func (t *Tree) Get(path string) (File, bool) {
	i, ok := t.find(path)
	if !ok {
		return File{}, false
	}
	return t.files[i], true
}

// Under returns the files below the directory dir, sorted by path.
func (t *Tree) Under(dir string) []File {
	if dir == "." || dir == "" {
		return t.files
	}
	start, _ := t.find(dir + "/")
	end, _ := t.find(dir + "0") // '0' follows '/'
	return t.files[start:end]
}

func (t *Tree) find(path string) (int, bool) {
	return slices.BinarySearchFunc(t.files, path, func(f File, p string) int { return cmp.Compare(f.Path, p) })
}
