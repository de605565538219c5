package explain

import (
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// changes are the ways to change a value of a spec, in the order in which they
// are tried: to another value of its kind, then to none.
var changes = []func(*model.AppSpec, fieldpath.Path) bool{another, none}

// another gives the value at path another value of its type; it reports whether
// there is one.
func another(spec *model.AppSpec, path fieldpath.Path) bool {
	return visit(spec, path, func(v reflect.Value) (reflect.Value, bool) {
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		return out, alter(out)
	})
}

// none removes the value at path.
func none(spec *model.AppSpec, path fieldpath.Path) bool {
	return visit(spec, path, func(v reflect.Value) (reflect.Value, bool) {
		return reflect.Zero(v.Type()), true
	})
}

// alter changes v to another value.
func alter(v reflect.Value) bool {
	switch x := v.Addr().Interface().(type) {
	case *resource.Quantity:
		x.Add(resource.MustParse("1"))
		return true
	case *intstr.IntOrString:
		*x = other(*x)
		return true
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return false
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(v.Elem())
		v.Set(p)
		return alter(p.Elem())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Interface:
		return alterJSON(v)
	case reflect.Slice:
		return alterSlice(v)
	case reflect.Map:
		v.SetZero()
	default:
		return false
	}
	return true
}

// alterJSON changes a free-form value. Settings of a feature have no other value of
// their kind.
func alterJSON(v reflect.Value) bool {
	if v.Elem().Kind() == reflect.Pointer {
		return false
	}
	switch x := v.Interface().(type) {
	case string:
		v.Set(reflect.ValueOf(x + "x"))
	case float64:
		v.Set(reflect.ValueOf(x + 1))
	case bool:
		v.Set(reflect.ValueOf(!x))
	default:
		v.Set(reflect.ValueOf("x"))
	}
	return true
}

// alterSlice changes the last entry of a list.
func alterSlice(v reflect.Value) bool {
	if v.Len() == 0 {
		return false
	}
	c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(c, v)
	v.Set(c)
	return alter(c.Index(c.Len() - 1))
}

func other(x intstr.IntOrString) intstr.IntOrString {
	if x.Type == intstr.Int {
		return intstr.FromInt32(x.IntVal + 1)
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(x.StrVal, "%")); err == nil && n < 100 {
		return intstr.FromString(strconv.Itoa(n+1) + "%")
	}
	return intstr.FromString("1%")
}

// visit replaces the value at path by what f makes of it. Everything on the way
// is copied where it could be shared with another spec.
func visit(spec *model.AppSpec, path fieldpath.Path, f func(reflect.Value) (reflect.Value, bool)) bool {
	steps, err := path.Steps()
	if err != nil {
		return false
	}
	return walk(reflect.ValueOf(spec).Elem(), steps, "", f)
}

func walk(v reflect.Value, steps []fieldpath.Step, mergeKey string, f func(reflect.Value) (reflect.Value, bool)) bool {
	if len(steps) == 0 {
		out, ok := f(v)
		if ok {
			v.Set(out)
		}
		return ok
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return false
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(v.Elem())
		v.Set(p)
		return walk(p.Elem(), steps, "", f)
	case reflect.Struct:
		field, tag, ok := fieldByName(v, steps[0].Name)
		return ok && walk(field, steps[1:], tag, f)
	case reflect.Map:
		return walkMap(v, steps, f)
	case reflect.Slice:
		i := entryIndex(v, steps[0].Name, mergeKey)
		if i < 0 {
			return false
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		v.Set(c)
		return walk(c.Index(i), steps[1:], "", f)
	case reflect.Interface:
		e := reflect.New(v.Elem().Type()).Elem()
		e.Set(v.Elem())
		ok := walk(e, steps, "", f)
		v.Set(e)
		return ok
	}
	return false
}

func walkMap(v reflect.Value, steps []fieldpath.Step, f func(reflect.Value) (reflect.Value, bool)) bool {
	k := reflect.ValueOf(steps[0].Name).Convert(v.Type().Key())
	if !v.MapIndex(k).IsValid() {
		return false
	}
	c := reflect.MakeMap(v.Type())
	for it := v.MapRange(); it.Next(); {
		c.SetMapIndex(it.Key(), it.Value())
	}
	e := reflect.New(v.Type().Elem()).Elem()
	e.Set(v.MapIndex(k))
	ok := walk(e, steps[1:], "", f)
	if e.IsZero() && len(steps) == 1 {
		c.SetMapIndex(k, reflect.Value{})
	} else {
		c.SetMapIndex(k, e)
	}
	v.Set(c)
	return ok
}

// fieldByName returns the field with a JSON name, also that of an embedded
// struct, and the key that its list merges by.
func fieldByName(v reflect.Value, name string) (reflect.Value, string, bool) {
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		tag, opts, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if tag == name {
			key, _, _ := strings.Cut(sf.Tag.Get("merge"), ",")
			return v.Field(i), key, true
		}
		if sf.Anonymous && tag == "" && (opts == "inline" || opts == "") {
			if f, key, ok := fieldByName(v.Field(i), name); ok {
				return f, key, true
			}
		}
	}
	return reflect.Value{}, "", false
}

// entryIndex returns the index of a list's entry by its key or its number.
func entryIndex(v reflect.Value, name, mergeKey string) int {
	if mergeKey != "" && v.Type().Elem().Kind() == reflect.Struct {
		for i := range v.Len() {
			if f, _, ok := fieldByName(v.Index(i), mergeKey); ok && f.String() == name {
				return i
			}
		}
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < v.Len() {
		return i
	}
	return -1
}
