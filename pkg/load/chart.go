package load

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Chart is a chart that chart.path names, as it was read: nothing was unpacked or
// checked. It is an archive, or the files of a directory.
type Chart struct {
	Archive []byte
	// Files are sorted by name.
	Files []ChartFile
}

// ChartFile is a file of the directory of a chart.
type ChartFile struct {
	// Name is its path from the directory, with slashes.
	Name string
	Data []byte
}

// Digest returns the hash of what is in a chart, as in sha256:8c11…: of an archive,
// that of its bytes.
func (c Chart) Digest() string {
	if c.Files == nil {
		sum := sha256.Sum256(c.Archive)
		return "sha256:" + hex.EncodeToString(sum[:])
	}
	h, b := sha256.New(), []byte("directory\x00")
	for _, f := range c.Files {
		b = append(binary.AppendUvarint(b, uint64(len(f.Name))), f.Name...)
		b = binary.AppendUvarint(b, uint64(len(f.Data)))
		h.Write(b)
		h.Write(f.Data)
		b = b[:0]
	}
	h.Write(b)
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// size returns the number of bytes.
func (c Chart) size() int {
	n := len(c.Archive)
	for _, f := range c.Files {
		n += len(f.Data)
	}
	return n
}

// ReadChart reads a packaged chart, or the directory of a chart, for Go programs that
// set a model.Chart: Path is the name, and Digest that of the result.
func ReadChart(fsys fs.FS, name string) (Chart, error) {
	w := &walk{fsys: fsys, seen: map[string]bool{}}
	return readChart(File{Open: w.open("."), ListAll: w.list(".", nothing)}, name)
}

// readChart reads the chart at a path from a file.
func readChart(from File, name string) (Chart, error) {
	if isArchive(name) {
		data, err := from.Open(name)
		if err == nil && len(data) > MaxFile {
			err = fmt.Errorf("it is larger than %d MiB", MaxFile>>20)
		}
		return Chart{Archive: data}, err
	}
	names, err := from.ListAll(name)
	if err != nil {
		return Chart{}, err
	}
	if !slices.Contains(names, "Chart.yaml") {
		return Chart{}, errors.New("the directory contains no Chart.yaml")
	}
	c := Chart{Files: make([]ChartFile, 0, len(names))}
	for total, i := 0, 0; i < len(names); i++ {
		data, err := from.Open(path.Join(name, names[i]))
		if total += len(data); err == nil && total > MaxFile {
			err = fmt.Errorf("the directory is larger than %d MiB in total", MaxFile>>20)
		}
		if err != nil {
			return Chart{}, fmt.Errorf("%s: %w", names[i], cause(err))
		}
		c.Files = append(c.Files, ChartFile{Name: names[i], Data: data})
	}
	return c, nil
}

// isArchive reports whether a path is that of a packaged chart.
func isArchive(name string) bool {
	return strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar.gz")
}

// chart reads the chart at the path that a layer names, once in all layers.
func (d *decoder) chart(c *model.Chart, at fieldpath.Path) {
	if c.Path == "" {
		return
	}
	where := at.Field("path")
	fail := func(format string, args ...any) {
		d.list = append(d.list, finding.Finding{Rule: "chart", Severity: finding.Error, Path: where, Position: d.positions.At(where),
			Reason: fmt.Sprintf(format, credential.RedactArgs(args)...), Fix: "set the path of a packaged chart (.tgz), or of the directory of a chart, below the directory of this file"})
	}
	if d.file.Open == nil || d.file.ListAll == nil || !fs.ValidPath(c.Path) || c.Path == "." {
		fail("%q is not a valid path of a chart here", c.Path)
		return
	}
	full := path.Join(path.Dir(d.file.Name), c.Path)
	if c.Digest = d.digests[full]; c.Digest != "" || d.read > maxTotal {
		return
	}
	read, err := readChart(d.file, c.Path)
	if err != nil {
		fail("the chart %s cannot be read: %v", full, credential.RedactError(c.Path, cause(err)))
		return
	}
	if d.read += read.size(); d.read > maxTotal {
		fail("the files are larger than %d MiB in total", maxTotal>>20)
		return
	}
	c.Digest = read.Digest()
	d.charts[c.Digest], d.digests[full] = read, c.Digest
}
