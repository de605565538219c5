package render

import (
	"reflect"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestDigest checks that values which layers tell apart have different digests.
func TestDigest(t *testing.T) {
	for name, tc := range map[string]struct{ reason, a, b any }{
		"NilList":   {"An empty list replaces, none inherits.", model.AppSpec{}, model.AppSpec{TalksTo: []model.Peer{}}},
		"Zero":      {"Zero is a value.", model.AppSpec{}, model.AppSpec{Replicas: new(int32(0))}},
		"Text":      {"So is empty text.", model.EnvVar{}, model.EnvVar{Value: new("")}},
		"Number":    {"A number is no text.", model.RawObject{"a": int64(1)}, model.RawObject{"a": "1"}},
		"Float":     {"A fraction is no whole number.", model.RawObject{"a": int64(1)}, model.RawObject{"a": 1.0}},
		"Neighbour": {"Texts do not run together.", []string{"ab", "c"}, []string{"a", "bc"}},
		"Field":     {"Fields of one value differ.", model.Fleet{Name: "a"}, model.Fleet{GeneratorVersion: "a"}},
	} {
		a, err := digest(tc.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := digest(tc.b)
		if err != nil {
			t.Fatal(err)
		}
		if a == b {
			t.Errorf("%s: %s", name, tc.reason)
		}
	}
}

// TestDigestOfModel checks that the model holds nothing without a digest.
func TestDigestOfModel(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(typ.Elem())
			return
		case reflect.Map:
			walk(typ.Key())
			walk(typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				if f := typ.Field(i); f.IsExported() {
					walk(f.Type)
				}
			}
		case reflect.Interface:
			return
		}
		if _, err := appendValue(nil, reflect.New(typ).Elem()); err != nil {
			t.Errorf("%v", err)
		}
	}
	walk(reflect.TypeFor[model.Fleet]())
}
