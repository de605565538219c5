package edit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// editor changes one value of a text.
type editor struct {
	data  []byte
	value any
}

var errByHand = errors.New("the value is written in a way that cannot be edited in place; edit it by hand")

// mapping sets the value at steps below a mapping.
func (e *editor) mapping(n *yaml.Node, steps []fieldpath.Step) ([]byte, error) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == steps[0].Name {
			return e.entry(n.Content[i], n.Content[i+1], steps[1:])
		}
	}
	if n.Style&yaml.FlowStyle != 0 {
		return e.insertFlow(n, flow(steps, e.value))
	}
	if len(n.Content) == 0 {
		return nil, errByHand
	}
	first := n.Content[0]
	return e.insertLines(endLine(n), first.Column-1, block(steps, e.value))
}

// entry sets the value at steps below the value of a key.
func (e *editor) entry(key, n *yaml.Node, steps []fieldpath.Step) ([]byte, error) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return nil, errors.New("the value has an anchor or an alias; edit it by hand")
	case len(steps) == 0:
		return e.replace(n)
	case n.Kind == yaml.MappingNode:
		return e.mapping(n, steps)
	case n.Kind == yaml.SequenceNode:
		return e.sequence(n, steps)
	case n.ShortTag() == "!!null" && n.Value == "" && n.Line == key.Line:
		return e.insertLines(key.Line, key.Column+1, block(steps, e.value))
	}
	return nil, fmt.Errorf("line %d: the value of %s has no fields", n.Line, key.Value)
}

// sequence sets the value at steps below an entry of a named list.
func (e *editor) sequence(n *yaml.Node, steps []fieldpath.Step) ([]byte, error) {
	for _, item := range n.Content {
		if name := lookup(item, "name"); name != nil && name.Value == steps[0].Name {
			if len(steps) == 1 {
				return nil, errors.New("the entry of a list must be followed by a field, as in env[PORT].value")
			}
			return e.mapping(item, steps[1:])
		}
	}
	if n.Style&yaml.FlowStyle != 0 || len(n.Content) == 0 || len(steps) < 2 {
		return nil, errByHand
	}
	entry := append([]string{"- name: " + scalar(steps[0].Name)}, indented(block(steps[1:], e.value))...)
	return e.insertLines(endLine(n), n.Column-1, entry)
}

// replace replaces a scalar by the value, in the quotes that stand there. The
// value that stands already stays as it is written.
func (e *editor) replace(n *yaml.Node) ([]byte, error) {
	if n.Kind != yaml.ScalarNode {
		return nil, errors.New("this is a list or a mapping; use the path of a single value")
	}
	if v, err := object.Value(n); err == nil && object.Equal(v, e.value) {
		return e.data, nil
	}
	start := e.offset(n.Line, n.Column)
	length, err := e.length(n, start)
	if err != nil {
		return nil, err
	}
	text := scalar(e.value)
	if s, ok := e.value.(string); ok && length > 0 && object.IsPlain(s) && (e.data[start] == '"' || e.data[start] == '\'') {
		text = string(e.data[start]) + s + string(e.data[start])
	}
	if length == 0 {
		text = " " + text
	}
	return slices.Concat(e.data[:start], []byte(text), e.data[start+length:]), nil
}

// length returns how many bytes a scalar takes that stands in one line.
func (e *editor) length(n *yaml.Node, start int) (int, error) {
	rest := e.data[start:]
	switch {
	case n.Tag != n.ShortTag() || n.Style&yaml.TaggedStyle != 0:
		return 0, errByHand
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(rest) && rest[i] != '\n'; i++ {
			if rest[i] == '\\' {
				i++
			} else if rest[i] == '"' {
				return i + 1, nil
			}
		}
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(rest) && rest[i] != '\n'; i++ {
			if rest[i] == '\'' && i+1 < len(rest) && rest[i+1] == '\'' {
				i++
			} else if rest[i] == '\'' {
				return i + 1, nil
			}
		}
	case n.Style == 0 && bytes.HasPrefix(rest, []byte(n.Value)):
		return len(n.Value), nil
	}
	return 0, errByHand
}

