package tree

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

var (
	_ fs.ReadFileFS = (*Tree)(nil)
	_ fs.ReadDirFS  = (*Tree)(nil)
	_ fs.StatFS     = (*Tree)(nil)
)

// Open opens a file or directory; a Tree is a fs.FS.
func (t *Tree) Open(name string) (fs.File, error) {
	i, err := t.stat("open", name)
	if err != nil {
		return nil, err
	}
	if i.IsDir() {
		return &openDir{info: i, path: name, entries: t.entries(name)}, nil
	}
	f, _ := t.Get(name)
	return &openFile{info: i, Reader: bytes.NewReader(f.Data)}, nil
}

// ReadFile returns a copy of a file's content.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	i, err := t.stat("readfile", name)
	if err != nil {
		return nil, err
	}
	if i.IsDir() {
		return nil, &fs.PathError{Op: "readfile", Path: name, Err: fs.ErrInvalid}
	}
	f, _ := t.Get(name)
	return append([]byte{}, f.Data...), nil
}

// ReadDir returns what stands directly in a directory, sorted by name.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	i, err := t.stat("readdir", name)
	if err != nil {
		return nil, err
	}
	if !i.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return t.entries(name), nil
}

// Stat describes a file or directory. All files are read-only, and as old as
// the zero time.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	i, err := t.stat("stat", name)
	if err != nil {
		return nil, err
	}
	return i, nil
}

func (t *Tree) stat(op, name string) (info, error) {
	if !fs.ValidPath(name) {
		return info{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if f, ok := t.Get(name); ok {
		return fileInfo(f), nil
	}
	if name != "." && len(t.Under(name)) == 0 {
		return info{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return dirInfo(path.Base(name)), nil
}

// entries returns what stands directly in dir, sorted by name: the files are
// sorted by path, in which a.yaml stands before a/b.
func (t *Tree) entries(dir string) []fs.DirEntry {
	var out []fs.DirEntry
	for _, f := range t.Under(dir) {
		rest := f.Path
		if dir != "." {
			rest = rest[len(dir)+1:]
		}
		name, _, below := strings.Cut(rest, "/")
		switch {
		case !below:
			out = append(out, fs.FileInfoToDirEntry(fileInfo(f)))
		case len(out) == 0 || out[len(out)-1].Name() != name:
			out = append(out, fs.FileInfoToDirEntry(dirInfo(name)))
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

func dirInfo(name string) info { return info{name: name, mode: fs.ModeDir | 0o555} }

func fileInfo(f File) info {
	return info{name: path.Base(f.Path), size: int64(len(f.Data)), mode: 0o444}
}

type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }

// openFile is an open file; its Size is the file's, as both parts have one.
type openFile struct {
	info
	*bytes.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Size() int64                { return f.info.size }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info
	path    string
	entries []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.path, Err: fs.ErrInvalid}
}

func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		out := d.entries
		d.entries = nil
		return out, nil
	}
	if len(d.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.entries))
	out := d.entries[:n]
	d.entries = d.entries[n:]
	return out, nil
}
