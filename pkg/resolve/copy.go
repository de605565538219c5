package resolve

import (
	"maps"
	"reflect"

	"k8s.io/apimachinery/pkg/api/resource"
)

// copyTo sets dst to a deep copy of src.
func (s *shape) copyTo(dst, src reflect.Value) {
	switch {
	case s.flat:
		dst.Set(src)
	case s.form == structure:
		dst.Set(src)
		for i := range s.members {
			if m := &s.members[i]; !m.shape.flat {
				if f := m.of(src); !f.IsZero() {
					m.shape.copyTo(m.of(dst), f)
				}
			}
		}
	case src.IsZero():
		dst.SetZero()
	case s.form == quantity:
		q := src.Interface().(resource.Quantity)
		dst.Set(reflect.ValueOf(q.DeepCopy()))
	case s.form == pointer:
		p := reflect.New(s.typ.Elem())
		s.elem.copyTo(p.Elem(), src.Elem())
		dst.Set(p)
	case s.form == mapping:
		s.copyMap(dst, src)
	case s.form == list:
		l := reflect.MakeSlice(s.typ, src.Len(), src.Len())
		if s.elem.flat {
			reflect.Copy(l, src)
		} else {
			for i := range src.Len() {
				s.elem.copyTo(l.Index(i), src.Index(i))
			}
		}
		dst.Set(l)
	case s.form == free:
		dst.Set(reflect.ValueOf(copyFree(src.Interface())))
	default:
		dst.Set(src)
	}
}

func (s *shape) copyMap(dst, src reflect.Value) {
	switch m := src.Interface().(type) {
	case map[string]string:
		dst.Set(reflect.ValueOf(maps.Clone(m)))
		return
	case map[string]any:
		dst.Set(reflect.ValueOf(copyFree(m)))
		return
	}
	m := reflect.MakeMapWithSize(s.typ, src.Len())
	for it := src.MapRange(); it.Next(); {
		m.SetMapIndex(it.Key(), s.elem.copyOf(it.Value()))
	}
	dst.Set(m)
}

// copyOf returns a deep copy of a value that need not be addressable.
func (s *shape) copyOf(v reflect.Value) reflect.Value {
	if s.flat {
		return v
	}
	out := reflect.New(s.typ).Elem()
	s.copyTo(out, v)
	return out
}

// copyFree returns a deep copy of a JSON value, or of whatever else a Go program
// put in its place.
func copyFree(v any) any {
	switch x := v.(type) {
	case nil, string, bool, int, int32, int64, float64:
		return v
	case map[string]any:
		if x == nil {
			return x
		}
		out := make(map[string]any, len(x))
		for k, e := range x {
			out[k] = copyFree(e)
		}
		return out
	case []any:
		if x == nil {
			return x
		}
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = copyFree(e)
		}
		return out
	}
	rv := reflect.ValueOf(v)
	return shapeOf(rv.Type()).copyOf(rv).Interface()
}
