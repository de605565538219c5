// Package load reads a fleet from YAML: documents of the kinds Fleet, Cluster,
// Environment and App, in any number of files. It is strict, and reports
// everything that is wrong at once, with file, line and column.
//
// A null, and a zero in a field whose absence means the same, removes what
// earlier layers said: it becomes an entry of the layer's Unset.
package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
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
	d := &decoder{fleet: &model.Fleet{}, positions: finding.Positions{}, seen: map[string]finding.Position{}}
	if base != nil {
		copied := *base
		d.fleet, d.hasFleet = &copied, true
		d.fleet.Apps = slices.Clone(base.Apps)
		d.fleet.Environments = slices.Clone(base.Environments)
		d.fleet.Clusters = slices.Clone(base.Clusters)
	}
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

type decoder struct {
	fleet     *model.Fleet
	positions finding.Positions
	list      finding.List
	seen      map[string]finding.Position // kind/name of documents
	hasFleet  bool
	file      File
}

func (d *decoder) readFile(f File) {
	d.file = f
	if len(f.Data) > maxFile || !utf8.Valid(f.Data) {
		d.list = append(d.list, finding.Finding{Rule: "yaml-syntax", Severity: finding.Error, Position: finding.Position{File: f.Name, Line: 1, Col: 1},
			Reason: "the file is no UTF-8 text, or larger than 16 MiB", Fix: "save it as UTF-8, or split it"})
		return
	}
	dec := yaml.NewDecoder(bytes.NewReader(f.Data))
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			d.syntax(err)
			return
		}
		d.document(node.Content[0])
	}
}

var lineOf = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

func (d *decoder) syntax(err error) {
	pos := finding.Position{File: d.file.Name, Line: 1, Col: 1}
	reason := err.Error()
	if m := lineOf.FindStringSubmatch(reason); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			pos.Line = n
		}
		reason = m[2]
	}
	d.list = append(d.list, finding.Finding{Rule: "yaml-syntax", Severity: finding.Error, Position: pos,
		Reason: "the YAML cannot be read: " + reason, Fix: "mend the syntax"})
}

func (d *decoder) at(n *yaml.Node) finding.Position {
	return finding.Position{File: d.file.Name, Line: n.Line, Col: n.Column}
}

func (d *decoder) errorf(rule string, n *yaml.Node, p fieldpath.Path, fix, format string, args ...any) {
	d.list = append(d.list, finding.Finding{Rule: rule, Severity: finding.Error, Path: p, Position: d.at(n),
		Reason: fmt.Sprintf(format, args...), Fix: fix})
}

// kinds are the kinds of documents.
var kinds = []string{"App", "Cluster", "Environment", "Fleet"}

// document reads one document.
func (d *decoder) document(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		return
	}
	fields, ok := d.fields(n, "", []string{"apiVersion", "kind", "metadata", "spec"})
	if !ok {
		return
	}
	kind, version, name := fields["kind"], fields["apiVersion"], ""
	if version == nil || version.Value != model.APIVersion {
		d.errorf("unsupported-api-version", pick(version, n), "", "write apiVersion: "+model.APIVersion, "this is no document of %s", model.APIVersion)
		return
	}
	if kind == nil || !slices.Contains(kinds, kind.Value) {
		fix := "use one of " + strings.Join(kinds, ", ")
		if kind != nil {
			if near := finding.Nearest(kind.Value, kinds); near != "" {
				fix = "did you mean " + near + "?"
			}
		}
		d.errorf("unknown-kind", pick(kind, n), "", fix, "there is no such kind")
		return
	}
	if meta := fields["metadata"]; meta != nil {
		m, _ := d.fields(meta, "metadata", []string{"name"})
		if m["name"] != nil && m["name"].Kind == yaml.ScalarNode && m["name"].ShortTag() == "!!str" {
			name = m["name"].Value
		}
	}
	if name == "" {
		d.errorf("missing-name", n, "metadata.name", "add metadata.name as text", "the document has no name")
		return
	}
	key := kind.Value + "/" + name
	if kind.Value == "Fleet" {
		key = "Fleet" // there is one
	}
	if first, ok := d.seen[key]; ok || d.known(kind.Value, name) {
		where := "in the program"
		if ok {
			where = "at " + first.String()
		}
		d.errorf("duplicate-name", n, "", "rename or remove one of them", "%s stands already %s", strings.Replace(key, "/", " ", 1), where)
		return
	}
	d.seen[key] = d.at(n)
	spec := fields["spec"]
	if spec == nil {
		spec = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
	}
	d.kind(kind.Value, name, n, spec)
}

