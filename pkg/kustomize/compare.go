package kustomize

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// prover compares values with YAML nodes without converting either.
type prover struct {
	id    object.ID
	found []Difference
}

// spot is where a value stands in an object.
type spot struct {
	path  fieldpath.Path
	place credential.Place
}

func (s spot) key(m map[string]any, key string) spot {
	return spot{s.path.Field(key), s.place.Key(m, key)}
}

func (s spot) index(l []any, i int) spot { return spot{s.path.Index(i), s.place.Index(l, i)} }

func (p *prover) differ(at fieldpath.Path, want, got string) {
	if len(p.found) < maxDifferences {
		p.found = append(p.found, Difference{Object: p.id, Path: at, Want: want, Got: got})
	}
}

func (p *prover) compare(at spot, want any, got *yaml.Node) {
	switch got.Kind {
	case yaml.DocumentNode:
		got = got.Content[0]
	case yaml.AliasNode:
		got = got.Alias
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
	p.differ(at.path, at.text(want), at.nodeText(got))
}

func (p *prover) mapping(at spot, want map[string]any, got *yaml.Node) {
	matched := 0
	for i := 0; i+1 < len(got.Content); i += 2 {
		key, value := got.Content[i], got.Content[i+1]
		if reason := keyError(key); reason != "" {
			p.differ(at.path.Field(key.Value), "a string key", reason)
		}
		w, ok := want[key.Value]
		switch {
		case has(got.Content[:i], key.Value):
			p.differ(at.path.Field(key.Value), "one value", "two values")
		case !ok:
			below := at.key(want, key.Value)
			p.differ(below.path, "nothing", below.nodeText(value))
		default:
			matched++
			p.compare(at.key(want, key.Value), w, value)
		}
	}
	if matched == len(want) {
		return
	}
	for _, key := range sortedKeys(want) {
		if !has(got.Content, key) {
			below := at.key(want, key)
			p.differ(below.path, below.text(want[key]), "nothing")
		}
	}
}

// has reports whether a mapping's content holds a key. A mapping may hold one
// twice, and readers of YAML do not agree which of the values counts.
func has(content []*yaml.Node, key string) bool {
	for i := 0; i < len(content); i += 2 {
		if content[i].Value == key {
			return true
		}
	}
	return false
}

// keyError returns why a key is not read as the text that it is written in.
func keyError(key *yaml.Node) string {
	if key.Kind == yaml.ScalarNode && isText(key) {
		return ""
	}
	_, err := object.Value(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, {Kind: yaml.ScalarNode, Tag: yaml.NodeTagNull}}})
	if err != nil {
		return err.Error()
	}
	return ""
}

func (p *prover) list(at spot, want []any, got *yaml.Node) {
	for i := range max(len(want), len(got.Content)) {
		switch {
		case i >= len(want):
			below := spot{at.path.Index(i), at.place}
			p.differ(below.path, "nothing", below.nodeText(got.Content[i]))
		case i >= len(got.Content):
			below := at.index(want, i)
			p.differ(below.path, below.text(want[i]), "nothing")
		default:
			p.compare(at.index(want, i), want[i], got.Content[i])
		}
	}
}

// isText reports whether a scalar is text beyond doubt: quoted, or a word that
// Marshal too would write bare.
func isText(n *yaml.Node) bool {
	if n.Style&yaml.TaggedStyle != 0 {
		return false
	}
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || object.IsPlain(n.Value)
}

func (p *prover) scalar(at spot, want any, got *yaml.Node) {
	v, err := object.Value(got)
	if err != nil || !object.Equal(want, v) {
		p.differ(at.path, at.text(want), at.nodeText(got))
	}
}

// text returns a value as YAML in one line, quoted where it has more, and cut
// where it is long. What may be secret there is redacted.
func (s spot) text(v any) string {
	line := strings.TrimSuffix(string(object.Marshal(s.place.Redact(v))), "\n")
	if strings.Contains(line, "\n") {
		line = strconv.Quote(line)
	}
	if runes := []rune(line); len(runes) > 120 {
		return string(runes[:117]) + "..."
	}
	return line
}

func (s spot) nodeText(n *yaml.Node) string {
	v, err := object.Value(n)
	if err != nil {
		return err.Error()
	}
	return s.text(v)
}
