package object

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The bounds of one document, its aliases written out.
const (
	maxNodes = 1_000_000
	maxDepth = 1_000
)

// Parse reads all objects of a stream of YAML or JSON documents. Empty documents
// are ignored, and lists are split into their items.
func Parse(data []byte) ([]Object, error) {
	var out []Object
	err := documents(data, func(v any, line int) (err error) {
		if out, err = appendObject(out, v); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ParseValue reads one YAML document in the package's form. Without one, the
// value is nil; a second one is an error.
func ParseValue(data []byte) (any, error) {
	var out any
	err := documents(data, func(v any, line int) error {
		if out != nil {
			return fmt.Errorf("line %d: expected one document, found a second one", line)
		}
		out = v
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// documents calls each with the value and the first line of each document that
// is not empty.
func documents(data []byte, each func(v any, line int) error) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		v, err := Value(&node)
		if err != nil {
			return err
		}
		if v == nil {
			continue
		}
		if err := each(v, node.Content[0].Line); err != nil {
			return err
		}
	}
}

// appendObject appends the object that v holds, or those of a list.
func appendObject(out []Object, v any) ([]Object, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("this is not a Kubernetes object")
	}
	items, isList := m["items"].([]any)
	kind, _ := m["kind"].(string)
	if !isList || !strings.HasSuffix(kind, "List") {
		o, err := FromMap(m)
		return append(out, o), err
	}
	for i, item := range items {
		var err error
		if out, err = appendObject(out, item); err != nil {
			return nil, fmt.Errorf("items[%d]: %w", i, err)
		}
	}
	return out, nil
}

// Value returns the value of a YAML node in the package's form, as
// sigs.k8s.io/yaml and thereby Kubernetes sees it. Aliases are written out, and
// numbers keep their text. Merge keys, duplicate keys, keys that are not read as
// the string that is written, and custom tags are errors, as is a document with
// too many or too deeply nested values.
func Value(node *yaml.Node) (any, error) {
	c := converter{}
	return c.value(node, 0)
}

type converter struct{ nodes int }

func (c *converter) value(n *yaml.Node, depth int) (any, error) {
	if c.nodes++; c.nodes > maxNodes {
		return nil, fmt.Errorf("line %d: the document has more than %d values", n.Line, maxNodes)
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: the document is nested more than %d levels deep", n.Line, maxDepth)
	}
	switch n.Kind {
	case 0:
		return nil, nil
	case yaml.DocumentNode:
		return c.value(n.Content[0], depth)
	case yaml.AliasNode:
		return c.value(n.Alias, depth+1)
	case yaml.MappingNode:
		return c.mapping(n, depth)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, e := range n.Content {
			v, err := c.value(e, depth+1)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}
	return scalar(n)
}

func (c *converter) mapping(n *yaml.Node, depth int) (any, error) {
	m := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if err := checkKey(k); err != nil {
			return nil, err
		}
		if _, ok := m[k.Value]; ok {
			return nil, fmt.Errorf("line %d: the key %q is duplicated", k.Line, k.Value)
		}
		v, err := c.value(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		m[k.Value] = v
	}
	return m, nil
}

// checkKey returns an error where a reader takes a key for another text than
// its own, as in yes, null and 0x10.
func checkKey(k *yaml.Node) error {
	if k.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: a key must be a string", k.Line)
	}
	if k.ShortTag() == "!!merge" {
		return fmt.Errorf("line %d: merge keys are not supported", k.Line)
	}
	v, err := scalar(k)
	if err != nil {
		return err
	}
	text := ""
	switch v := v.(type) {
	case string:
		return nil
	case bool:
		text = strconv.FormatBool(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	case Number:
		f, _ := strconv.ParseFloat(string(v), 64)
		text = strconv.FormatFloat(f, 'g', -1, 32) // as sigs.k8s.io/yaml does
	}
	if text == "" || text != k.Value {
		return fmt.Errorf("line %d: the key %s is not read as a string: put it in quotes", k.Line, k.Value)
	}
	return nil
}
