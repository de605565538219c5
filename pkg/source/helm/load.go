package helm

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/ignore"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// The bounds of a chart with all of its subcharts, packed and unpacked. Helm has
// those of a file and of all bytes.
const (
	maxArchive  = 100 << 20
	maxUnpacked = 100 << 20
	maxFile     = 5 << 20
	maxEntries  = 10_000
	// maxCharts bounds the charts inside each other, and maxSubcharts all of them.
	maxCharts    = 20
	maxSubcharts = 1_000
)

// File is a file of a chart's directory.
type File struct {
	// Name is the path from the chart's directory, such as templates/service.yaml.
	Name string
	Data []byte
}

// Load reads the archive of a chart, a .tgz. It is an error where the archive has
// links or other special files, names that lead elsewhere, a name twice, more than
// 10,000 entries or 100 MiB with those of the archives in it, a file of more than
// 5 MiB, or templates that are nested too deeply. Errors are one line, and text of the
// archive is escaped.
func Load(archive []byte) (*Chart, error) {
	r := &reader{}
	files, err := r.unpack(archive)
	if err != nil {
		return nil, fmt.Errorf("reading the chart archive: %w", err)
	}
	return r.load(files)
}

// LoadFiles reads the files of a chart's directory, without those that its
// .helmignore excludes, in any order. The bounds are those of Load.
func LoadFiles(files []File) (*Chart, error) {
	r := &reader{}
	named := make([]File, len(files))
	for i, f := range files {
		name, err := clean(f.Name)
		if err != nil {
			return nil, err
		}
		named[i] = File{Name: name, Data: bytes.TrimPrefix(f.Data, byteOrderMark)}
	}
	slices.SortFunc(named, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	kept, err := unignored(named)
	if err != nil {
		return nil, err
	}
	for i, f := range kept {
		if err := r.count(f.Name, int64(len(f.Data))); err != nil {
			return nil, err
		}
		if i > 0 && kept[i-1].Name == f.Name {
			return nil, fmt.Errorf("the file %s is there twice", quote(f.Name))
		}
	}
	return r.load(kept)
}

// byteOrderMark is what some editors put before a text. Helm removes it.
var byteOrderMark = []byte("\xef\xbb\xbf")

// reader reads one chart with its subcharts, and counts what it reads.
type reader struct {
	entries, subcharts int
	bytes              int64
}

func (r *reader) load(files []File) (*Chart, error) {
	root, err := r.chart(files, 1)
	if err != nil {
		return nil, err
	}
	return &Chart{root: root}, nil
}

// chart reads a chart from its files. Helm reads all but the subcharts: it would not
// count what it unpacks, and return them in an order that changes.
func (r *reader) chart(files []File, depth int) (*chart.Chart, error) {
	if depth > maxCharts {
		return nil, fmt.Errorf("charts are more than %d levels deep inside each other", maxCharts)
	}
	var own []*loader.BufferedFile
	var names []string
	parts := map[string][]File{}
	for _, f := range files {
		sub, isSub := strings.CutPrefix(f.Name, "charts/")
		if !isSub || path.Ext(f.Name) == ".prov" {
			if err := checkNesting(f); err != nil {
				return nil, err
			}
			own = append(own, &loader.BufferedFile{Name: f.Name, Data: f.Data})
			continue
		}
		name, _, _ := strings.Cut(sub, "/")
		if parts[name] == nil {
			names = append(names, name)
		}
		parts[name] = append(parts[name], File{Name: sub, Data: f.Data})
	}
	c, err := loader.LoadFiles(own)
	if err != nil {
		return nil, errors.New(oneLine(err.Error()))
	}
	if err := acceptable(c.Metadata); err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
			continue
		}
		sub, err := r.subchart(name, parts[name], depth)
		if err != nil {
			return nil, fmt.Errorf("subchart %s of %s: %w", quote(name), quote(c.Name()), err)
		}
		c.AddDependency(sub)
	}
	return c, sortSubcharts(c)
}

// subchart reads what is in charts/ by one name: an archive or a directory.
func (r *reader) subchart(name string, files []File, depth int) (*chart.Chart, error) {
	if r.subcharts++; r.subcharts > maxSubcharts {
		return nil, fmt.Errorf("there are more than %d subcharts", maxSubcharts)
	}
	if path.Ext(name) == ".tgz" {
		if files[0].Name != name {
			return nil, errors.New("this is not an archive, but a directory")
		}
		unpacked, err := r.unpack(files[0].Data)
		if err != nil {
			return nil, fmt.Errorf("reading the archive: %w", err)
		}
		return r.chart(unpacked, depth+1)
	}
	var inside []File
	for _, f := range files {
		if rest, ok := strings.CutPrefix(f.Name, name+"/"); ok {
			inside = append(inside, File{Name: rest, Data: f.Data})
		}
	}
	return r.chart(inside, depth+1)
}

