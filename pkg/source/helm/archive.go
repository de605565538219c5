package helm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// unpack returns the files of an archive in its order, named from the chart's own
// directory.
func (r *reader) unpack(archive []byte) ([]File, error) {
	if len(archive) > maxArchive {
		return nil, fmt.Errorf("it is larger than %d MiB", maxArchive>>20)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("it is not a gzip file: %s", oneLine(err.Error()))
	}
	// What is skipped costs time too: padding, headers, and what is behind a file.
	in := tar.NewReader(&limited{from: unzipped, left: maxUnpacked - r.bytes + maxEntries*4096})
	var out []File
	seen := map[string]bool{}
	for entries := 0; ; entries++ {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("it is damaged: %s", oneLine(err.Error()))
		}
		if entries >= maxEntries {
			return nil, fmt.Errorf("there are more than %d entries", maxEntries)
		}
		f, err := r.entry(h, in)
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		if seen[f.Name] {
			return nil, fmt.Errorf("the file %s is there twice", quote(f.Name))
		}
		seen[f.Name] = true
		out = append(out, *f)
	}
	if len(out) == 0 {
		return nil, errors.New("it contains no file")
	}
	return out, nil
}

// entry reads an entry of an archive; nil where it is not a file.
func (r *reader) entry(h *tar.Header, in io.Reader) (*File, error) {
	switch h.Typeflag {
	case tar.TypeReg:
	case tar.TypeDir, tar.TypeXGlobalHeader:
		return nil, nil
	case tar.TypeSymlink, tar.TypeLink:
		return nil, fmt.Errorf("%s is a link", quote(h.Name))
	default:
		return nil, fmt.Errorf("%s is a special file", quote(h.Name))
	}
	if _, err := clean(h.Name); err != nil {
		return nil, err
	}
	// The first element is the name of the chart's directory, which may be any.
	_, inside, ok := strings.Cut(strings.TrimSuffix(h.Name, "/"), "/")
	if !ok {
		return nil, fmt.Errorf("the file %s is not in the directory of the chart", quote(h.Name))
	}
	name, err := clean(inside)
	if err != nil {
		return nil, err
	}
	if err := r.count(name, h.Size); err != nil {
		return nil, err
	}
	data := make([]byte, 0, min(h.Size, 64<<10))
	buf := bytes.NewBuffer(data)
	n, err := io.Copy(buf, io.LimitReader(in, h.Size+1))
	if err != nil {
		return nil, fmt.Errorf("the file %s is damaged: %s", quote(name), oneLine(err.Error()))
	}
	if n != h.Size {
		return nil, fmt.Errorf("the file %s does not have the size that the archive says", quote(name))
	}
	return &File{Name: name, Data: bytes.TrimPrefix(buf.Bytes(), byteOrderMark)}, nil
}

// limited is a reader with an end that is an error.
type limited struct {
	from io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("it is larger than %d MiB", maxUnpacked>>20)
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.from.Read(p)
	l.left -= int64(n)
	return n, err
}
