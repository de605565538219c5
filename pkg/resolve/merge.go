package resolve

import (
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// overlay lays src over dst: what src unsets first, then what src sets. All of
// dst is its own afterwards: src is never changed, and dst shares nothing with it.
func overlay(dst, src *model.AppSpec) {
	d := reflect.ValueOf(dst).Elem()
	for _, p := range src.Unset {
		unset(d, p)
	}
	specShape().mergeStruct(d, reflect.ValueOf(src).Elem())
}

// merge lays src, which is set, over dst, the values of a field m.
func (m *member) merge(dst, src reflect.Value) {
	s := m.shape
	if m.mode == keyed {
		src = named(src)
	}
	switch {
	case s.form == structure:
		s.mergeStruct(dst, src)
	case dst.IsZero():
		s.copyTo(dst, src)
	case m.mode == values:
		object.Overlay(dst.Interface().(map[string]any), copyFree(src.Interface()).(map[string]any))
	case s.form == pointer && s.elem.form == structure:
		s.elem.mergeStruct(dst.Elem(), src.Elem())
	case s.form == mapping:
		s.mergeMap(dst, src)
	case s.form == list && m.mode != replaced:
		m.mergeList(dst, src)
	default:
		s.copyTo(dst, src)
	}
}

func (s *shape) mergeStruct(dst, src reflect.Value) {
	s.dropOthers(dst, src)
	for i := range s.members {
		m := &s.members[i]
		if m.mode == private {
			continue
		}
		if from := m.of(src); m.shape.form == structure || !from.IsZero() {
			m.merge(m.of(dst), from)
		}
	}
}

// dropOthers clears the members of a one-of that src replaces by another.
func (s *shape) dropOthers(dst, src reflect.Value) {
	sets := func(i int) bool { return !s.members[i].of(src).IsZero() }
	if !slices.ContainsFunc(s.exclusive, sets) {
		return
	}
	for _, i := range s.exclusive {
		together := func(j int) bool {
			return s.members[i].choice != "" && s.members[i].choice == s.members[j].choice && sets(j)
		}
		if !sets(i) && !slices.ContainsFunc(s.exclusive, together) {
			s.members[i].of(dst).SetZero()
		}
	}
}

func (s *shape) mergeMap(dst, src reflect.Value) {
	for it := src.MapRange(); it.Next(); {
		old := dst.MapIndex(it.Key())
		if s.elem.form == free && mergeSettings(old, it.Value()) {
			continue
		}
		if s.elem.form != structure || !old.IsValid() {
			dst.SetMapIndex(it.Key(), s.elem.copyOf(it.Value()))
			continue
		}
		e := reflect.New(s.elem.typ).Elem()
		e.Set(old)
		s.elem.mergeStruct(e, it.Value())
		dst.SetMapIndex(it.Key(), e)
	}
}

// mergeSettings lays the settings of a feature over others of the same type, field by
// field. It reports whether these are settings of one type.
func mergeSettings(dst, src reflect.Value) bool {
	if !dst.IsValid() || dst.IsNil() || src.IsNil() || dst.Elem().Type() != src.Elem().Type() {
		return false
	}
	dst, src = dst.Elem(), src.Elem()
	if dst.Kind() != reflect.Pointer || dst.IsNil() || src.IsNil() || dst.Type().Elem().Kind() != reflect.Struct {
		return false
	}
	shapeOf(dst.Type().Elem()).mergeStruct(dst.Elem(), src.Elem())
	return true
}

// mergeList lays a list with a merge tag over another.
func (m *member) mergeList(dst, src reflect.Value) {
	elem := m.shape.elem
	for i := range src.Len() {
		e := src.Index(i)
		j := -1
		if m.mode != appended {
			j = m.find(dst, m.nameOf(e))
		}
		switch {
		case j < 0:
			dst.Set(reflect.Append(dst, elem.copyOf(e)))
		case m.whole || elem.form != structure:
			elem.copyTo(dst.Index(j), e)
		default:
			elem.mergeStruct(dst.Index(j), e)
		}
	}
}

// named returns a list whose entries have the names that they go by, where they
// have such names by default.
func named(list reflect.Value) reflect.Value {
	switch l := list.Interface().(type) {
	case []model.Peer:
		return reflect.ValueOf(namedPeers(l))
	case []model.Caller:
		out := slices.Clone(l)
		for i, name := range model.CallerNames(l) {
			out[i].Name = name
		}
		return reflect.ValueOf(out)
	}
	return list
}

func namedPeers(list []model.Peer) []model.Peer {
	out := slices.Clone(list)
	for i, name := range model.PeerNames(list) {
		out[i].Name = name
	}
	return out
}

// nameOf returns what identifies an entry of a list; "" is an entry that has no
// name and meets no other.
func (m *member) nameOf(e reflect.Value) string {
	switch m.mode {
	case keyed:
		if k := m.shape.elem.member(m.key); k != nil {
			return k.of(e).String()
		}
	case identity:
		o, _ := e.Interface().(model.RawObject)
		return objectName(o)
	}
	return ""
}

// find returns the index of the first entry with a name, or -1.
func (m *member) find(l reflect.Value, name string) int {
	if name == "" {
		return -1
	}
	for i := range l.Len() {
		if m.nameOf(l.Index(i)) == name {
			return i
		}
	}
	return -1
}

// objectName returns the identity of a whole object: its group, kind, namespace
// and name. The version is no part of it.
func objectName(o model.RawObject) string {
	meta, _ := o["metadata"].(map[string]any)
	name := text(meta["name"])
	if name == "" {
		return ""
	}
	group, _, ok := strings.Cut(text(o["apiVersion"]), "/")
	if !ok {
		group = ""
	}
	return strings.Join([]string{group, text(o["kind"]), text(meta["namespace"]), name}, "/")
}

func text(v any) string { s, _ := v.(string); return s }

// mergeField merges one field of some layers. Take takes the field over from a layer,
// and reports whether it has it.
func mergeField(layers []layer, field string, take func(out, l *model.AppSpec) bool) model.AppSpec {
	return mergeFields(layers, []string{field}, take)
}

// mergeFields merges some fields of some layers, as mergeField does one.
func mergeFields(layers []layer, fields []string, take func(out, l *model.AppSpec) bool) (out model.AppSpec) {
	for _, l := range layers {
		var part model.AppSpec
		set := take(&part, l.spec)
		for _, p := range l.spec.Unset {
			if steps, err := p.Steps(); err == nil && len(steps) > 0 && slices.Contains(fields, steps[0].Name) {
				part.Unset, set = append(part.Unset, p), true
			}
		}
		if set {
			overlay(&out, &part)
		}
	}
	return out
}
