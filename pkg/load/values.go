package load

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strconv"
	"strings"

	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// values reads values of a chart, in the types that helm -f gives them: those of
// JSON, by the rules of YAML 1.1. Merge keys are followed, as Helm does.
func (d *decoder) values(n *goyaml.Node, v reflect.Value, at fieldpath.Path) {
	if n.Kind == goyaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != goyaml.MappingNode {
		d.errorf("wrong-type", n, at, "write a mapping: key: value", "expected a mapping, found %s", describe(n))
		return
	}
	if m, ok := d.chartValue(n, at).(map[string]any); ok {
		v.Set(reflect.ValueOf(m))
	}
}

// chartValue returns a value of a chart, whose parts have their positions.
func (d *decoder) chartValue(n *goyaml.Node, at fieldpath.Path) any {
	if n.Kind == goyaml.AliasNode {
		n = n.Alias
	}
	if d.tagged(n, at) {
		return nil
	}
	switch n.Kind {
	case goyaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, e := range n.Content {
			d.positions[at.Index(i)] = d.at(e)
			list[i] = d.chartValue(e, at.Index(i))
		}
		return list
	case goyaml.MappingNode:
		return d.chartValues(n, at)
	}
	value, err := helmScalar(n)
	if err != nil {
		d.errorf("wrong-type", n, at, "write plain YAML", "%v", err)
	}
	return value
}

// chartValues returns the values of a mapping: what merge keys name first, then its
// own.
func (d *decoder) chartValues(n *goyaml.Node, at fieldpath.Path) map[string]any {
	out, lines := make(map[string]any, len(n.Content)/2), map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() == "!!merge" {
			d.merged(out, n.Content[i+1], at)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, e := n.Content[i], n.Content[i+1]
		if k.ShortTag() == "!!merge" {
			continue
		}
		key, err := helmKey(k)
		if err != nil {
			d.errorf("wrong-type", k, at, "write a string", "%v", err)
			continue
		}
		if first := lines[key]; first > 0 {
			d.errorf("duplicate-key", k, at.Key(credential.Redact(key)), "remove one of them", "the key is duplicated; it is first used in line %d", first)
		}
		lines[key] = k.Line
		d.positions[at.Key(key)] = d.at(e)
		out[key] = d.chartValue(e, at.Key(key))
	}
	return out
}

// merged adds the values that a merge key names: those of a mapping, or of several,
// of which the first wins.
func (d *decoder) merged(into map[string]any, n *goyaml.Node, at fieldpath.Path) {
	if n.Kind == goyaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case goyaml.MappingNode:
		for k, v := range d.chartValues(n, at) {
			if _, ok := into[k]; !ok {
				into[k] = v
			}
		}
	case goyaml.SequenceNode:
		for _, e := range n.Content {
			d.merged(into, e, at)
		}
	default:
		d.errorf("wrong-type", n, at, "name a mapping, as in <<: *base", "a merge key needs a mapping")
	}
}

// helmScalar returns a single value as Helm reads it.
func helmScalar(n *goyaml.Node) (any, error) {
	quoted := n.Style&(goyaml.SingleQuotedStyle|goyaml.DoubleQuotedStyle|goyaml.LiteralStyle|goyaml.FoldedStyle) != 0
	text := "v: " + n.Value
	switch {
	case n.Style&goyaml.TaggedStyle != 0:
		if n.ShortTag() == "!!str" {
			return n.Value, nil
		}
		text = "v: " + n.ShortTag() + " " + strconv.Quote(n.Value)
	case quoted || isText(n.Value):
		return n.Value, nil
	}
	var out struct {
		V any `json:"v"`
	}
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		return nil, fmt.Errorf("%s is not a valid value", strconv.Quote(credential.Redact(n.Value)))
	}
	return out.V, nil
}

// helmKey returns a key as Helm reads it, which is a string in the end.
func helmKey(n *goyaml.Node) (string, error) {
	if n.Kind != goyaml.ScalarNode {
		return "", errors.New("a key must be a string")
	}
	quoted := n.Style&(goyaml.SingleQuotedStyle|goyaml.DoubleQuotedStyle) != 0
	if quoted || isText(n.Value) {
		return n.Value, nil
	}
	var out map[string]any
	if err := yaml.Unmarshal([]byte(n.Value+": 0"), &out); err != nil || len(out) != 1 {
		return "", errors.New("a key must be a string")
	}
	for key := range out {
		return key, nil
	}
	return "", nil
}

// isText reports whether plain text in YAML cannot be anything but a string, by what
// it begins with.
func isText(s string) bool {
	return s != "" && !strings.ContainsRune("yYnNtTfFoO~.+-0123456789<=", rune(s[0]))
}

// valuesFiles reads the files of values that a chart names, and lays later ones over
// earlier ones, and the chart's own values over all. The position of a value is that
// of the one that wins.
func (d *decoder) valuesFiles(c *model.Chart, at fieldpath.Path) {
	from, own := d.file, d.positions
	defer func() { d.file, d.positions = from, own }()
	for i := len(c.ValuesFiles) - 1; i >= 0; i-- {
		d.file, d.positions = from, finding.Positions{}
		read, err := d.valuesFile(c.ValuesFiles[i], at.Field("values"))
		if err != nil {
			where := at.Field("valuesFiles").Index(i)
			d.list = append(d.list, finding.Finding{Rule: "chart", Severity: finding.Error, Path: where, Position: own.At(where),
				Reason: err.Error(), Fix: "set the path of a YAML file of values below the directory of this file"})
			continue
		}
		for p, position := range d.positions {
			fill.Key(own, p, position)
		}
		object.Overlay(read, c.Values)
		c.Values = read
	}
}

// valuesFile reads a file of values, whose path is that from the current file. An
// empty one has no values.
func (d *decoder) valuesFile(name string, at fieldpath.Path) (map[string]any, error) {
	from, out, documents := d.file, map[string]any{}, 0
	if from.Open == nil || !fs.ValidPath(name) {
		return nil, fmt.Errorf("%q is not a valid path of a file here", credential.Redact(name))
	}
	full := path.Join(path.Dir(from.Name), name)
	data, err := from.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the file %s cannot be read: %v", credential.Redact(full), credential.RedactError(name, cause(err)))
	}
	d.file = File{Name: full, Data: data}
	d.documentsOf(func(root *goyaml.Node) {
		if documents++; documents > 1 {
			d.errorf("chart", root, at, "keep one document in the file", "the file has several documents, of which Helm reads the first")
		} else if !isNull(root) {
			d.values(root, reflect.ValueOf(&out).Elem(), at)
		}
	})
	return out, nil
}
