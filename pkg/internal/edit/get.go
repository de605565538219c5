package edit

import (
	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Found is a value that is written in a file.
type Found struct {
	Value any
	// Line and Col count from one, Col in characters.
	Line, Col int
}

// Get returns what is written at a place, or nil where nothing is. It returns
// ErrNoApp where the file has no such app.
func Get(data []byte, p Place) (*Found, error) {
	steps, err := p.steps()
	if err != nil {
		return nil, err
	}
	n, _, err := find(data, p.App)
	for _, step := range steps {
		if n = under(n, step); n == nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	v, err := object.Value(n)
	return &Found{Value: v, Line: n.Line, Col: n.Column}, err
}

// under returns the value at one step below a node, or nil.
func under(n *yaml.Node, step fieldpath.Step) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.SequenceNode {
		return lookup(n, step.Name)
	}
	for _, item := range n.Content {
		if name := lookup(item, "name"); name != nil && name.Value == step.Name {
			return item
		}
	}
	return nil
}
