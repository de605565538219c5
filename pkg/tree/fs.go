package tree

import (
	"crypto/sha1"
	"encoding/hex"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

// BlobID returns the id that git gives to a file of this content: the SHA-1 of
// git's header and the data, in hexadecimal.
func BlobID(data []byte) string {
	h := sha1.New()
	h.Write(append(strconv.AppendInt([]byte("blob "), int64(len(data)), 10), 0))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// Open opens a file or directory; a Tree is a fs.FS.
func (t *Tree) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f, ok := t.Get(name); ok {
		return &openFile{info: fileInfo(f), Reader: strings.NewReader(string(f.Data))}, nil
	}
	under := t.Under(name)
	if len(under) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openDir{info: info{name: path.Base(name), mode: fs.ModeDir | 0o555}, entries: entries(under, name)}, nil
}

// entries returns what stands directly in dir.
func entries(under []File, dir string) []fs.DirEntry {
	var out []fs.DirEntry
	for _, f := range under {
		rest := f.Path
		if dir != "." {
			rest = strings.TrimPrefix(rest, dir+"/")
		}
		name, _, below := strings.Cut(rest, "/")
		switch {
		case !below:
			out = append(out, fs.FileInfoToDirEntry(fileInfo(f)))
		case len(out) == 0 || out[len(out)-1].Name() != name:
			out = append(out, fs.FileInfoToDirEntry(info{name: name, mode: fs.ModeDir | 0o555}))
		}
	}
	return out
}

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

type openFile struct {
	info
	*strings.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Size() int64                { return f.info.size }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info
	entries []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
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
