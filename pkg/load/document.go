package load

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// decoder collects a fleet from documents.
type decoder struct {
	fleet     *model.Fleet
	positions finding.Positions
	list      finding.List
	hasFleet  bool
	file      File
	// seen tells where the names of a kind, as in App/web, stand; the position
	// is zero for those of the program.
	seen map[string]finding.Position
	// shapes are the fields of the types that were met.
	shapes map[reflect.Type]*shape
	// settings are those of features, by name.
	settings map[string]any
	// documents counts those that are not empty.
	documents int
	// expanded counts the values that aliases stand for.
	expanded int
	// read counts the bytes of all files.
	read int
	// charts are those that were read, by their digests, and digests the latter by the
	// path of the chart.
	charts  map[string]Chart
	digests map[string]string
}

func newDecoder(base *model.Fleet, settings map[string]any) *decoder {
	d := &decoder{fleet: &model.Fleet{}, positions: finding.Positions{}, settings: settings,
		seen: map[string]finding.Position{}, shapes: map[reflect.Type]*shape{},
		charts: map[string]Chart{}, digests: map[string]string{}}
	if base == nil {
		return d
	}
	copied := *base
	d.fleet, d.hasFleet = &copied, true
	d.fleet.Apps = slices.Clone(base.Apps)
	d.fleet.Environments = slices.Clone(base.Environments)
	d.fleet.Clusters = slices.Clone(base.Clusters)
	d.fleet.Components = slices.Clone(base.Components)
	d.seen["Fleet"] = finding.Position{}
	for i := range base.Apps {
		d.seen["App/"+base.Apps[i].Name] = finding.Position{}
	}
	for i := range base.Environments {
		d.seen["Environment/"+base.Environments[i].Name] = finding.Position{}
	}
	for i := range base.Clusters {
		d.seen["Cluster/"+base.Clusters[i].Name] = finding.Position{}
	}
	for i := range base.Components {
		d.seen["PlatformComponent/"+base.Components[i].Name] = finding.Position{}
	}
	return d
}

func (d *decoder) at(n *yaml.Node) finding.Position {
	return finding.Position{File: d.file.Name, Line: n.Line, Col: n.Column}
}

func (d *decoder) errorf(rule string, n *yaml.Node, p fieldpath.Path, fix, format string, args ...any) {
	d.list = append(d.list, finding.Finding{Rule: rule, Severity: finding.Error, Path: p, Position: d.at(n),
		Reason: fmt.Sprintf(format, credential.RedactArgs(args)...), Fix: fix})
}

// kinds are the kinds of documents.
var kinds = []string{"App", "Cluster", "Environment", "Fleet", "PlatformComponent"}

// document reads one document.
func (d *decoder) document(n *yaml.Node) {
	if isNull(n) {
		return
	}
	d.documents++
	if version := lookup(n, "apiVersion"); n.Kind == yaml.MappingNode && (version == nil || version.Value != model.APIVersion) {
		d.errorf("unsupported-api-version", pick(version, n), "", "write apiVersion: "+model.APIVersion, "this is not a document of %s", model.APIVersion)
		return
	}
	fields, ok := d.fields(n, "", fieldpath.Path("").Field, &shape{known: []string{"apiVersion", "kind", "metadata", "spec"}})
	if !ok {
		return
	}
	kind := fields["kind"]
	if kind == nil || !slices.Contains(kinds, kind.Value) {
		fix := "use one of " + strings.Join(kinds, ", ")
		if kind != nil {
			if near := finding.Nearest(kind.Value, kinds); near != "" {
				fix = "did you mean " + near + "?"
			}
		}
		d.errorf("unknown-kind", pick(kind, n), "", fix, "the kind does not exist")
		return
	}
	name := d.name(n, fields["metadata"])
	if name == "" || !d.first(kind.Value, name, n) {
		return
	}
	spec := fields["spec"]
	if spec == nil || isNull(spec) {
		spec = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
	}
	d.kind(kind.Value, name, n, spec)
}