// acceptable checks what Helm itself would fail at, or loop on.
func acceptable(md *chart.Metadata) error {
	for _, d := range md.Dependencies {
		if d == nil {
			return errors.New("a dependency in Chart.yaml is null")
		}
	}
	for _, m := range md.Maintainers {
		if m == nil {
			return errors.New("a maintainer in Chart.yaml is null")
		}
	}
	return nil
}

// sortSubcharts orders the subcharts of a chart, where Helm takes them as they come
// from a map: by name, then by version. Two that are equal in both are an error, since
// either could be meant.
func sortSubcharts(c *chart.Chart) error {
	subs := slices.Clone(c.Dependencies())
	slices.SortStableFunc(subs, func(a, b *chart.Chart) int {
		if by := strings.Compare(a.Name(), b.Name()); by != 0 {
			return by
		}
		return strings.Compare(a.Metadata.Version, b.Metadata.Version)
	})
	for i := 1; i < len(subs); i++ {
		if a, b := subs[i-1], subs[i]; a.Name() == b.Name() && a.Metadata.Version == b.Metadata.Version {
			return fmt.Errorf("charts/ of %s contains %s %s twice", quote(c.Name()), quote(a.Name()), quote(a.Metadata.Version))
		}
	}
	c.SetDependencies(subs...)
	return nil
}

// count adds a file to what was read.
func (r *reader) count(name string, size int64) error {
	if r.entries++; r.entries > maxEntries {
		return fmt.Errorf("there are more than %d files", maxEntries)
	}
	if size > maxFile {
		return fmt.Errorf("the file %s is larger than %d MiB", quote(name), maxFile>>20)
	}
	if r.bytes += size; r.bytes > maxUnpacked {
		return fmt.Errorf("the chart is larger than %d MiB", maxUnpacked>>20)
	}
	return nil
}

// clean returns the clean form of a file's path in a chart. It is an error where the
// path leads elsewhere, or means another file on another system.
func clean(name string) (string, error) {
	switch {
	case strings.Contains(name, `\`):
		return "", fmt.Errorf("the name %s contains a backslash", quote(name))
	case path.IsAbs(name), len(name) > 1 && name[1] == ':':
		return "", fmt.Errorf("the name %s is absolute", quote(name))
	case slices.Contains(strings.Split(name, "/"), ".."):
		return "", fmt.Errorf(`the name %s contains ".."`, quote(name))
	case strings.ContainsRune(name, 0):
		return "", fmt.Errorf("the name %s contains a NUL", quote(name))
	}
	out := path.Clean(name)
	if out == "." {
		return "", fmt.Errorf("the name %s is not the name of a file", quote(name))
	}
	return out, nil
}

// unignored returns the files that the .helmignore among them does not exclude.
func unignored(files []File) ([]File, error) {
	rules := ignore.Empty()
	for _, f := range files {
		if f.Name != ignore.HelmIgnore {
			continue
		}
		var err error
		if rules, err = ignore.Parse(bytes.NewReader(f.Data)); err != nil {
			return nil, fmt.Errorf(".helmignore: %s", oneLine(err.Error()))
		}
	}
	rules.AddDefaults()
	dirs := map[string]bool{"": false, ".": false}
	var excluded func(dir string) bool
	excluded = func(dir string) bool {
		if out, ok := dirs[dir]; ok {
			return out
		}
		out := excluded(path.Dir(dir)) || rules.Ignore(dir, entry{dir: true})
		dirs[dir] = out
		return out
	}
	var out []File
	for _, f := range files {
		if !excluded(path.Dir(f.Name)) && !rules.Ignore(f.Name, entry{}) {
			out = append(out, f)
		}
	}
	return out, nil
}

// entry is what .helmignore asks of a file: whether it is a directory.
type entry struct{ dir bool }

func (e entry) IsDir() bool      { return e.dir }
func (entry) Name() string       { return "" }
func (entry) Size() int64        { return 0 }
func (entry) Mode() fs.FileMode  { return 0 }
func (entry) ModTime() time.Time { return time.Time{} }
func (entry) Sys() any           { return nil }

// quote returns a name from a chart as it can be shown.
func quote(name string) string { return `"` + escape.Line(shortened(name, 200)) + `"` }
