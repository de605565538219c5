package load

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// decode reads a mapping into the struct that into points to. Fields that are
// hidden are unknown here.
func (d *decoder) decode(n *yaml.Node, into any, at fieldpath.Path, hidden ...string) {
	v := reflect.ValueOf(into).Elem()
	d.members(n, v, d.shape(v.Type()).without(hidden), at, layer{})
}

// layer is where a layer notes what it removes from earlier ones, if a value
// belongs to one, and the value's path in it.
type layer struct {
	removed *[]fieldpath.Path
	path    fieldpath.Path
}

func (l layer) field(name string) layer { return layer{l.removed, l.path.Field(name)} }
func (l layer) key(key string) layer    { return layer{l.removed, l.path.Key(key)} }

// unset notes that the value is to be removed from earlier layers.
func (l layer) unset() {
	if l.removed != nil && l.path != "" {
		*l.removed = append(*l.removed, l.path)
	}
}

// fields returns the values of a mapping by key; ok is false where it is none.
// Below returns the path of a key. Keys that s does not know, and duplicate ones, are
// findings; s is nil for any key.
func (d *decoder) fields(n *yaml.Node, at fieldpath.Path, below func(string) fieldpath.Path, s *shape) (map[string]*yaml.Node, bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if d.tagged(n, at) {
		return nil, false
	}
	if n.Kind != yaml.MappingNode {
		d.errorf("wrong-type", n, at, "write a mapping: key: value", "expected a mapping, found %s", describe(n))
		return nil, false
	}
	out := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		switch {
		case k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge":
			d.errorf("wrong-type", k, at, "write the fields out", "a key must be a string; merge keys are not supported")
		case out[k.Value] != nil:
			d.errorf("duplicate-key", k, below(credential.Redact(k.Value)), "remove one of them", "the key is duplicated; it is first used in line %d", out[k.Value].Line)
		case s != nil && !slices.Contains(s.known, k.Value):
			fix := "remove it, or use one of " + strings.Join(s.known, ", ")
			if now := s.renamed[k.Value]; now != "" {
				fix = "write " + now + ", the current name of the field"
			} else if near := finding.Nearest(k.Value, s.known); near != "" {
				fix = "did you mean " + near + "?"
			} else if len(s.known) > 12 {
				fix = "remove it, or look it up in gitopsgen schema"
			}
			d.errorf("unknown-field", k, below(credential.Redact(k.Value)), fix, "the field does not exist")
		default:
			out[k.Value] = n.Content[i+1]
		}
	}
	return out, true
}

// members reads a mapping into a struct.
func (d *decoder) members(n *yaml.Node, v reflect.Value, s *shape, at fieldpath.Path, l layer) {
	if s.spec != nil {
		var removed []fieldpath.Path
		l = layer{removed: &removed}
		defer func() { // behind what the layer's own list names
			unset := v.FieldByIndex(s.spec).FieldByName("Unset").Addr().Interface().(*[]fieldpath.Path)
			*unset = append(*unset, removed...)
			if spec, ok := v.FieldByIndex(s.spec).Addr().Interface().(*model.AppSpec); ok {
				d.sources(spec, func(name string) fieldpath.Path { return s.path(v.Type(), at, name) })
			}
		}()
	}
	path := func(name string) fieldpath.Path { return s.path(v.Type(), at, name) }
	fields, ok := d.fields(n, at, path, s)
	if !ok {
		return
	}
	for _, m := range s.members {
		node := fields[m.name]
		if node == nil {
			continue
		}
		where := path(m.name)
		d.positions[where] = d.at(node)
		var below layer // none for what stands beside an embedded AppSpec, and for its Unset
		if (s.spec == nil || m.inSpec) && m.merge != "-" {
			below = l.field(m.name)
		}
		d.value(node, v.FieldByIndex(m.index), where, below, m.merge)
	}
}

