package sprigfuncs

import (
	"fmt"
	"math"
	"reflect"
	"text/template"
)

// maxResult is how many bytes, or elements, a function may make out of less.
const maxResult = 1 << 20

// sizes estimate the result of the functions that make much out of little. Only
// an estimate is needed: it must not be far too small.
var sizes = map[string]func(args []reflect.Value) float64{
	"repeat":                 func(a []reflect.Value) float64 { return number(a, 0) * length(a, 1) },
	"indent":                 func(a []reflect.Value) float64 { return number(a, 0) * (1 + length(a, 1)) },
	"nindent":                func(a []reflect.Value) float64 { return number(a, 0) * (1 + length(a, 1)) },
	"wrap":                   func(a []reflect.Value) float64 { return 2 * length(a, 1) },
	"wrapWith":               func(a []reflect.Value) float64 { return (1 + length(a, 1)) * (1 + length(a, 2)) },
	"replace":                func(a []reflect.Value) float64 { return (1 + length(a, 1)) * (1 + length(a, 2)) },
	"regexReplaceAll":        regexSize,
	"regexReplaceAllLiteral": regexSize, "mustRegexReplaceAll": regexSize, "mustRegexReplaceAllLiteral": regexSize,
	"join":         func(a []reflect.Value) float64 { return (1 + length(a, 0)) * (1 + length(a, 1)) },
	"until":        func(a []reflect.Value) float64 { return 16 * math.Abs(number(a, 0)) },
	"untilStep":    func(a []reflect.Value) float64 { return 16 * steps(number(a, 0), number(a, 1), number(a, 2)) },
	"seq":          seqSize,
	"randAlphaNum": randomSize, "randAlpha": randomSize, "randAscii": randomSize, "randNumeric": randomSize, "randBytes": randomSize,
}

func regexSize(a []reflect.Value) float64 { return (1 + length(a, 1)) * (1 + length(a, 2)) }

func randomSize(a []reflect.Value) float64 { return number(a, 0) }

// seqSize is for a last, a first and last, or a first, step and last element.
func seqSize(a []reflect.Value) float64 {
	if len(a) != 1 || a[0].Kind() != reflect.Slice {
		return 0
	}
	switch a = elements(a[0]); len(a) {
	case 1:
		return 16 * math.Abs(number(a, 0))
	case 2:
		return 16 * math.Abs(number(a, 1)-number(a, 0))
	case 3:
		return 16 * steps(number(a, 0), number(a, 2), number(a, 1))
	}
	return 0
}

func elements(list reflect.Value) []reflect.Value {
	var out []reflect.Value
	for i := range list.Len() {
		out = append(out, list.Index(i))
	}
	return out
}

// steps is how many steps lie between two numbers.
func steps(from, to, step float64) float64 {
	if step == 0 {
		return 0
	}
	return max(0, (to-from)/step)
}

func number(args []reflect.Value, i int) float64 {
	if i < len(args) {
		if v := indirect(args[i]); v.CanInt() {
			return float64(v.Int())
		}
	}
	return 0
}

func length(args []reflect.Value, i int) float64 {
	if i >= len(args) {
		return 0
	}
	switch v := indirect(args[i]); v.Kind() {
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map:
		return float64(v.Len())
	default:
		return 0
	}
}

func indirect(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// bound makes the functions of sizes return an error before they make too much.
func bound(funcs template.FuncMap) {
	for name, size := range sizes {
		f := reflect.ValueOf(funcs[name])
		if f.Kind() != reflect.Func {
			continue
		}
		funcs[name] = bounded(name, f, size)
	}
}

func bounded(name string, f reflect.Value, size func([]reflect.Value) float64) any {
	t := f.Type()
	in := make([]reflect.Type, t.NumIn())
	for i := range in {
		in[i] = t.In(i)
	}
	failed := reflect.TypeFor[error]()
	return reflect.MakeFunc(reflect.FuncOf(in, []reflect.Type{t.Out(0), failed}, t.IsVariadic()), func(args []reflect.Value) []reflect.Value {
		if s := size(args); s > maxResult {
			err := fmt.Errorf("%s would make more than %d bytes: let it make less", name, maxResult)
			return []reflect.Value{reflect.Zero(t.Out(0)), reflect.ValueOf(&err).Elem()}
		}
		var out []reflect.Value
		if t.IsVariadic() {
			out = f.CallSlice(args)
		} else {
			out = f.Call(args)
		}
		if len(out) == 1 {
			out = append(out, reflect.Zero(failed))
		}
		return out
	}).Interface()
}
