// Package edit changes single values of a model's YAML in place: comments, order
// and formatting stay as they are. It is what a CI job calls after a build.
//
// Each edit is checked before it is returned: the new text is read again, and
// differs from the old one in the intended value alone.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// ErrNoApp is returned where a file has no document of the app.
var ErrNoApp = errors.New("no document of this app")

// Place is where a value is set.
type Place struct {
	// App is the app's name.
	App string
	// Environment is the override to set it in. Default: the app's own spec.
	Environment string
	// Cluster is the cluster of the environment to set it for. Default: all.
	Cluster string
	// Path is the field's path in the spec, as in image, resources.requests[cpu]
	// or env[PORT].value.
	Path fieldpath.Path
}

// Set sets the value at a place. The value is what Kubernetes' YAML readers
// would make of it: text, an int64, a bool. It returns ErrNoApp where the file
// has no such app.
func Set(data []byte, p Place, value any) ([]byte, error) {
	steps, err := p.steps()
	if err != nil {
		return nil, err
	}
	spec, n, err := find(data, p.App)
	if err != nil {
		return nil, err
	}
	e := editor{data: data, value: value}
	out, err := e.mapping(spec, steps)
	if err != nil {
		return nil, fmt.Errorf("setting %s of %s: %w", p.Path, p.App, err)
	}
	return out, check(data, out, n, steps, value)
}

// steps returns the path from the document's root.
func (p Place) steps() ([]fieldpath.Step, error) {
	if p.Path == "" {
		return nil, errors.New("no field is given")
	}
	at := fieldpath.Path("spec")
	if p.Environment != "" {
		at = at.Field("environments").Key(p.Environment)
		if p.Cluster != "" {
			at = at.Field("clusters").Key(p.Cluster)
		}
	}
	return at.Join(p.Path).Steps()
}

// find returns the root of the document of an app, and its number.
func find(data []byte, app string) (*yaml.Node, int, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for n := 0; ; n++ {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return nil, 0, ErrNoApp
		}
		if err != nil {
			return nil, 0, fmt.Errorf("reading YAML: %w", err)
		}
		root := doc.Content[0]
		kind, name := lookup(root, "kind"), lookup(lookup(root, "metadata"), "name")
		if kind != nil && name != nil && kind.Value == "App" && name.Value == app {
			return root, n, nil
		}
	}
}

// lookup returns the value of a mapping's key, or nil.
func lookup(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// check reads both texts and compares: the document n shall differ in the value
// at steps, and nothing else at all.
func check(before, after []byte, n int, steps []fieldpath.Step, value any) error {
	want, err := documents(before)
	if err != nil {
		return err
	}
	got, err := documents(after)
	if err != nil {
		return fmt.Errorf("this edit would damage the file because of how it is written; edit it by hand: %w", err)
	}
	want[n] = put(want[n], steps, value)
	if !object.Equal(want, got) {
		return errors.New("this edit would damage the file because of how it is written; edit it by hand")
	}
	return nil
}

func documents(data []byte) ([]any, error) {
	var out []any
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		v, err := object.Value(&doc)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// put returns v with the value at steps.
func put(v any, steps []fieldpath.Step, value any) any {
	if len(steps) == 0 {
		return value
	}
	name := steps[0].Name
	if list, ok := v.([]any); ok {
		for i, e := range list {
			if m, ok := e.(map[string]any); ok && m["name"] == name {
				list[i] = put(m, steps[1:], value)
				return list
			}
		}
		return append(list, put(map[string]any{"name": name}, steps[1:], value))
	}
	m, _ := v.(map[string]any)
	if m == nil {
		m = map[string]any{}
	}
	below := m[name]
	if below == nil && namedLists[name] && len(steps) > 2 && steps[1].Bracket {
		below = []any{}
	}
	m[name] = put(below, steps[1:], value)
	return m
}