// offset returns the byte offset of a line and column, which count from one.
func (e *editor) offset(line, col int) int {
	at := 0
	for range line - 1 {
		at += bytes.IndexByte(e.data[at:], '\n') + 1
	}
	for range col - 1 {
		_, size := utf8.DecodeRune(e.data[at:])
		at += size
	}
	return at
}

// insertFlow inserts an entry before the end of a flow mapping.
func (e *editor) insertFlow(n *yaml.Node, entry string) ([]byte, error) {
	if len(n.Content) == 0 {
		at := e.offset(n.Line, n.Column) + 1
		return slices.Concat(e.data[:at], []byte(entry), e.data[at:]), nil
	}
	last := n.Content[len(n.Content)-1]
	if last.Kind != yaml.ScalarNode {
		first := e.offset(n.Line, n.Column) + 1
		return slices.Concat(e.data[:first], []byte(entry+", "), e.data[first:]), nil
	}
	at := e.offset(last.Line, last.Column)
	length, err := e.length(last, at)
	if err != nil {
		return nil, err
	}
	at += length
	return slices.Concat(e.data[:at], []byte(", "+entry), e.data[at:]), nil
}

// insertLines inserts lines behind a line, with the line ends of the file.
func (e *editor) insertLines(after, indent int, lines []string) ([]byte, error) {
	eol := "\n"
	if bytes.Contains(e.data, []byte("\r\n")) {
		eol = "\r\n"
	}
	at := 0
	for range after {
		i := bytes.IndexByte(e.data[at:], '\n')
		if i < 0 {
			at = len(e.data)
			break
		}
		at += i + 1
	}
	var b strings.Builder
	if at > 0 && e.data[at-1] != '\n' {
		b.WriteString(eol)
	}
	for _, l := range lines {
		b.WriteString(strings.Repeat(" ", indent) + l + eol)
	}
	return slices.Concat(e.data[:at], []byte(b.String()), e.data[at:]), nil
}

// endLine returns the last line of a node.
func endLine(n *yaml.Node) int {
	last := n.Line
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		last += strings.Count(strings.TrimSuffix(n.Value, "\n"), "\n") + 1
	}
	for _, c := range n.Content {
		last = max(last, endLine(c))
	}
	return last
}

// namedLists are the fields of the model whose entries have names: a bracket
// behind them is an entry, elsewhere it is a key.
var namedLists = map[string]bool{
	"env": true, "ports": true, "containers": true, "initContainers": true, "sidecars": true,
	"config": true, "volumes": true, "services": true,
}

// block returns the lines of nested mappings and named lists that hold a value.
func block(steps []fieldpath.Step, value any) []string {
	head := scalar(steps[0].Name) + ":"
	if len(steps) == 1 {
		return []string{head + " " + scalar(value)}
	}
	rest := steps[1:]
	if namedLists[steps[0].Name] && rest[0].Bracket && len(rest) > 1 {
		return append([]string{head, "- name: " + scalar(rest[0].Name)}, indented(block(rest[1:], value))...)
	}
	return append([]string{head}, indented(block(rest, value))...)
}

func indented(lines []string) []string {
	for i := range lines {
		lines[i] = "  " + lines[i]
	}
	return lines
}

// flow returns nested flow mappings that hold a value.
func flow(steps []fieldpath.Step, value any) string {
	out := scalar(value)
	for i := len(steps) - 1; i >= 0; i-- {
		out = scalar(steps[i].Name) + ": " + out
		if i > 0 {
			out = "{" + out + "}"
		}
	}
	return out
}

// scalar returns a value as one line of YAML.
func scalar(v any) string {
	return strings.TrimSuffix(string(object.Marshal(v)), "\n")
}
