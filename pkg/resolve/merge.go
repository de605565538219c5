package resolve

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// merger lays layers over each other. What it writes into the result is its own
// copy, except for scalars, and no layer is ever changed.
type merger struct {
	// note is told of each leaf that a layer sets, by its path in the spec and
	// in the layer; nil where nobody asks.
	note func(spec, layer fieldpath.Path)
	// forget is told of paths that are removed.
	forget func(spec fieldpath.Path)
}

// layer lays src over dst: what src unsets first, then what it sets.
func (m *merger) layer(dst, src *model.AppSpec) {
	for _, p := range src.Unset {
		if steps, err := p.Steps(); err == nil {
			m.unset(reflect.ValueOf(dst).Elem(), steps, "", "")
		}
	}
	m.structs(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), "", "")
}

// opaque reports whether a type has an encoding of its own, and so is a scalar.
func opaque(t reflect.Type) bool {
	return t.Implements(jsonMarshaler) || reflect.PointerTo(t).Implements(jsonMarshaler) || t.Implements(textMarshaler)
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// oneOf are structs of which one member is set: a layer that sets another drops
// what was inherited.
var oneOf = map[reflect.Type]bool{
	reflect.TypeFor[corev1.ProbeHandler]():     true,
	reflect.TypeFor[corev1.LifecycleHandler](): true,
	reflect.TypeFor[model.Disruption]():        false,
}

// oneOfFields are fields of which at most one is set, in structs with others.
var oneOfFields = map[reflect.Type][]string{
	reflect.TypeFor[model.Volume]():     {"Claim", "ExistingClaim", "EmptyDir", "Secret", "ConfigMap", "Projected", "HostPath", "CSI", "NFS"},
	reflect.TypeFor[model.Disruption](): {"MinAvailable", "MaxUnavailable"},
}

func (m *merger) structs(dst, src reflect.Value, at, from fieldpath.Path) {
	t := src.Type()
	m.dropOthers(dst, src, at)
	for i := range t.NumField() {
		f := t.Field(i)
		s := src.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			m.structs(dst.Field(i), s, at, from)
			continue
		}
		mode := f.Tag.Get("merge")
		if name == "-" || name == "" || mode == "-" || s.IsZero() {
			continue
		}
		m.value(dst.Field(i), s, at.Field(name), from.Field(name), mode)
	}
}

// dropOthers clears the members of a one-of that src replaces by another.
func (m *merger) dropOthers(dst, src reflect.Value, at fieldpath.Path) {
	t := src.Type()
	names := oneOfFields[t]
	if oneOf[t] {
		for i := range t.NumField() {
			names = append(names, t.Field(i).Name)
		}
	}
	setsOne := false
	for _, n := range names {
		setsOne = setsOne || !src.FieldByName(n).IsZero()
	}
	if !setsOne {
		return
	}
	for _, n := range names {
		if src.FieldByName(n).IsZero() && !dst.FieldByName(n).IsZero() {
			dst.FieldByName(n).SetZero()
			f, _ := t.FieldByName(n)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			m.forgot(at.Field(name))
		}
	}
}

func (m *merger) forgot(at fieldpath.Path) {
	if m.forget != nil {
		m.forget(at)
	}
}

// value lays a value that is not zero over dst.
func (m *merger) value(dst, src reflect.Value, at, from fieldpath.Path, mode string) {
	t := src.Type()
	switch {
	case opaque(t):
		m.replace(dst, src, at, from)
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && !opaque(t.Elem()):
		fresh := reflect.New(t.Elem())
		if !dst.IsNil() {
			fresh.Elem().Set(dst.Elem())
		} else if src.Elem().IsZero() && m.note != nil {
			m.note(at, from)
		}
		m.structs(fresh.Elem(), src.Elem(), at, from)
		dst.Set(fresh)
	case t.Kind() == reflect.Struct:
		m.structs(dst, src, at, from)
	case t.Kind() == reflect.Map:
		m.maps(dst, src, at, from)
	case t.Kind() == reflect.Slice && mode != "":
		m.lists(dst, src, at, from, mode)
	default:
		m.replace(dst, src, at, from)
	}
}

// replace copies a scalar, or a list that is replaced as a whole.
func (m *merger) replace(dst, src reflect.Value, at, from fieldpath.Path) {
	m.forgot(at)
	dst.Set(src)
	if m.note != nil {
		m.leaves(src, at, from)
	}
}

// leaves notes each leaf below a value that is taken over whole.
func (m *merger) leaves(v reflect.Value, at, from fieldpath.Path) {
	for !opaque(v.Type()) && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case opaque(v.Type()):
	case v.Kind() == reflect.Struct && !v.IsZero():
		t := v.Type()
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			switch {
			case t.Field(i).Anonymous && name == "":
				m.leaves(v.Field(i), at, from)
			case name != "" && name != "-" && !v.Field(i).IsZero():
				m.leaves(v.Field(i), at.Field(name), from.Field(name))
			}
		}
		return
	case v.Kind() == reflect.Slice && v.Len() > 0:
		for i := range v.Len() {
			m.leaves(v.Index(i), at.Index(i), from.Index(i))
		}
		return
	case v.Kind() == reflect.Map && v.Len() > 0:
		for it := v.MapRange(); it.Next(); {
			m.leaves(it.Value(), at.Key(it.Key().String()), from.Key(it.Key().String()))
		}
		return
	}
	m.note(at, from)
}

