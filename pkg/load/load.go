// Package load reads a fleet from YAML: documents of the kinds Fleet, Cluster,
// Environment, App and PlatformComponent, in any number of files. It is strict, and reports
// everything that is wrong at once, with file, line and column.
//
// A null, and a zero in a field whose absence means the same, removes the value
// of earlier layers: it becomes an entry of the layer's Unset.
package load

import (
	"io"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// MaxFile is the maximum size of a file, in bytes.
const MaxFile = 16 << 20

// File is one file of YAML.
type File struct {
	// Name is how positions name the file.
	Name string
	Data []byte
	// Open reads a file that a document names, by its path from this file.
	// Default: none can be read.
	Open func(name string) ([]byte, error)
	// List returns the files below a directory that a document names, by their path
	// from there, sorted, as List does. Default: none can be read.
	List func(dir string) ([]string, error)
	// ListAll returns the files below the directory of a chart, as ListAll does.
	// Default: none can be read.
	ListAll func(dir string) ([]string, error)

	dir     string           // the directory that FS read it from
	shown   string           // its path there
	at      string           // and that without symbolic links
	finding *finding.Finding // why FS did not read it
}

// Result is a fleet and where its values were written.
type Result struct {
	Fleet     *model.Fleet
	Positions finding.Positions
	// Charts are the charts that chart.path names, by the Digest of their model.Chart.
	Charts map[string]Chart
}

// Read reads a file from r, such as standard input. If a file is larger than
// MaxFile, it reads only as much as Fleet needs to report that.
func Read(name string, r io.Reader) (File, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	return File{Name: name, Data: data}, err
}

// Fleet reads a fleet from files. Errors in the files are returned as a
// *finding.ValidationError. With base, the documents are added to a copy of that
// fleet, which then needs no document of kind Fleet. Extensions are errors: use a
// Loader for a program whose features have settings.
func Fleet(base *model.Fleet, files ...File) (*Result, error) {
	return Loader{Base: base}.Fleet(files...)
}

// Loader reads fleets.
type Loader struct {
	// Base is a fleet that the documents are added to, as to that of the function
	// Fleet. Default: none.
	Base *model.Fleet
	// Settings are the settings of features by the name of the feature, as
	// feature.Set has them: each is a pointer, which may be nil, of the type that
	// extensions.NAME is read into. Default: none.
	Settings map[string]any
}

// Fleet reads a fleet from files, as the function does.
func (l Loader) Fleet(files ...File) (*Result, error) {
	d := newDecoder(l.Base, l.Settings)
	sorted := slices.Clone(files)
	slices.SortStableFunc(sorted, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	d.readFiles(sorted)
	if !d.hasFleet {
		d.list = append(d.list, finding.Finding{Rule: "missing-fleet", Severity: finding.Error,
			Reason: "there is no document of kind Fleet", Fix: "add one with metadata.name"})
	}
	if err := d.list.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(d.fleet.Apps, func(a, b model.App) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.fleet.Environments, func(a, b model.Environment) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.fleet.Components, func(a, b model.PlatformComponent) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.fleet.Clusters, func(a, b model.Cluster) int { return strings.Compare(a.Name, b.Name) })
	return &Result{Fleet: d.fleet, Positions: d.positions, Charts: d.charts}, nil
}
