package load

import (
	"reflect"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// coreTags are the tags that a value may carry.
var coreTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq"}

// tagged reports whether a node has a tag of somebody's own, which is a finding.
func (d *decoder) tagged(n *yaml.Node, at fieldpath.Path) bool {
	if n.Style&yaml.TaggedStyle == 0 || slices.Contains(coreTags, n.ShortTag()) {
		return false
	}
	d.errorf("custom-tag", n, at, "remove the tag", "the tag %s is not supported", n.Tag)
	return true
}

// free reads a value of any shape: an object, a patch, or a part of one.
func (d *decoder) free(n *yaml.Node, v reflect.Value, at fieldpath.Path) {
	before := len(d.list)
	d.inside(n, at, v.Type() != reflect.TypeFor[model.RawObject]())
	if len(d.list) > before {
		return
	}
	value, err := object.Value(n)
	if err != nil {
		d.errorf("wrong-type", n, at, "write plain YAML", "%v", err)
		return
	}
	if v.Kind() == reflect.Interface {
		v.Set(reflect.ValueOf(value))
		return
	}
	m, ok := value.(map[string]any)
	if !ok {
		d.errorf("wrong-type", n, at, "write a mapping: key: value", "expected a mapping, found %s", describe(n))
		return
	}
	v.Set(reflect.ValueOf(m).Convert(v.Type()))
}

// inside notes the positions inside a value of any shape and finds what it
// cannot hold. Nulls mean something in patches only; in an object they are
// mistakes, but for the time stamp that Kubernetes itself prints.
func (d *decoder) inside(n *yaml.Node, at fieldpath.Path, nulls bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if d.tagged(n, at) {
		return
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for i, e := range n.Content {
			d.positions[at.Index(i)] = d.at(e)
			d.inside(e, at.Index(i), nulls)
		}
	case yaml.MappingNode:
		lines := make(map[string]int, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, e := n.Content[i], n.Content[i+1]
			if k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge" {
				d.errorf("wrong-type", k, at, "write the fields out", "a key must be a string; merge keys are not supported")
				continue
			}
			where := at.Field(k.Value)
			if first := lines[k.Value]; first > 0 {
				d.errorf("duplicate-key", k, at.Field(credential.Redact(k.Value)), "remove one of them", "the key is duplicated; it is first used in line %d", first)
			}
			lines[k.Value] = k.Line
			d.positions[where] = d.at(e)
			d.inside(e, where, nulls || k.Value == "creationTimestamp")
		}
	case yaml.ScalarNode:
		if !nulls && isNull(n) {
			d.errorf("wrong-type", n, at, "write a value such as "+strconv.Quote("")+", or remove the field", "an object must not contain nulls")
		}
	}
}
