// Package load reads a fleet from YAML: documents of the kinds Fleet, Cluster,
// Environment and App, in any number of files. It is strict, and reports
// everything that is wrong at once, with file, line and column.
//
// A null, and a zero in a field whose absence means the same, removes what
// earlier layers said: it becomes an entry of the layer's Unset.
package load

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// maxFile bounds a file's size, in bytes.
const maxFile = 16 << 20

// File is one file of YAML.
type File struct {
	// Name is how positions name the file.
	Name string
	Data []byte
	// Open reads a file that a document names, by its path from this file.
	// Default: none can be read.
	Open func(name string) ([]byte, error)
}

// Result is a fleet and where its values were written.
type Result struct {
	Fleet     *model.Fleet
	Positions finding.Positions
}

// FS reads the YAML files of a directory and of those below it. Names that
// begin with a dot are passed over, and so are files that a document names in
// manifests. The names of the files begin with prefix.
func FS(fsys fs.FS, prefix string) ([]File, error) {
	var files []File
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p != "." && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if ext := path.Ext(p); !d.Type().IsRegular() || ext != ".yaml" && ext != ".yml" {
			return nil
		}
		data, err := fs.ReadFile(fsys, p)
		files = append(files, File{Name: path.Join(prefix, p), Data: data, Open: func(name string) ([]byte, error) {
			return fs.ReadFile(fsys, path.Join(path.Dir(p), name))
		}})
		return err
	})
	return withoutManifests(files), err
}

// Fleet reads a fleet from files. What is wrong is returned as a
// *finding.Findings. With base, the documents are added to a copy of that
// fleet, which then needs no document of kind Fleet.
func Fleet(base *model.Fleet, files ...File) (*Result, error) {
	d := newDecoder(base)
	sorted := slices.Clone(files)
	slices.SortStableFunc(sorted, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range sorted {
		d.readFile(f)
	}
	if !d.hasFleet {
		d.list = append(d.list, finding.Finding{Rule: "missing-fleet", Severity: finding.Error,
			Reason: "no document has the kind Fleet", Fix: "add one with metadata.name"})
	}
	if err := d.list.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(d.fleet.Apps, func(a, b model.App) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.fleet.Environments, func(a, b model.Environment) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.fleet.Clusters, func(a, b model.Cluster) int { return strings.Compare(a.Name, b.Name) })
	return &Result{Fleet: d.fleet, Positions: d.positions}, nil
}
