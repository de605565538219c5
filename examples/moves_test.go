package examples_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/explain"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// explained is a field of the output that explain traces to a place in the model.
type explained struct {
	app   string
	scope view.Scope
	explain.Field
}

// TestExplainMoves changes, for every field of the boutique that explain traces
// to a line of the model, the value on that line, and sees the field move.
func TestExplainMoves(t *testing.T) {
	files, err := load.FS(os.DirFS(filepath.Join("boutique", "fleet")), "fleet")
	if err != nil {
		t.Fatal(err)
	}
	l := loadFleet(t, "boutique")
	byPlace := map[finding.Position][]explained{}
	fields := 0
	resolver := resolve.New(l.Fleet, features.Default())
	for _, app := range resolver.Apps() {
		for _, scope := range resolver.Scopes(app) {
			found, err := explain.Target(explain.Input{Resolver: resolver, App: app, Scope: scope, Positions: l.Positions,
				Objects: func(t *view.Target) ([]object.Object, error) { return render.TargetObjects(t, resolver.View()) }})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if at := f.Sources[0].Position; !at.IsZero() {
					byPlace[at] = append(byPlace[at], explained{app, scope, f})
					fields++
				}
			}
		}
	}
	unchangeable := 0
	for _, at := range slices.SortedFunc(maps.Keys(byPlace), finding.Position.Compare) {
		unmoved := byPlace[at]
		tried := false
		for _, changed := range edited(t, files, at) {
			if len(unmoved) == 0 {
				break
			}
			r := resolverOf(changed)
			if r == nil {
				continue
			}
			tried = true
			unmoved = slices.DeleteFunc(unmoved, func(e explained) bool { return e.moved(t, r) })
		}
		if !tried {
			unchangeable++
			t.Logf("%s: no other value is valid there, for %s", at, byPlace[at][0].Sources[0].Path)
			continue
		}
		for _, e := range unmoved {
			t.Errorf("%s %v: changing %s (%s) does not move %s %s", e.app, e.scope, at, e.Sources[0].Path, e.Object, e.Path)
		}
	}
	t.Logf("%d fields from %d places; %d places have no other valid value", fields, len(byPlace), unchangeable)
	if len(byPlace) < 100 || unchangeable*20 > len(byPlace) {
		t.Errorf("%d of %d places cannot be changed", unchangeable, len(byPlace))
	}
}

// moved reports whether the field has another value, or none, in a changed model.
func (e explained) moved(t *testing.T, r *resolve.Resolver) bool {
	t.Helper()
	if !slices.Contains(r.Scopes(e.app), e.scope) {
		return true
	}
	target := r.Target(e.app, e.scope)
	objects, err := render.TargetObjects(&target, r.View())
	if err != nil {
		return false
	}
	for _, o := range objects {
		if o.ID() != e.Object {
			continue
		}
		for _, leaf := range diff.Leaves(o.Map()) {
			if leaf.Path == e.Path {
				return !object.Equal(leaf.To, e.Value)
			}
		}
	}
	return true
}

// resolverOf returns the resolver of files that are a valid fleet, or nil.
func resolverOf(files []load.File) *resolve.Resolver {
	l, err := load.Fleet(nil, files...)
	if err != nil || len(validate.Fleet(l.Fleet, features.Default(), nil).Errors()) > 0 {
		return nil
	}
	return resolve.New(l.Fleet, features.Default())
}

// edited returns the files with other values at a place.
func edited(t *testing.T, files []load.File, at finding.Position) [][]load.File {
	t.Helper()
	i := slices.IndexFunc(files, func(f load.File) bool { return f.Name == at.File })
	n := nodeAt(t, files[i].Data, at)
	old, others := others(n)
	lines := strings.SplitAfter(string(files[i].Data), "\n")
	with := func(line int, text string) []load.File {
		changed := slices.Clone(lines)
		changed[line] = text
		c := slices.Clone(files)
		c[i].Data = []byte(strings.Join(changed, ""))
		return c
	}
	if n != nil && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return [][]load.File{with(at.Line, strings.TrimSuffix(lines[at.Line], "\n")+"x\n")}
	}
	line := []rune(lines[at.Line-1])
	before, after := string(line[:at.Col-1]), string(line[at.Col-1:])
	if !strings.HasPrefix(after, old) {
		t.Fatalf("%s: %q does not begin with %q", at, after, old)
	}
	var out [][]load.File
	for _, value := range others {
		c := with(at.Line-1, before+value+after[len(old):])
		out = append(out, c)
		if strings.HasSuffix(before, "name: ") { // what refers to it follows
			out = append(out, renamed(files, old, value))
		}
	}
	if old != "" {
		out = append(out, with(at.Line-1, "")) // without the whole line
	}
	return out
}

// renamed returns the files with a name replaced wherever it stands as a word.
func renamed(files []load.File, old, name string) []load.File {
	word := regexp.MustCompile(`(^|[\s\[,])` + regexp.QuoteMeta(old) + `($|[\s\],:])`)
	out := slices.Clone(files)
	for i := range out {
		out[i].Data = word.ReplaceAll(out[i].Data, []byte("${1}"+name+"${2}"))
	}
	return out
}

var (
	digits = regexp.MustCompile(`[0-9]+`)
	apps   = []string{"adservice", "cartservice", "emailservice", "shippingservice", "redis-cart"}
	// enumerated are values of fields that take few.
	enumerated = []string{"StatefulSet", "LoadBalancer", "NodePort", "baseline", "UDP", "IfNotPresent"}
)

// others returns how a value is written, and other values to try.
func others(n *yaml.Node) (old string, others []string) {
	switch {
	case n == nil:
		return "", nil
	case n.Kind == yaml.MappingNode && len(n.Content) == 0:
		return "{}", []string{"{medium: Memory}"}
	case n.Kind != yaml.ScalarNode:
		return "", nil
	}
	if old = n.Value; n.Style&yaml.DoubleQuotedStyle != 0 {
		old = strconv.Quote(n.Value)
	}
	if n.ShortTag() == "!!bool" {
		return old, []string{strconv.FormatBool(n.Value != "true")}
	}
	for _, at := range digits.FindAllStringIndex(n.Value, 2) {
		v, _ := strconv.Atoi(n.Value[at[0]:at[1]])
		for _, w := range []int{v + 1, v - 1, 2 * v} {
			others = append(others, n.Value[:at[0]]+strconv.Itoa(w)+n.Value[at[1]:])
		}
	}
	if n.ShortTag() == "!!str" {
		others = append(others, n.Value+"x", strconv.Quote(n.Value+"0"), strconv.Quote(n.Value+"/x"))
		others = append(others, slices.Concat(apps, enumerated)...)
	}
	return old, others
}

// nodeAt returns the node that begins at a position.
func nodeAt(t *testing.T, data []byte, at finding.Position) *yaml.Node {
	t.Helper()
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	var find func(n *yaml.Node) *yaml.Node
	find = func(n *yaml.Node) *yaml.Node {
		for _, c := range n.Content {
			if f := find(c); f != nil {
				return f
			}
		}
		if n.Line == at.Line && n.Column == at.Col {
			return n
		}
		return nil
	}
	for {
		var doc yaml.Node
		if dec.Decode(&doc) != nil {
			return nil
		}
		if n := find(&doc); n != nil {
			return n
		}
	}
}
