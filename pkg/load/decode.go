package load

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// decode reads a mapping into the struct that into points to. Fields that are
// hidden are unknown here.
func (d *decoder) decode(n *yaml.Node, into any, at fieldpath.Path, hidden ...string) {
	v := reflect.ValueOf(into).Elem()
	d.structs(n, v, at, layer{}, hidden)
}

// layer is the AppSpec that a value belongs to, if any, and the value's path in it.
type layer struct {
	spec *model.AppSpec
	path fieldpath.Path
}

func (l layer) field(name string) layer { return layer{l.spec, l.path.Field(name)} }
func (l layer) key(key string) layer    { return layer{l.spec, l.path.Key(key)} }

// unset notes that the value is to be removed from earlier layers.
func (l layer) unset() {
	if l.spec != nil && l.path != "" {
		l.spec.Unset = append(l.spec.Unset, l.path)
	}
}

// fields returns the values of a mapping by key; ok is false where it is none.
// Unknown and duplicate keys are findings; known may be nil for any key.
func (d *decoder) fields(n *yaml.Node, at fieldpath.Path, known []string) (map[string]*yaml.Node, bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		d.errorf("wrong-type", n, at, "write a mapping: key: value", "a mapping is expected, not %s", describe(n))
		return nil, false
	}
	out := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		switch {
		case k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge":
			d.errorf("wrong-type", k, at, "write the fields out", "a key is expected to be text; merge keys are not supported")
		case out[k.Value] != nil:
			d.errorf("duplicate-key", k, at.Field(k.Value), "remove one of them", "the key stands twice, first in line %d", out[k.Value].Line)
		case known != nil && !slices.Contains(known, k.Value):
			fix := "remove it; known are " + strings.Join(known, ", ")
			if near := finding.Nearest(k.Value, known); near != "" {
				fix = "did you mean " + near + "?"
			} else if len(known) > 12 {
				fix = "remove it, or look it up in gitopsgen schema"
			}
			d.errorf("unknown-field", k, at.Field(k.Value), fix, "there is no such field")
		default:
			out[k.Value] = n.Content[i+1]
		}
	}
	return out, true
}

// member is a field of a struct by its JSON name.
type member struct {
	name  string
	index []int
	merge string
}

// members returns the fields of a struct, those of embedded ones among them,
// and where AppSpec is embedded, its index.
func members(t reflect.Type, prefix []int) (out []member) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		index := append(slices.Clone(prefix), i)
		switch {
		case name == "-" || !f.IsExported():
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			out = append(out, members(f.Type, index)...)
		case name != "":
			merge, _, _ := strings.Cut(f.Tag.Get("merge"), ",")
			out = append(out, member{name, index, merge})
		}
	}
	return out
}

var appSpec = reflect.TypeFor[model.AppSpec]()

// specOf returns the AppSpec that v is or embeds.
func specOf(v reflect.Value) *model.AppSpec {
	if v.Type() == appSpec {
		return v.Addr().Interface().(*model.AppSpec)
	}
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous && v.Type().Field(i).Type == appSpec {
			return v.Field(i).Addr().Interface().(*model.AppSpec)
		}
	}
	return nil
}

func (d *decoder) structs(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer, hidden []string) {
	if s := specOf(v); s != nil {
		l = layer{spec: s}
	}
	all := members(v.Type(), nil)
	all = slices.DeleteFunc(all, func(m member) bool { return slices.Contains(hidden, m.name) })
	known := make([]string, len(all))
	for i, m := range all {
		known[i] = m.name
	}
	slices.Sort(known)
	fields, ok := d.fields(n, at, known)
	if !ok {
		return
	}
	for _, m := range all {
		if node := fields[m.name]; node != nil {
			d.positions[at.Field(m.name)] = d.at(node)
			var below layer // none for what stands beside an embedded AppSpec
			if specOf(v) == nil || isSpecField(v.Type(), m) {
				below = l.field(m.name)
			}
			d.value(node, v.FieldByIndex(m.index), at.Field(m.name), below, m.merge)
		}
	}
}

