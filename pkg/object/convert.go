package object

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/util/intstr"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// conversion returns a value of one type in the package's form. All together do
// what runtime.DefaultUnstructuredConverter does, which looks up types and tags
// anew for each value, and makes room for each field of a struct; and then prune
// what From omits, unless all is kept.
type conversion func(v reflect.Value, keep bool) (any, error)

// conversions are those of the types that were converted so far, by type. They hold
// what the tags of the type say, which is read once.
var conversions sync.Map

// convert returns any value in the package's form.
func convert(v reflect.Value, keep bool) (any, error) {
	known, ok := conversions.Load(v.Type())
	if !ok {
		made := making{}
		made.of(v.Type())
		for t, c := range made {
			conversions.LoadOrStore(t, *c)
		}
		known, _ = conversions.Load(v.Type())
	}
	return known.(conversion)(v, keep)
}

// making are the conversions that are being made, by type: types are recursive.
type making map[reflect.Type]*conversion

// unstructured is what types of Kubernetes implement that are not objects in JSON.
type unstructured interface{ ToUnstructured() any }

var (
	unstructuredType = reflect.TypeFor[unstructured]()
	marshalerType    = reflect.TypeFor[json.Marshaler]()
)

// of returns the conversion of a type, which may not be complete yet.
func (m making) of(t reflect.Type) *conversion {
	if c := m[t]; c != nil {
		return c
	}
	c := new(conversion)
	m[t] = c
	switch of := reflect.PointerTo(t); {
	case t.Kind() == reflect.Pointer:
		*c = m.pointer(t)
	case t.Kind() == reflect.Interface:
		*c = dynamic
	case t == reflect.TypeFor[map[string]string]():
		*c = labels
	case t == reflect.TypeFor[intstr.IntOrString]():
		*c = intOrString
	case of.Implements(unstructuredType):
		*c = known
	case of.Implements(marshalerType):
		*c = marshaled
	case t.Kind() == reflect.Struct:
		*c = m.structure(t)
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		*c = m.mapping(t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		*c = marshaled
	case t.Kind() == reflect.Slice:
		*c = m.list(t)
	default:
		*c = plain
	}
	return c
}

func (m making) pointer(t reflect.Type) conversion {
	elem := m.of(t.Elem())
	return func(v reflect.Value, keep bool) (any, error) {
		if v.IsNil() {
			return nil, nil
		}
		return (*elem)(v.Elem(), keep)
	}
}

func (m making) list(t reflect.Type) conversion {
	elem := m.of(t.Elem())
	return func(v reflect.Value, keep bool) (any, error) {
		if v.IsNil() {
			return nil, nil
		}
		out := make([]any, v.Len())
		for i := range out {
			var err error
			if out[i], err = (*elem)(v.Index(i), keep); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

func (m making) mapping(t reflect.Type) conversion {
	elem := m.of(t.Elem())
	return func(v reflect.Value, keep bool) (any, error) {
		if v.IsNil() {
			return nil, nil
		}
		out := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			var err error
			if out[it.Key().String()], err = (*elem)(it.Value(), keep); err != nil {
				return nil, err
			}
		}
		if !keep {
			dropUnset(out)
		}
		return out, nil
	}
}

// field is a field of a struct that has a name in JSON.
type field struct {
	name  string
	index []int // behind embedded structs
	value *conversion
	// omitEmpty and omitZero tell which values are left out.
	omitEmpty, omitZero bool
}

func (m making) structure(t reflect.Type) conversion {
	fields := m.fields(t, nil, nil)
	return func(v reflect.Value, keep bool) (any, error) {
		var buf [24]entry // more than most have set
		set, empty := buf[:0], false
		for i := range fields {
			f := &fields[i]
			of, ok := f.of(v)
			if !ok || f.omits(of) {
				continue
			}
			value, err := (*f.value)(of, keep || f.name == schemaField)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
			set, empty = append(set, entry{key: f.name, value: value}), empty || isEmpty(value)
		}
		out := make(map[string]any, len(set))
		for i := range set {
			out[set[i].key] = set[i].value
		}
		if empty && !keep {
			dropUnset(out)
		}
		return out, nil
	}
}

// fields appends the fields of t, which is at an index of its struct, to out.
func (m making) fields(t reflect.Type, index []int, out []field) []field {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		at, embedded := append(append([]int(nil), index...), i), f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-" || !f.IsExported() && !f.Anonymous:
		case name == "" && f.Anonymous && embedded.Kind() == reflect.Struct:
			out = m.fields(embedded, at, out)
		default:
			if name == "" {
				name = f.Name
			}
			has := func(option string) bool { return strings.Contains(","+options+",", ","+option+",") }
			out = append(out, field{name, at, m.of(f.Type), has("omitempty"), has("omitzero")})
		}
	}
	return out
}

// of returns the field of a struct, unless it is behind a pointer that is nil.
func (f *field) of(v reflect.Value) (reflect.Value, bool) {
	if len(f.index) == 1 {
		return v.Field(f.index[0]), true
	}
	of, err := v.FieldByIndexErr(f.index)
	return of, err == nil
}

// omits reports whether a value of the field is left out.
func (f *field) omits(v reflect.Value) bool {
	if f.omitEmpty {
		switch v.Kind() {
		case reflect.Struct:
		case reflect.Map, reflect.Slice, reflect.Array:
			return v.Len() == 0
		default:
			if v.IsZero() {
				return true
			}
		}
	}
	return f.omitZero && isZero(v)
}

// isZero reports whether a value is zero, as its type says where it does.
func isZero(v reflect.Value) bool {
	if z, ok := addressable(v).Interface().(interface{ IsZero() bool }); ok && !v.IsZero() {
		return z.IsZero()
	}
	return v.IsZero()
}

// addressable returns a pointer to a value, or to a copy, which has all its methods.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p
}