// name returns the name of a document, or "" where it has none, which is a finding.
func (d *decoder) name(doc, meta *yaml.Node) string {
	at := fieldpath.Path("metadata")
	name, before := "", len(d.list)
	if meta != nil && !isNull(meta) {
		if m, _ := d.fields(meta, at, at.Field, &shape{known: []string{"name"}}); m["name"] != nil && !isNull(m["name"]) {
			if !d.named(m["name"]) {
				return ""
			}
			d.value(m["name"], reflect.ValueOf(&name).Elem(), at.Field("name"), layer{}, "")
			if len(d.list) > before {
				return ""
			}
		}
	}
	if name == "" {
		d.errorf("missing-name", doc, at.Field("name"), "add metadata.name", "the document has no name")
	}
	return name
}

// first reports whether no document, and nothing in the program, has the name
// so far; a second one is a finding.
func (d *decoder) first(kind, name string, n *yaml.Node) bool {
	key := kind + "/" + name
	if kind == "Fleet" {
		key = kind // there is one
	}
	if first, ok := d.seen[key]; ok {
		where := "in the program"
		if !first.IsZero() {
			where = "at " + first.String()
		}
		what := kind
		if key != kind {
			what += " " + credential.Redact(name)
		}
		d.errorf("duplicate-name", n, "", "rename or remove one of them", "%s is already defined %s", what, where)
		return false
	}
	d.seen[key] = d.at(n)
	return true
}

func pick(n, or *yaml.Node) *yaml.Node {
	if n != nil {
		return n
	}
	return or
}

// kind reads the spec of a document of a kind into the fleet.
func (d *decoder) kind(kind, name string, doc, spec *yaml.Node) {
	named := d.at(pick(lookup(lookup(doc, "metadata"), "name"), doc))
	switch kind {
	case "Fleet":
		d.hasFleet = true
		d.fleet.Name = name
		d.positions[""], d.positions["name"] = d.at(doc), named
		d.decode(spec, d.fleet, "", "name", "clusters", "environments", "apps", "components")
	case "Cluster":
		x := model.Cluster{Name: name}
		at := fieldpath.Path("clusters").Key(name)
		d.positions[at], d.positions[at.Field("name")] = d.at(doc), named
		d.decode(spec, &x, at, "name")
		d.fleet.Clusters = append(d.fleet.Clusters, x)
	case "Environment":
		x := model.Environment{Name: name}
		at := fieldpath.Path("environments").Key(name)
		d.positions[at], d.positions[at.Field("name")] = d.at(doc), named
		d.decode(spec, &x, at, "name")
		d.fleet.Environments = append(d.fleet.Environments, x)
	case "PlatformComponent":
		x := componentDocument{PlatformComponent: model.PlatformComponent{Name: name}}
		at := fieldpath.Path("components").Key(name)
		d.positions[at], d.positions[at.Field("name")] = d.at(doc), named
		d.decode(spec, &x, at, "name")
		x.Objects = append(x.Objects, d.manifests(x.Manifests, at, at.Field("objects"), len(x.Objects))...)
		d.fleet.Components = append(d.fleet.Components, x.PlatformComponent)
	case "App":
		var x appDocument
		at := fieldpath.Path("apps").Key(name)
		d.positions[at], d.positions[at.Field("name")] = d.at(doc), named
		d.decode(spec, &x, at)
		x.Objects = append(x.Objects, d.manifests(x.Manifests, at, at.Field("spec").Field("objects"), len(x.Objects))...)
		d.fleet.Apps = append(d.fleet.Apps, model.App{
			Name: name, Project: x.Project, RunsIn: x.RunsIn, After: x.After, Delivery: x.Delivery, Spec: x.AppSpec, Environments: x.Environments})
	}
}

// componentDocument is the spec of a document of kind PlatformComponent.
type componentDocument struct {
	Manifests               []string `json:"manifests,omitempty"`
	model.PlatformComponent `json:",inline"`
}

// appDocument is the spec of a document of kind App: what App and AppSpec have,
// side by side. The fields of AppSpec have the paths that they have in App.
type appDocument struct {
	Project       string          `json:"project,omitempty"`
	RunsIn        []string        `json:"runsIn,omitempty"`
	After         []string        `json:"after,omitempty"`
	Delivery      *model.Delivery `json:"delivery,omitempty"`
	Manifests     []string        `json:"manifests,omitempty"`
	model.AppSpec `json:",inline"`
	Environments  map[string]model.Override `json:"environments,omitempty"`
}