// isSpecField reports whether a member of a type that is or embeds AppSpec
// belongs to the AppSpec.
func isSpecField(t reflect.Type, m member) bool {
	return t == appSpec || len(m.index) > 1
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer, merge string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		l.unset()
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[model.RawObject](), v.Kind() == reflect.Interface,
		v.Kind() == reflect.Map && v.Type().Elem().Kind() == reflect.Interface:
		d.free(n, v, at)
	case selfDecoding(v.Type()):
		d.self(n, v, at)
	case v.Kind() == reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		if v.Type().Elem().Kind() == reflect.Struct && !selfDecoding(v.Type().Elem()) {
			d.structs(n, p.Elem(), at, l, nil)
		} else {
			d.value(n, p.Elem(), at, layer{}, merge)
		}
		v.Set(p)
	case v.Kind() == reflect.Struct:
		d.structs(n, v, at, l, nil)
	case v.Kind() == reflect.Map:
		d.maps(n, v, at, l)
	case v.Kind() == reflect.Slice:
		d.lists(n, v, at, l, merge)
	default:
		d.scalar(n, v, at)
		if v.IsZero() {
			l.unset()
		}
	}
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func selfDecoding(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer && (p.Implements(jsonUnmarshaler) || p.Implements(textUnmarshaler))
}

// self hands a value to a type that decodes JSON itself, such as a quantity.
func (d *decoder) self(n *yaml.Node, v reflect.Value, at fieldpath.Path) {
	value, err := object.Value(n)
	if err == nil {
		var data []byte
		if num, ok := value.(object.Number); ok {
			data = []byte(num)
		} else if data, err = json.Marshal(value); err == nil {
			err = nil
		}
		if err == nil {
			err = json.Unmarshal(data, v.Addr().Interface())
		}
	}
	if err != nil {
		fix := "write it as Kubernetes does"
		if strings.HasSuffix(v.Type().String(), "Quantity") {
			fix = "write a quantity such as 100m, 0.5 or 128Mi"
		}
		d.errorf("invalid-value", n, at, fix, "this is no %s", strings.ToLower(v.Type().Name()))
	}
}

// free reads a value of any shape.
func (d *decoder) free(n *yaml.Node, v reflect.Value, at fieldpath.Path) {
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
		d.errorf("wrong-type", n, at, "write a mapping: key: value", "a mapping is expected, not %s", describe(n))
		return
	}
	v.Set(reflect.ValueOf(m).Convert(v.Type()))
}

func (d *decoder) maps(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer) {
	fields, ok := d.fields(n, at, nil)
	if !ok {
		return
	}
	if len(fields) == 0 {
		l.unset()
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, key := range sortedKeys(fields) {
		node := fields[key]
		d.positions[at.Key(key)] = d.at(node)
		if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null" {
			l.key(key).unset()
			continue
		}
		e := reflect.New(v.Type().Elem()).Elem()
		d.value(node, e, at.Key(key), layer{}, "")
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), e)
	}
}

func (d *decoder) lists(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer, merge string) {
	if n.Kind != yaml.SequenceNode {
		d.errorf("wrong-type", n, at, "write a list: - item", "a list is expected, not %s", describe(n))
		return
	}
	if len(n.Content) == 0 {
		l.unset()
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	seen := map[string]bool{}
	for i, node := range n.Content {
		where, below := at.Index(i), layer{}
		if name := entryName(node, merge); name != "" && !seen[name] {
			where, below, seen[name] = at.Key(name), l.key(name), true
		}
		d.positions[where] = d.at(node)
		d.value(node, list.Index(i), where, below, "")
	}
	v.Set(list)
}

// entryName returns the name of a list's entry, or "".
func entryName(n *yaml.Node, key string) string {
	if n.Kind != yaml.MappingNode || key == "" {
		return ""
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1].Value
		}
	}
	return ""
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, at fieldpath.Path) {
	value, err := object.Value(n)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.errorf("wrong-type", n, at, "write "+wanted(v.Kind()), "%s is expected, not %s", wanted(v.Kind()), describe(n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		if s, ok := value.(string); ok {
			v.SetString(s)
			return
		}
		d.errorf("wrong-type", n, at, "put it in quotes: "+strconv.Quote(n.Value), "text is expected, and YAML reads this as %s", describe(n))
		return
	case reflect.Bool:
		if b, ok := value.(bool); ok {
			v.SetBool(b)
			return
		}
	default:
		if i, ok := value.(int64); ok && v.CanInt() && !v.OverflowInt(i) {
			v.SetInt(i)
			return
		}
	}
	d.errorf("wrong-type", n, at, "write "+wanted(v.Kind()), "%s is expected, not %s", wanted(v.Kind()), describe(n))
}

func wanted(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	}
	return "a whole number"
}

// describe names what a node is.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "a bool"
	case "!!null":
		return "nothing"
	}
	if v, err := object.Value(n); err == nil {
		if _, ok := v.(bool); ok {
			return "a bool"
		}
	}
	return "text"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
