package object

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds the values of one document, its aliases written out.
const maxNodes = 1_000_000

// Parse reads all objects of a stream of YAML or JSON documents. Empty
// documents are passed over, and lists are taken apart.
func Parse(data []byte) ([]Object, error) {
	var out []Object
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading YAML: %w", err)
		}
		v, err := Value(&node)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("line %d: a Kubernetes object is expected, and this is none", node.Line)
		}
		if out, err = appendObject(out, m); err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
	}
}

// appendObject appends the object of m, or those of a list.
func appendObject(out []Object, m map[string]any) ([]Object, error) {
	items, isList := m["items"].([]any)
	kind, _ := m["kind"].(string)
	if !isList || !strings.HasSuffix(kind, "List") {
		o, err := FromMap(m)
		return append(out, o), err
	}
	for _, item := range items {
		m, ok := item.(map[string]any)
		if !ok {
			return nil, errors.New("a list holds something that is no object")
		}
		var err error
		if out, err = appendObject(out, m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ParseValue reads one YAML document in the package's form.
func ParseValue(data []byte) (any, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(data, &node); err != nil {
		return nil, fmt.Errorf("reading YAML: %w", err)
	}
	return Value(&node)
}

// Value returns the value of a YAML node in the package's form, as Kubernetes'
// readers see it. Aliases are written out; merge keys, duplicate keys, keys
// that are no text and tags of one's own are errors.
func Value(node *yaml.Node) (any, error) {
	c := converter{}
	return c.value(node)
}

type converter struct{ nodes int }

func (c *converter) value(n *yaml.Node) (any, error) {
	if c.nodes++; c.nodes > maxNodes {
		return nil, fmt.Errorf("line %d: the document grows beyond %d values", n.Line, maxNodes)
	}
	switch n.Kind {
	case 0:
		return nil, nil
	case yaml.DocumentNode:
		return c.value(n.Content[0])
	case yaml.AliasNode:
		return c.value(n.Alias)
	case yaml.MappingNode:
		return c.mapping(n)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, e := range n.Content {
			v, err := c.value(e)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}
	return scalar(n)
}

func (c *converter) mapping(n *yaml.Node) (any, error) {
	m := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge" {
			return nil, fmt.Errorf("line %d: a key is expected to be text; merge keys are not supported", k.Line)
		}
		if _, ok := m[k.Value]; ok {
			return nil, fmt.Errorf("line %d: the key %q stands twice", k.Line, k.Value)
		}
		v, err := c.value(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		m[k.Value] = v
	}
	return m, nil
}

// scalar returns a scalar's value. Words that YAML 1.1 alone takes for bools
// are bools only in the spellings that go.yaml.in/yaml/v2 takes for them.
func scalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!str", "!!timestamp", "!!binary":
		if n.Style == 0 && n.Tag != "!!str" || n.Style == 0 && n.ShortTag() == "!!str" {
			if b, ok := oldBools[n.Value]; ok {
				return b, nil
			}
		}
		return n.Value, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return b, err
	case "!!int":
		return integer(n)
	case "!!float":
		var f float64
		if err := n.Decode(&f); err != nil {
			return nil, err
		}
		if v, err := float(f); err != nil {
			return nil, fmt.Errorf("line %d: %w", n.Line, err)
		} else if _, ok := v.(Number); !ok {
			return v, nil
		}
		return Number(n.Value), nil
	}
	return nil, fmt.Errorf("line %d: the tag %s is not supported", n.Line, n.Tag)
}

var oldBools = map[string]bool{
	"yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
}

func integer(n *yaml.Node) (any, error) {
	i, ok := new(big.Int).SetString(strings.ReplaceAll(n.Value, "_", ""), 0)
	if !ok {
		return nil, fmt.Errorf("line %d: %q is no number", n.Line, n.Value)
	}
	if i.IsInt64() {
		return i.Int64(), nil
	}
	return Number(i.String()), nil
}