// value reads a node into a value of any type.
func (d *decoder) value(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer, merge string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if isNull(n) {
		l.unset()
		return
	}
	if d.tagged(n, at) {
		return
	}
	t := v.Type()
	switch {
	case t == extensions:
		d.extensions(n, v, at, l)
	case merge == "values":
		d.values(n, v, at)
	case t.Kind() == reflect.Interface, t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Interface:
		d.free(n, v, at)
	case selfDecoding(t):
		d.self(n, v, at)
	case t.Kind() == reflect.Pointer:
		p := reflect.New(t.Elem())
		if t.Elem().Kind() == reflect.Struct && !selfDecoding(t.Elem()) {
			d.members(n, p.Elem(), d.shape(t.Elem()), at, l)
		} else {
			d.value(n, p.Elem(), at, layer{}, merge)
		}
		v.Set(p)
	case t.Kind() == reflect.Struct:
		d.members(n, v, d.shape(t), at, l)
	case t.Kind() == reflect.Map:
		d.maps(n, v, at, l)
	case t.Kind() == reflect.Slice:
		d.lists(n, v, at, l, merge)
	default:
		d.scalar(n, v, at)
		if v.IsZero() {
			l.unset()
		}
	}
}

func (d *decoder) maps(n *yaml.Node, v reflect.Value, at fieldpath.Path, l layer) {
	fields, ok := d.fields(n, at, at.Key, nil)
	if !ok {
		return
	}
	if len(fields) == 0 {
		l.unset()
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		node := fields[key]
		d.positions[at.Key(key)] = d.at(node)
		if isNull(node) {
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
		d.errorf("wrong-type", n, at, "write a list: - item", "expected a list, found %s", describe(n))
		return
	}
	if len(n.Content) == 0 {
		l.unset()
		return
	}
	list := reflect.MakeSlice(v.Type(), 0, len(n.Content))
	seen := map[string]bool{}
	key, how, _ := strings.Cut(merge, ",")
	for i, node := range n.Content {
		where, below := at.Index(i), layer{}
		if n := entryName(node, key); n != nil && n.Value != "" && !seen[n.Value] {
			if !d.named(n) {
				continue
			}
			where, below, seen[n.Value] = at.Key(n.Value), l.key(n.Value), true
		}
		entry := below
		if how == "replace" {
			below = layer{} // the entry replaces all of an earlier one
		}
		if isNull(node) {
			fix := "write it, or remove the dash"
			if v.Type().Elem().Kind() == reflect.String {
				fix = `write "" for an empty string`
			}
			d.errorf("wrong-type", node, where, fix, "the entry is empty")
			continue
		}
		d.positions[where] = d.at(node)
		e := reflect.New(v.Type().Elem()).Elem()
		d.value(node, e, where, below, "")
		if how == "replace" && entry.path != "" && onlyNulls(node, key) {
			entry.unset()
			continue
		}
		list = reflect.Append(list, e)
	}
	if list.Len() > 0 {
		v.Set(list)
	}
	for i, name := range defaultNames(list) {
		if !seen[name] {
			d.positions[at.Key(name)] = d.at(n.Content[i])
		}
	}
}

// defaultNames returns the names that the entries of a list go by, where they
// have names by default.
func defaultNames(list reflect.Value) []string {
	switch l := list.Interface().(type) {
	case []model.Peer:
		return model.PeerNames(l)
	case []model.Caller:
		return model.CallerNames(l)
	}
	return nil
}

// onlyNulls reports whether a list's entry has a null beside its name and says
// nothing else.
func onlyNulls(n *yaml.Node, key string) bool {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return false
	}
	nulls := 0
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch {
		case isNull(n.Content[i+1]):
			nulls++
		case n.Content[i].Value != key:
			return false
		}
	}
	return nulls > 0
}

// entryName returns what names a list's entry, or nil.
func entryName(n *yaml.Node, key string) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	name := lookup(n, key)
	if name == nil || isNull(name) {
		return nil
	}
	if name.Kind == yaml.AliasNode {
		name = name.Alias
	}
	return name
}

// isNull reports whether a node, or what it is an alias of, is a null.
func isNull(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}