// known reports whether the fleet has the name already.
func (d *decoder) known(kind, name string) bool {
	switch kind {
	case "App":
		return slices.ContainsFunc(d.fleet.Apps, func(x model.App) bool { return x.Name == name })
	case "Cluster":
		return slices.ContainsFunc(d.fleet.Clusters, func(x model.Cluster) bool { return x.Name == name })
	case "Environment":
		return slices.ContainsFunc(d.fleet.Environments, func(x model.Environment) bool { return x.Name == name })
	}
	return d.hasFleet
}

func pick(n, or *yaml.Node) *yaml.Node {
	if n != nil {
		return n
	}
	return or
}

func (d *decoder) kind(kind, name string, doc, spec *yaml.Node) {
	switch kind {
	case "Fleet":
		d.hasFleet = true
		d.fleet.Name = name
		d.positions[""], d.positions["name"] = d.at(doc), d.at(doc)
		d.decode(spec, d.fleet, "", "name", "clusters", "environments", "apps")
	case "Cluster":
		x := model.Cluster{Name: name}
		d.positions[fieldpath.Path("clusters").Key(name)] = d.at(doc)
		d.decode(spec, &x, fieldpath.Path("clusters").Key(name), "name")
		d.fleet.Clusters = append(d.fleet.Clusters, x)
	case "Environment":
		x := model.Environment{Name: name}
		d.positions[fieldpath.Path("environments").Key(name)] = d.at(doc)
		d.decode(spec, &x, fieldpath.Path("environments").Key(name), "name")
		d.fleet.Environments = append(d.fleet.Environments, x)
	case "App":
		d.app(name, doc, spec)
	}
}

// appDocument is the spec of a document of kind App: what App and AppSpec have,
// side by side.
type appDocument struct {
	Project       string   `json:"project,omitempty"`
	RunsIn        []string `json:"runsIn,omitempty"`
	Manifests     []string `json:"manifests,omitempty"`
	model.AppSpec `json:",inline"`
	Environments  map[string]model.Override `json:"environments,omitempty"`
}

func (d *decoder) app(name string, doc, spec *yaml.Node) {
	at := fieldpath.Path("apps").Key(name)
	d.positions[at] = d.at(doc)
	var x appDocument
	before := d.positions
	d.positions = finding.Positions{}
	d.decode(spec, &x, at)
	for p, pos := range d.positions {
		before[appPath(at, p)] = pos
	}
	d.positions = before
	for i := range d.list {
		if strings.HasPrefix(string(d.list[i].Path), string(at)) {
			d.list[i].Path = appPath(at, d.list[i].Path)
		}
	}
	d.manifests(&x, spec, at)
	d.fleet.Apps = append(d.fleet.Apps, model.App{Name: name, Project: x.Project, RunsIn: x.RunsIn, Spec: x.AppSpec, Environments: x.Environments})
}

// appPath returns the path in the model of a path in an App's document.
func appPath(app, p fieldpath.Path) fieldpath.Path {
	rest, ok := strings.CutPrefix(string(p), string(app)+".")
	if !ok {
		return p
	}
	for _, own := range []string{"project", "runsIn", "environments", "manifests", "spec"} {
		if tail, ok := strings.CutPrefix(rest, own); ok && (tail == "" || tail[0] == '.' || tail[0] == '[') {
			return p
		}
	}
	return app.Field("spec").Field(rest)
}

// manifests adds the objects of whole YAML files to an app.
func (d *decoder) manifests(x *appDocument, spec *yaml.Node, at fieldpath.Path) {
	for i, name := range x.Manifests {
		where := at.Field("manifests").Index(i)
		fail := func(reason string) {
			d.list = append(d.list, finding.Finding{Rule: "manifest", Severity: finding.Error, Path: where, Position: d.positions.At(where),
				Reason: reason, Fix: "name a YAML file by its path from this one"})
		}
		if d.file.Open == nil || !fs.ValidPath(name) {
			fail(fmt.Sprintf("the file %q cannot be named here", name))
			continue
		}
		data, err := d.file.Open(name)
		if err != nil {
			fail(fmt.Sprintf("the file cannot be read: %v", err))
			continue
		}
		objects, err := object.Parse(data)
		if err != nil {
			fail(fmt.Sprintf("%s: %v", name, err))
			continue
		}
		for _, o := range objects {
			x.Objects = append(x.Objects, model.RawObject(o.Map()))
		}
	}
}

// withoutManifests leaves out the files that a document names in manifests.
func withoutManifests(files []File) []File {
	named := map[string]bool{}
	for _, f := range files {
		var doc struct {
			Spec struct{ Manifests []string }
		}
		dec := yaml.NewDecoder(bytes.NewReader(f.Data))
		for dec.Decode(&doc) == nil {
			for _, m := range doc.Spec.Manifests {
				named[path.Join(path.Dir(f.Name), m)] = true
			}
			doc.Spec.Manifests = nil
		}
	}
	return slices.DeleteFunc(files, func(f File) bool { return named[f.Name] })
}
