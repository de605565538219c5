package expand

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// errorType is what a function's second result has to be.
var errorType = reflect.TypeFor[error]()

// wrap returns f such that its arguments and its result are weighed.
func (e *engine) wrap(f any) (any, error) {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return nil, errors.New("this is no function")
	}
	t := v.Type()
	if t.NumOut() != 1 && (t.NumOut() != 2 || t.Out(1) != errorType) {
		return nil, errors.New("a function returns a value, or a value and an error")
	}
	in := make([]reflect.Type, t.NumIn())
	for i := range in {
		in[i] = t.In(i)
	}
	wrapped := reflect.FuncOf(in, []reflect.Type{t.Out(0), errorType}, t.IsVariadic())
	return reflect.MakeFunc(wrapped, func(args []reflect.Value) []reflect.Value {
		fail := func(err error) []reflect.Value {
			return []reflect.Value{reflect.Zero(t.Out(0)), reflect.ValueOf(&err).Elem()}
		}
		if err := e.weigh(args...); err != nil {
			return fail(err)
		}
		var out []reflect.Value
		if t.IsVariadic() {
			out = v.CallSlice(args)
		} else {
			out = v.Call(args)
		}
		if err := e.weigh(out[0]); err != nil {
			return fail(err)
		}
		if len(out) == 1 {
			out = append(out, reflect.Zero(errorType))
		}
		return out
	}).Interface(), nil
}

// weigh returns an error where the values together are too big to be printed,
// or nested too deeply, as a value within itself is.
func (e *engine) weigh(values ...reflect.Value) error {
	left := maxText
	var err error
	for _, v := range values {
		if err = weighOne(v, &left, 0); err != nil {
			break
		}
	}
	return errors.Join(err, e.spend(int64(maxText-left)+1))
}

func weighOne(v reflect.Value, left *int, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	if *left--; *left < 0 {
		return errTooBig
	}
	each := func(parts ...reflect.Value) error {
		for _, p := range parts {
			if err := weighOne(p, left, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		*left -= v.Len()
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			return each(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			*left -= v.Len()
			break
		}
		for i := range v.Len() {
			if err := each(v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for i := v.MapRange(); i.Next(); {
			if err := each(i.Key(), i.Value()); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if inner, ok := valueOf(v); ok {
			return each(inner)
		}
		*left -= int(v.Type().Size())
	}
	if *left < 0 {
		return errTooBig
	}
	return nil
}

// valueOf returns what a reflect.Value within a reflect.Value holds.
func valueOf(v reflect.Value) (reflect.Value, bool) {
	if !v.CanInterface() || v.Type() != reflect.TypeFor[reflect.Value]() {
		return reflect.Value{}, false
	}
	inner, ok := v.Interface().(reflect.Value)
	return inner, ok && inner.IsValid()
}

// printf is fmt.Sprintf but for widths that make a text out of nothing.
func (e *engine) printf(format string, args ...any) (string, error) {
	width, sum := 0, 0
	for _, c := range []byte(format) {
		if c >= '0' && c <= '9' {
			width = min(width*10+int(c-'0'), maxText)
			continue
		}
		sum, width = sum+width, 0
		if c == '*' {
			sum += slices.Max(append(widths(args), 0))
		}
	}
	if sum > maxText {
		return "", errTooBig
	}
	return fmt.Sprintf(format, args...), nil
}

// widths are the arguments that may be the width of another, as sizes.
func widths(args []any) []int {
	var out []int
	for _, a := range args {
		if v := reflect.ValueOf(a); v.CanInt() {
			out = append(out, int(min(max(v.Int(), -v.Int()), maxText)))
		} else if v.CanUint() {
			out = append(out, int(min(v.Uint(), maxText)))
		}
	}
	return out
}

// nodeWork is that of one value of a document which is copied or looked at.
const nodeWork = 128

// generatorWork is that of running a generator, beside what it makes.
const generatorWork = 8192

// yamlWork is that of a byte of YAML which is parsed.
const yamlWork = 100

// charge takes the work of copying a document.
func (e *engine) charge(v any) error { return e.spend(nodeWork * nodes(v)) }

// nodes counts the values of a document.
func nodes(v any) int64 {
	n := int64(1)
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n += nodes(e)
		}
	case []any:
		for _, e := range v {
			n += nodes(e)
		}
	case map[string]string:
		n += int64(len(v))
	case []string:
		n += int64(len(v))
	}
	return n
}
