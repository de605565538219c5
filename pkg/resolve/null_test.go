package resolve

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestNullRemoves writes a null for the fields of random specs into a layer that
// says a lot more, in two orders: what the null names is absent, and the rest is
// as if the layer's unset had named it.
func TestNullRemoves(t *testing.T) {
	f := filler{Rand: rand.New(rand.NewPCG(7, 8)), switching: true}
	reached := map[string]bool{}
	for i := range 20 {
		base := loaded(t, fields(f.spec()), "")
		nulls := nullsIn(&base)
		for j, n := range nulls {
			if (i+j)%9 > 0 && reached[n.field] {
				continue // a part of them, and each field once
			}
			reached[n.field] = true
			layer := fields(f.spec())
			delete(layer, n.field)
			layer["unset"] = []string{"labels[a]"}
			want := loaded(t, layer, "")
			want.Unset = append(want.Unset, n.path)
			layer[n.field] = n.value
			for _, last := range []string{"unset", n.field} {
				if diff := cmp.Diff(merged(base, want), merged(base, loaded(t, layer, last)), equal); diff != "" {
					t.Fatalf("spec %d, %s, with %s last (-want +got):\n%s", i, n.path, last, diff)
				}
			}
		}
	}
	for _, m := range specShape().members {
		if m.mode != private && !reached[m.name] {
			t.Errorf("no case removes %s", m.name)
		}
	}
}

// fields returns a spec as it is written.
func fields(s model.AppSpec) map[string]any {
	data, err := json.Marshal(s)
	out := map[string]any{}
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		panic(err)
	}
	for p := range read {
		steps, _ := p.Steps()
		if in, ok := out[steps[0].Name].(map[string]any); ok {
			delete(in, steps[1].Name)
		}
	}
	return out
}

// read are the fields that are read from elsewhere, and not written.
var read = map[fieldpath.Path]bool{"source.objects": true, "chart.digest": true}

// loaded reads a spec whose fields stand in the order of their names, but for
// one that is the last.
func loaded(t *testing.T, spec map[string]any, last string) model.AppSpec {
	t.Helper()
	var b strings.Builder
	b.WriteString("apiVersion: " + model.APIVersion + "\nkind: Fleet\nmetadata: {name: f}\nspec:\n  defaults:\n")
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(spec)), func(name string) bool { return name == last })
	for _, name := range append(names, last) {
		if value, ok := spec[name]; ok {
			data, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "    %s: %s\n", name, data)
		}
	}
	list := func(string) ([]string, error) { return []string{"Chart.yaml"}, nil } // also a directory of objects
	l, err := load.Loader{Settings: settings}.Fleet(load.File{Name: "fleet.yaml", Data: []byte(b.String()), List: list, ListAll: list,
		Open: func(string) ([]byte, error) {
			return []byte("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"), nil
		}})
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return l.Fleet.Defaults
}

// null is a place of a spec that a layer can write a null for.
type null struct {
	// field is the spec's field that the place is in, and value what the layer
	// writes for it, with the null inside.
	field string
	value any
	// path is what the null removes.
	path fieldpath.Path
}

// nullsIn returns the places of a spec that are set.
func nullsIn(spec *model.AppSpec) []null {
	var out []null
	add := func(path fieldpath.Path, written any) {
		for field, value := range written.(map[string]any) {
			out = append(out, null{field, value, path})
		}
	}
	eachNull(specShape(), reflect.ValueOf(spec).Elem(), "", func(x any) any { return x }, add)
	slices.SortFunc(out, func(a, b null) int { return strings.Compare(string(a.path), string(b.path)) })
	return out
}

// eachNull visits what is set in v, which stands at a path; write returns what a
// layer writes to say something of v.
func eachNull(s *shape, v reflect.Value, at fieldpath.Path, write func(any) any, visit func(fieldpath.Path, any)) {
	switch s.form {
	case pointer:
		eachNull(s.elem, v.Elem(), at, write, visit)
	case structure:
		for i := range s.members {
			m := &s.members[i]
			f, below := m.of(v), at.Field(m.name)
			if m.mode == private || f.IsZero() || read[below] {
				continue
			}
			inside := func(x any) any { return write(map[string]any{m.name: x}) }
			visit(below, inside(nil))
			if m.mode == keyed {
				eachEntry(m, f, below, inside, visit)
			} else {
				eachNull(m.shape, f, below, inside, visit)
			}
		}
	case mapping:
		if s.typ == extensions {
			for _, k := range v.MapKeys() {
				below, p := at.Key(k.String()), v.MapIndex(k).Elem()
				inside := func(x any) any { return write(map[string]any{k.String(): x}) }
				visit(below, inside(nil))
				eachNull(shapeOf(p.Type()), p, below, inside, visit)
			}
			return
		}
		if s.elem.form == free {
			return // nulls mean something else in values of any shape
		}
		for _, k := range v.MapKeys() {
			visit(at.Key(k.String()), write(map[string]any{k.String(): nil}))
		}
	}
}

// eachEntry visits the entries of a named list. A null in an entry that is
// replaced as a whole, and that says nothing else, removes the entry.
func eachEntry(m *member, l reflect.Value, at fieldpath.Path, write func(any) any, visit func(fieldpath.Path, any)) {
	elem := m.shape.elem
	for i := range l.Len() {
		name := m.nameOf(l.Index(i))
		below := at.Key(name)
		entry := func(x any) any {
			said := maps.Clone(x.(map[string]any))
			said[m.key] = name
			return write([]any{said})
		}
		if m.whole {
			for _, field := range elem.members {
				if field.name != m.key {
					visit(below, entry(map[string]any{field.name: nil}))
				}
			}
			continue
		}
		eachNull(elem, l.Index(i), below, entry, func(p fieldpath.Path, x any) {
			if p != below.Field(m.key) {
				visit(p, x)
			}
		})
	}
}
