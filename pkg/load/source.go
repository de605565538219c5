package load

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// maxSource bounds the files of the directory of a source.
const maxSource = 10_000

// Directory reads the objects of a directory of plain YAML and of those below it,
// for Go programs that set a model.Source. What is wrong in the files is returned as
// a *finding.ValidationError.
func Directory(fsys fs.FS, dir string) (*model.Source, error) {
	d := newDecoder(nil, nil)
	w := &walk{fsys: fsys, seen: map[string]bool{}}
	d.file = File{Open: w.open("."), List: w.list(".", hidden)}
	s := &model.Source{Path: dir}
	d.source(s, "source")
	return s, d.list.Err()
}

// List returns the files below a directory of a file system, by their path from the
// directory, sorted. Names that begin with a dot are left out. Symbolic links to files
// inside of the file system are followed; others are an error.
func List(fsys fs.FS, dir string) ([]string, error) {
	w := &walk{fsys: fsys, seen: map[string]bool{}}
	return w.list(".", hidden)(dir)
}

// ListAll returns the files below a directory, as List does, and those whose names, or
// whose directories' names, begin with a dot.
func ListAll(fsys fs.FS, dir string) ([]string, error) {
	w := &walk{fsys: fsys, seen: map[string]bool{}}
	return w.list(".", nothing)(dir)
}

// hidden and nothing report whether a name is left out of a list.
func hidden(name string) bool { return strings.HasPrefix(name, ".") }
func nothing(string) bool     { return false }

// open returns a function that reads files by their path from a directory.
func (w *walk) open(from string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		name = path.Join(from, name)
		at, _, err := w.follow(name)
		if err != nil {
			return nil, err
		}
		opened, err := w.read(name, at)
		return opened.Data, err
	}
}

// list returns a function that lists the files below a directory, which is named by
// its path from another, without those that are left out.
func (w *walk) list(from string, without func(name string) bool) func(string) ([]string, error) {
	return func(dir string) ([]string, error) {
		at, mode, err := w.follow(path.Join(from, dir))
		if err != nil {
			return nil, err
		}
		if !mode.IsDir() {
			return nil, errors.New("it is not a directory")
		}
		var out []string
		err = fs.WalkDir(w.fsys, at, func(p string, e fs.DirEntry, err error) error {
			name := strings.TrimPrefix(p, at+"/")
			switch {
			case err != nil:
				return cause(err)
			case p == at:
				return nil
			case without(e.Name()) && e.IsDir():
				return fs.SkipDir
			case without(e.Name()) || e.IsDir():
				return nil
			case len(out) == maxSource:
				return fmt.Errorf("it contains more than %d files", maxSource)
			}
			if e.Type()&fs.ModeSymlink != 0 {
				if _, mode, err := w.follow(p); err != nil {
					return fmt.Errorf("the symbolic link %s %w", name, err)
				} else if mode.IsDir() {
					return fmt.Errorf("the symbolic link %s points to a directory", name)
				}
			}
			out = append(out, name)
			return nil
		})
		slices.Sort(out)
		return out, err
	}
}

// sources reads what a layer names as the source of an app's objects: a directory, a
// chart, and files of its values, which defaults can have too. At returns the path of a
// field of the layer.
func (d *decoder) sources(s *model.AppSpec, at func(field string) fieldpath.Path) {
	if s.Chart != nil {
		d.valuesFiles(s.Chart, at("chart"))
	}
	if !strings.HasPrefix(string(at("source")), "apps[") {
		return // which is a finding
	}
	if s.Source != nil {
		d.source(s.Source, at("source"))
	}
	if s.Chart != nil {
		d.chart(s.Chart, at("chart"))
	}
}

// source reads the directory that a source at a path names. The positions of objects
// are those in its files.
func (d *decoder) source(s *model.Source, at fieldpath.Path) {
	from, where := d.file, at.Field("path")
	defer func() { d.file = from }()
	fail := func(fix, format string, args ...any) {
		p := d.positions.At(where)
		if p.IsZero() {
			p = d.positions.At(at)
		}
		d.list = append(d.list, finding.Finding{Rule: "source", Severity: finding.Error, Path: where, Position: p,
			Reason: fmt.Sprintf(format, credential.RedactArgs(args)...), Fix: fix})
	}
	const fix = "set the path of a directory below this file's, with plain YAML of Kubernetes objects"
	if from.List == nil || !fs.ValidPath(s.Path) || s.Path == "." && from.Name != "" {
		fail(fix, "%q is not a valid path of a directory here", s.Path)
		return
	}
	names, err := from.List(s.Path)
	full := path.Join(path.Dir(from.Name), s.Path)
	if err != nil {
		fail(fix, "the directory %s cannot be read: %v", full, credential.RedactError(s.Path, cause(err)))
		return
	}
	before := len(d.list)
	for _, name := range names {
		switch base := path.Base(name); {
		case slices.Contains([]string{"kustomization.yaml", "kustomization.yml", "Kustomization"}, base):
			fail("build it with kustomize and use what it prints, or remove the file", "%s makes %s a kustomization, which is not a directory of plain YAML", path.Join(s.Path, name), path.Join(s.Path, path.Dir(name)))
			return
		case !slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(base)):
			continue
		}
		if d.read > maxTotal {
			return // which is reported
		}
		data, err := from.Open(path.Join(s.Path, name))
		if err != nil {
			fail(fix, "the file %s cannot be read: %v", path.Join(full, name), credential.RedactError(name, cause(err)))
			continue
		}
		d.file = File{Name: path.Join(full, name), Data: data}
		d.documentsOf(func(root *yaml.Node) {
			s.Objects = append(s.Objects, d.sourced(root, at.Field("objects"), len(s.Objects))...)
		})
	}
	if len(s.Objects) == 0 && len(d.list) == before {
		fail(fix, "the directory %s contains no Kubernetes objects", full)
	}
}

// sourced returns the objects of a document of a source, which is not of the model.
func (d *decoder) sourced(root *yaml.Node, list fieldpath.Path, others int) []model.RawObject {
	group, _, _ := strings.Cut(model.APIVersion, "/")
	if version := lookup(root, "apiVersion"); version != nil && strings.HasPrefix(version.Value, group+"/") {
		d.errorf("source", root, list, "move it out of the directory of the source", "a document of the model is in the directory of a source")
		return nil
	}
	return d.objects(root, list, others)
}