func (m *merger) maps(dst, src reflect.Value, at, from fieldpath.Path) {
	fresh := reflect.MakeMapWithSize(src.Type(), dst.Len()+src.Len())
	for it := dst.MapRange(); it.Next(); {
		fresh.SetMapIndex(it.Key(), it.Value())
	}
	for it := src.MapRange(); it.Next(); {
		fresh.SetMapIndex(it.Key(), it.Value())
		key := it.Key().String()
		m.forgot(at.Key(key))
		if m.note != nil {
			m.leaves(it.Value(), at.Key(key), from.Key(key))
		}
	}
	dst.Set(fresh)
}

// lists lays a list over another as its merge tag says.
func (m *merger) lists(dst, src reflect.Value, at, from fieldpath.Path, mode string) {
	fresh := reflect.MakeSlice(src.Type(), dst.Len(), dst.Len()+src.Len())
	reflect.Copy(fresh, dst)
	key, replace := strings.CutSuffix(mode, ",replace")
	for i := range src.Len() {
		e := src.Index(i)
		j, id := -1, ""
		if mode != "append" {
			id = entryKey(e, key)
			j = findEntry(fresh, id, key)
		}
		below, source := at.Key(id), from.Key(id)
		if mode == "append" || mode == "identity" {
			source = from.Index(i)
			if below = at.Index(j); j < 0 {
				below = at.Index(fresh.Len())
			}
		}
		switch {
		case j < 0:
			fresh = reflect.Append(fresh, e)
			if m.note != nil {
				m.leaves(e, below, source)
			}
		case replace || mode == "identity":
			m.replace(fresh.Index(j), e, below, source)
		default:
			m.structs(fresh.Index(j), e, below, source)
		}
	}
	dst.Set(fresh)
}

// entryKey returns what identifies an entry of a list.
func entryKey(e reflect.Value, key string) string {
	if o, ok := e.Interface().(model.RawObject); ok {
		meta, _ := o["metadata"].(map[string]any)
		return strings.Join([]string{text(o["apiVersion"]), text(o["kind"]), text(meta["namespace"]), text(meta["name"])}, "/")
	}
	f, ok := field(e, key)
	if !ok {
		return ""
	}
	return f.String()
}

func text(v any) string { s, _ := v.(string); return s }

func findEntry(list reflect.Value, id, key string) int {
	for i := range list.Len() {
		if entryKey(list.Index(i), key) == id {
			return i
		}
	}
	return -1
}

// field returns the field of a struct with a JSON name, also that of an
// embedded one.
func field(v reflect.Value, name string) (reflect.Value, bool) {
	i, ok := fieldIndex(v.Type(), name)
	if !ok {
		return reflect.Value{}, false
	}
	return v.FieldByIndex(i), true
}

func fieldIndex(t reflect.Type, name string) ([]int, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		n, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if n == name && name != "" {
			return []int{i}, true
		}
		if f.Anonymous && n == "" && f.Type.Kind() == reflect.Struct {
			if sub, ok := fieldIndex(f.Type, name); ok {
				return append([]int{i}, sub...), true
			}
		}
	}
	return nil, false
}

// unset removes the value at steps from v, and reports whether v is empty then.
func (m *merger) unset(v reflect.Value, steps []fieldpath.Step, mode string, at fieldpath.Path) {
	if len(steps) == 0 {
		v.SetZero()
		m.forgot(at)
		return
	}
	name := steps[0].Name
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return
		}
		fresh := reflect.New(v.Type().Elem())
		fresh.Elem().Set(v.Elem())
		v.Set(fresh)
		m.unset(fresh.Elem(), steps, mode, at)
	case reflect.Struct:
		if i, ok := fieldIndex(v.Type(), name); ok {
			m.unset(v.FieldByIndex(i), steps[1:], v.Type().FieldByIndex(i).Tag.Get("merge"), at.Field(name))
		}
	case reflect.Map:
		if len(steps) == 1 && v.Len() > 0 {
			fresh := reflect.MakeMap(v.Type())
			for it := v.MapRange(); it.Next(); {
				if it.Key().String() != name {
					fresh.SetMapIndex(it.Key(), it.Value())
				}
			}
			v.Set(fresh)
			m.forgot(at.Key(name))
		}
	case reflect.Slice:
		m.unsetEntry(v, steps, mode, at)
	}
}

func (m *merger) unsetEntry(v reflect.Value, steps []fieldpath.Step, mode string, at fieldpath.Path) {
	key, _ := strings.CutSuffix(mode, ",replace")
	i := -1
	if v.Type().Elem().Kind() == reflect.Struct {
		i = findEntry(v, steps[0].Name, key)
	}
	if n, err := strconv.Atoi(steps[0].Name); i < 0 && err == nil && n < v.Len() {
		i = n
	}
	if i < 0 {
		return
	}
	fresh := reflect.MakeSlice(v.Type(), 0, v.Len())
	for j := range v.Len() {
		if j != i || len(steps) > 1 {
			fresh = reflect.Append(fresh, v.Index(j))
		}
	}
	v.Set(fresh)
	if len(steps) == 1 {
		m.forgot(at.Key(steps[0].Name))
		return
	}
	m.unset(v.Index(i), steps[1:], "", at.Key(steps[0].Name))
}
