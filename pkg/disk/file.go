package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrTooLarge is returned if a file is larger than the limit.
var ErrTooLarge = errors.New("the file is too large")

// ErrNotRegular is returned where a regular file is expected, and the path is a
// pipe, a device or something else.
var ErrNotRegular = errors.New("not a regular file")

// ReadFile reads a regular file of at most so many bytes. It does not block on a
// pipe, and reads no more of a file that grows meanwhile.
func ReadFile(name string, most int64) ([]byte, error) {
	f, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, name, most)
}

// ReadNamed is ReadFile for a file that the user named, which may be a pipe, as
// a shell makes it of <(command).
func ReadNamed(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, name, most)
}

// ReadIn is ReadFile for a file below a root; the path cannot leave the root.
func ReadIn(root *os.Root, name string, most int64) ([]byte, error) {
	f, err := regular(root.OpenFile, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, name, most)
}

// openRegular opens a regular file.
func openRegular(name string) (*os.File, error) { return regular(os.OpenFile, name) }

// regular opens a regular file in a way.
func regular(open func(name string, flag int, perm fs.FileMode) (*os.File, error), name string) (*os.File, error) {
	f, err := open(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// readAtMost reads an open file of at most so many bytes.
func readAtMost(f fs.File, name string, most int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	tooLarge := &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, most)}
	if info.Mode().IsRegular() && info.Size() > most {
		return nil, tooLarge
	}
	data := make([]byte, 0, min(max(info.Size(), 0), most)+512)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if int64(len(data)) > most {
			return nil, tooLarge
		}
		if errors.Is(err, io.EOF) {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// FS returns the files below a directory as os.DirFS does, and opens only regular
// files: it does not block on a pipe.
func FS(dir string) fs.FS {
	root, ok := os.DirFS(dir).(dirFS)
	if !ok {
		return os.DirFS(dir)
	}
	return regularFS{root, dir}
}

// dirFS is what os.DirFS returns.
type dirFS interface {
	fs.ReadDirFS
	fs.StatFS
	fs.ReadLinkFS
}

type regularFS struct {
	dirFS
	dir string
}

// Open opens a regular file.
func (r regularFS) Open(name string) (fs.File, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return openRegular(filepath.Join(r.dir, local))
}
