package kustomize

import (
	"fmt"
	"maps"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Difference is a place where kustomize builds something else than was wanted.
type Difference struct {
	Object object.ID
	// Path is the field, or "" for the whole object.
	Path fieldpath.Path
	// Want and Got are the values as YAML, or "nothing".
	Want, Got string
}

// String returns the difference in one line.
func (d Difference) String() string {
	at := d.Object.String()
	if d.Path != "" {
		at += " " + string(d.Path)
	}
	return fmt.Sprintf("%s: the model says %s, kustomize builds %s", at, d.Want, d.Got)
}

// maxDifferences bounds how many differences of one build are told.
const maxDifferences = 50

// Prove lets kustomize build the directory dir of files, and returns where that
// differs from the wanted objects: the same set of identities, and the same
// JSON values, list order included. Nothing is normalised but the order of
// objects and map keys; the names of generated ConfigMaps are hashed first.
func Prove(files []tree.File, dir string, want []object.Object) ([]Difference, error) {
	built, err := run(files, dir, false)
	if err != nil {
		return nil, err
	}
	hashed, err := Hashed(want)
	if err != nil {
		return nil, err
	}
	missing := make(map[object.ID]object.Object, len(hashed))
	for _, o := range hashed {
		missing[o.ID()] = o
	}
	var p prover
	for _, r := range built.Resources() {
		gvk := r.GetGvk()
		p.id = object.ID{Group: gvk.Group, Kind: gvk.Kind, Namespace: r.GetNamespace(), Name: r.GetName()}
		o, ok := missing[p.id]
		if !ok {
			p.differ("", "nothing", "an object")
			continue
		}
		delete(missing, p.id)
		p.compare("", o.Map(), r.YNode())
	}
	for _, id := range slices.SortedFunc(maps.Keys(missing), object.ID.Compare) {
		p.id = id
		p.differ("", "an object", "nothing")
	}
	return p.found, nil
}

// prover compares values with YAML nodes without converting either.
type prover struct {
	id    object.ID
	found []Difference
}

func (p *prover) differ(at fieldpath.Path, want, got string) {
	if len(p.found) < maxDifferences {
		p.found = append(p.found, Difference{Object: p.id, Path: at, Want: want, Got: got})
	}
}

func (p *prover) compare(at fieldpath.Path, want any, got *yaml.Node) {
	if got.Kind == yaml.DocumentNode {
		got = got.Content[0]
	}
	switch w := want.(type) {
	case map[string]any:
		if got.Kind == yaml.MappingNode {
			p.mapping(at, w, got)
			return
		}
	case []any:
		if got.Kind == yaml.SequenceNode {
			p.list(at, w, got)
			return
		}
	case string:
		if got.Kind == yaml.ScalarNode && got.Value == w && isText(got) {
			return
		}
		p.scalar(at, want, got)
		return
	default:
		p.scalar(at, want, got)
		return
	}
	p.differ(at, text(want), nodeText(got))
}

func (p *prover) mapping(at fieldpath.Path, want map[string]any, got *yaml.Node) {
	n := 0
	for i := 0; i+1 < len(got.Content); i += 2 {
		key := got.Content[i].Value
		w, ok := want[key]
		if !ok {
			p.differ(at.Field(key), "nothing", nodeText(got.Content[i+1]))
			continue
		}
		n++
		p.compare(at.Field(key), w, got.Content[i+1])
	}
	if n == len(want) {
		return
	}
	have := map[string]bool{}
	for i := 0; i+1 < len(got.Content); i += 2 {
		have[got.Content[i].Value] = true
	}
	for _, key := range sortedKeys(want) {
		if !have[key] {
			p.differ(at.Field(key), text(want[key]), "nothing")
		}
	}
}

func (p *prover) list(at fieldpath.Path, want []any, got *yaml.Node) {
	for i := range max(len(want), len(got.Content)) {
		switch {
		case i >= len(want):
			p.differ(at.Index(i), "nothing", nodeText(got.Content[i]))
		case i >= len(got.Content):
			p.differ(at.Index(i), text(want[i]), "nothing")
		default:
			p.compare(at.Index(i), want[i], got.Content[i])
		}
	}
}

// isText reports whether a scalar is text beyond doubt: quoted, or a word that
// Marshal too would write bare.
func isText(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || object.IsPlain(n.Value)
}

func (p *prover) scalar(at fieldpath.Path, want any, got *yaml.Node) {
	v, err := object.Value(got)
	if err != nil || !object.Equal(want, v) {
		p.differ(at, text(want), nodeText(got))
	}
}

// text returns a value in one line, cut where it is long.
func text(v any) string {
	s := []rune(fmt.Sprintf("%q", object.Marshal(v)))
	if len(s) > 120 {
		return string(s[:117]) + "..."
	}
	return string(s)
}

func nodeText(n *yaml.Node) string {
	v, err := object.Value(n)
	if err != nil {
		return err.Error()
	}
	return text(v)
}
