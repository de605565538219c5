package resolve

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// form tells how two values of a type meet.
type form int

const (
	scalar    form = iota // the later one replaces the earlier one
	quantity              // as scalar; copied with care
	pointer               // absent or present; structs behind it merge
	structure             // merges field by field
	mapping               // merges key by key
	list                  // as the merge tag of its field says
	free                  // any JSON value; replaces
)

// shape is what merging has to know about a type. Shapes are made once, from
// the struct tags of the model, and never change.
type shape struct {
	form form
	typ  reflect.Type
	// flat tells that assigning a value copies all of it.
	flat bool
	// elem is the shape behind a pointer, or of the entries of a map or list.
	elem *shape
	// members are the fields of a structure, those of embedded ones among them.
	members []member
	byName  map[string]int
	// exclusive are members of which at most one is set, or those of one choice.
	exclusive []int
}

// member is a field of a structure.
type member struct {
	name  string
	index []int
	shape *shape
	// mode tells how two lists, or maps of any values, in this field meet.
	mode mode
	// key is the member of the list's entries that names them, in mode keyed.
	key string
	// whole tells that an entry of equal key is replaced, not merged.
	whole bool
	// choice is shared by members of a one-of that go together; "" is a choice of its
	// own.
	choice string
}

// mode is the meaning of a merge tag.
type mode int

const (
	replaced mode = iota // the later list replaces the earlier one
	keyed                // entries of equal key meet
	appended             // all entries are kept
	identity             // Kubernetes objects of equal identity are replaced
	private              // belongs to its layer
	values               // maps meet at any depth; null is a value
)

// of returns the field of v that m describes.
func (m *member) of(v reflect.Value) reflect.Value {
	if len(m.index) == 1 {
		return v.Field(m.index[0])
	}
	return v.FieldByIndex(m.index)
}

// member returns the member with a JSON name, or nil.
func (s *shape) member(name string) *member {
	if i, ok := s.byName[name]; ok {
		return &s.members[i]
	}
	return nil
}

// specShape returns the shape of an AppSpec.
var specShape = sync.OnceValue(func() *shape {
	return shapes{}.of(reflect.TypeFor[model.AppSpec]())
})

// made are the shapes of the types that free values had so far, by type.
var made sync.Map

// shapeOf returns the shape of what a free value holds, such as the settings of a
// feature.
func shapeOf(t reflect.Type) *shape {
	if s, ok := made.Load(t); ok {
		return s.(*shape)
	}
	s, _ := made.LoadOrStore(t, shapes{}.of(t))
	return s.(*shape)
}

// shapes holds the shapes that were made so far, by type.
type shapes map[reflect.Type]*shape

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// opaque reports whether a type has an encoding of its own, and so is a scalar.
func opaque(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Interface && t.Kind() != reflect.Pointer && (p.Implements(jsonMarshaler) || p.Implements(textMarshaler))
}

func (all shapes) of(t reflect.Type) *shape {
	if s := all[t]; s != nil {
		return s
	}
	s := &shape{typ: t}
	all[t] = s
	switch {
	case t == reflect.TypeFor[resource.Quantity]():
		s.form = quantity
	case opaque(t):
		s.flat = true
	case t.Kind() == reflect.Pointer:
		s.form, s.elem = pointer, all.of(t.Elem())
	case t.Kind() == reflect.Struct:
		s.form = structure
		all.addMembers(s, t, nil)
		s.finish()
	case t.Kind() == reflect.Map:
		s.form, s.elem = mapping, all.of(t.Elem())
	case t.Kind() == reflect.Slice:
		s.form, s.elem = list, all.of(t.Elem())
	case t.Kind() == reflect.Interface:
		s.form = free
	default:
		s.flat = true
	}
	return s
}

// addMembers adds the fields of t, which stands at index in the structure.
func (all shapes) addMembers(s *shape, t reflect.Type, index []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := append(append([]int(nil), index...), i)
		switch {
		case !f.IsExported() || name == "-":
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			all.addMembers(s, f.Type, at)
		case name != "":
			m := member{name: name, index: at, shape: all.of(f.Type)}
			m.setMode(f.Tag.Get("merge"))
			if oneof := f.Tag.Get("oneof"); oneof != "" {
				s.exclusive = append(s.exclusive, len(s.members))
				if oneof != "true" {
					m.choice = oneof
				}
			}
			s.members = append(s.members, m)
		}
	}
}

func (m *member) setMode(tag string) {
	switch tag {
	case "":
	case "-":
		m.mode = private
	case "append":
		m.mode = appended
	case "identity":
		m.mode = identity
	case "values":
		m.mode = values
	default:
		m.mode = keyed
		m.key, m.whole = strings.CutSuffix(tag, ",replace")
	}
}

// oneOf names, by type of Kubernetes, the fields of which at most one is set: a
// layer that sets one of them drops the others that it inherits. Types of the
// model have the tag oneof instead.
var oneOf = map[reflect.Type]string{
	reflect.TypeFor[corev1.Probe]():            "exec httpGet tcpSocket grpc",
	reflect.TypeFor[corev1.LifecycleHandler](): "exec httpGet tcpSocket sleep",
}

// finish fills in what follows from the members.
func (s *shape) finish() {
	s.byName = make(map[string]int, len(s.members))
	s.flat = true
	for i, m := range s.members {
		s.byName[m.name] = i
		s.flat = s.flat && m.shape.flat
	}
	for _, name := range strings.Fields(oneOf[s.typ]) {
		if i, ok := s.byName[name]; ok {
			s.exclusive = append(s.exclusive, i)
		}
	}
}
