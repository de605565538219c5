package render

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// digest returns the hash of a value of the model. Nil and empty lists and maps
// differ in it, as they do in layers. It is an error where the value holds
// something that cannot be told from others of its kind, such as a function.
func digest(v any) ([sha256.Size]byte, error) {
	data, err := appendValue(nil, reflect.ValueOf(v))
	return sha256.Sum256(data), err
}

// appendValue appends a form of v that no other value of its type has.
func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return binary.AppendUvarint(b, math.Float64bits(v.Float())), nil
	case reflect.String:
		return appendText(b, v.String()), nil
	case reflect.Pointer, reflect.Interface:
		return appendElem(b, v)
	case reflect.Struct:
		return appendStruct(b, v)
	case reflect.Map:
		return appendMap(b, v)
	case reflect.Slice, reflect.Array:
		return appendList(b, v)
	}
	return b, fmt.Errorf("a %s has no digest", v.Type())
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendElem appends what a pointer or an interface holds, with its type.
func appendElem(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, 0), nil
	}
	b = append(b, 1)
	if v.Kind() == reflect.Interface {
		b = appendText(b, v.Elem().Type().String())
	}
	return appendValue(b, v.Elem())
}

// appendStruct appends the fields that are not zero, each after its number.
func appendStruct(b []byte, v reflect.Value) ([]byte, error) {
	if q, ok := v.Interface().(resource.Quantity); ok {
		return appendText(b, q.String()), nil
	}
	var err error
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			return b, fmt.Errorf("a %s has no digest", v.Type())
		}
		if f := v.Field(i); !f.IsZero() {
			if b, err = appendValue(binary.AppendUvarint(b, uint64(i+1)), f); err != nil {
				return b, err
			}
		}
	}
	return append(b, 0), nil
}

func appendMap(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, 0), nil
	}
	if v.Type().Key().Kind() != reflect.String {
		return b, fmt.Errorf("a %s has no digest", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return compare(a.String(), b.String()) })
	b = binary.AppendUvarint(b, uint64(len(keys)+1))
	var err error
	for _, k := range keys {
		if b, err = appendValue(appendText(b, k.String()), v.MapIndex(k)); err != nil {
			return b, err
		}
	}
	return b, nil
}

func appendList(b []byte, v reflect.Value) ([]byte, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return append(b, 0), nil
	}
	b = binary.AppendUvarint(b, uint64(v.Len()+1))
	var err error
	for i := range v.Len() {
		if b, err = appendValue(b, v.Index(i)); err != nil {
			return b, err
		}
	}
	return b, nil
}