// dynamic converts what an interface holds.
func dynamic(v reflect.Value, keep bool) (any, error) {
	if v.IsNil() {
		return nil, nil
	}
	return convert(v.Elem(), keep)
}

// labels does what mapping does, for a type that there is much of.
func labels(v reflect.Value, _ bool) (any, error) {
	m := v.Interface().(map[string]string)
	if m == nil {
		return nil, nil
	}
	out := make(map[string]any, len(m))
	for k, e := range m {
		out[k] = e
	}
	return out, nil
}

// known converts a value whose type knows how.
func known(v reflect.Value, keep bool) (any, error) {
	return pruned(addressable(v).Interface().(unstructured).ToUnstructured(), keep)
}

// intOrString does what marshaled does, for a type that there is much of.
func intOrString(v reflect.Value, _ bool) (any, error) {
	if i := v.Interface().(intstr.IntOrString); i.Type == intstr.Int {
		return int64(i.IntVal), nil
	}
	return v.Interface().(intstr.IntOrString).StrVal, nil
}

// marshaled converts a value by its JSON.
func marshaled(v reflect.Value, keep bool) (any, error) {
	data, err := json.Marshal(addressable(v).Interface())
	if err != nil {
		return nil, err
	}
	var out any
	if err := utiljson.Unmarshal(data, &out); err != nil {
		return nil, err
	}
	return pruned(out, keep)
}

// pruned returns a value of JSON in the package's form.
func pruned(v any, keep bool) (any, error) {
	if !keep {
		prune(v)
	}
	return Normalize(v)
}

// plain converts a value that is not made of others.
func plain(v reflect.Value, _ bool) (any, error) {
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return v.Bool(), nil
	case v.CanInt():
		return v.Int(), nil
	case v.CanUint():
		return Normalize(v.Uint())
	case v.CanFloat():
		return Normalize(v.Float())
	}
	return nil, fmt.Errorf("a Kubernetes object cannot contain a value of type %v", v.Type())
}
