package feature

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// SettingsOf returns the settings that the layers of a target have for a feature, or
// nil where none has any. They are shared: only a Default changes them.
func SettingsOf[T any](t *view.Target, name string) *T { return SettingsIn[T](&t.Spec, name) }

// SettingsIn returns the settings for a feature in one layer of an app, as it was
// written, or nil where it has none.
func SettingsIn[T any](s *model.AppSpec, name string) *T {
	settings, _ := s.Extensions[name].(*T)
	return settings
}

// SettingsFor returns the settings of a feature for a Default to fill in, and adds
// empty ones where no layer has any.
func SettingsFor[T any](d *Derivation, name string) *T {
	settings := SettingsOf[T](d.Target, name)
	if settings == nil {
		settings = new(T)
		if d.Spec.Extensions == nil {
			d.Spec.Extensions = model.Extensions{}
		}
		d.Spec.Extensions[name] = settings
	}
	return settings
}

// checkSettings returns why settings are not a pointer to a struct that YAML can be
// read into and whose layers can be merged.
func checkSettings(settings any) error {
	t := reflect.TypeOf(settings)
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || decodesItself(t.Elem()) {
		return fmt.Errorf("%s is not a pointer to a struct of fields", t)
	}
	return settingsType(t.Elem(), map[reflect.Type]bool{})
}

// settingsType checks the type of settings, or of a part of them.
func settingsType(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] || decodesItself(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return settingsType(t.Elem(), seen)
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return settingsType(t.Elem(), seen)
		}
	case reflect.Struct:
		return settingsFields(t, seen)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return nil
		}
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return nil
	}
	return fmt.Errorf("YAML cannot be read into a %s: use strings, booleans, integers, quantities, and structs, lists and maps of them", t)
}

func settingsFields(t reflect.Type, seen map[reflect.Type]bool) error {
	var wrong []error
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		err := settingsType(f.Type, seen)
		switch {
		case name == "-" && f.IsExported():
			continue
		case !f.IsExported():
			err = errors.New("the field is not exported")
		case name == "" && !(f.Anonymous && f.Type.Kind() == reflect.Struct):
			err = errors.New("the field has no json tag")
		case err == nil:
			err = mergeTag(f)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s.%s: %w", t.Name(), f.Name, err))
		}
	}
	return errors.Join(wrong...)
}

// mergeTag checks how two lists in a field meet.
func mergeTag(f reflect.StructField) error {
	key, _, _ := strings.Cut(f.Tag.Get("merge"), ",")
	if key == "" || key == "-" || key == "append" && f.Type.Kind() == reflect.Slice {
		return nil
	}
	if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
		for _, k := range reflect.VisibleFields(f.Type.Elem()) {
			if name, _, _ := strings.Cut(k.Tag.Get("json"), ","); name == key && k.Type.Kind() == reflect.String {
				return nil
			}
		}
	}
	return fmt.Errorf("the tag merge:%q needs a list of structs that have a string of that name", key)
}

func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer &&
		(p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()))
}
