package crds

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// lean is a struct of our own for a custom resource, or for its part at path.
type lean struct {
	of               any
	apiVersion, kind string
	// path names the part, as in spec.data[]; "" is the object.
	path string
	// newer are fields that older releases do not have, which the library
	// leaves out there, and the minor version that brought them.
	newer map[string]string
}

// mismatches returns how the struct differs from the definition, by the path of
// the field: fields that the definition does not have, fields of another type,
// and required fields that the struct lacks. A kind that the release does not
// serve is a mismatch too.
func (j *judge) mismatches(l lean) []string {
	k, ok := j.kinds[schema.FromAPIVersionAndKind(l.apiVersion, l.kind)]
	if !ok {
		return []string{fmt.Sprintf("%s %s is not served", l.apiVersion, l.kind)}
	}
	part := k.properties
	for _, name := range strings.FieldsFunc(l.path, func(r rune) bool { return r == '.' }) {
		name, isItem := strings.CutSuffix(name, "[]")
		property, ok := part.Properties[name]
		if !ok || isItem && property.Items == nil {
			return []string{l.path + ": no such part"}
		}
		if part = &property; isItem {
			part = property.Items.Schema
		}
	}
	return compare(l.path, reflect.TypeOf(l.of), part)
}

// marshaler are the types that say themselves how they are written.
var marshaler = reflect.TypeFor[json.Marshaler]()

func compare(path string, t reflect.Type, s *apiextensionsv1.JSONSchemaProps) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	anything := s.XPreserveUnknownFields != nil && *s.XPreserveUnknownFields && len(s.Properties) == 0
	if anything || s.XIntOrString || t.Kind() == reflect.Interface || t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return nil
	}
	if want := jsonTypes(t); !slices.Contains(want, s.Type) {
		return []string{fmt.Sprintf("%s: %s is written for type %s", path, t, s.Type)}
	}
	switch t.Kind() {
	case reflect.Struct:
		return compareFields(path, t, s)
	case reflect.Slice, reflect.Array:
		if s.Items != nil && s.Items.Schema != nil {
			return compare(path+"[]", t.Elem(), s.Items.Schema)
		}
	case reflect.Map:
		if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
			return compare(path+"{}", t.Elem(), s.AdditionalProperties.Schema)
		}
		if len(s.Properties) > 0 {
			return []string{path + ": a map is written for an object of fixed fields"}
		}
	}
	return nil
}

// jsonTypes returns the types of a schema that a Go type may be written for.
func jsonTypes(t reflect.Type) []string {
	switch t.Kind() {
	case reflect.String:
		return []string{"string"}
	case reflect.Bool:
		return []string{"boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return []string{"integer", "number"}
	case reflect.Float32, reflect.Float64:
		return []string{"number"}
	case reflect.Struct, reflect.Map:
		return []string{"object"}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return []string{"string"} // base64
		}
		return []string{"array"}
	}
	return nil
}

func compareFields(path string, t reflect.Type, s *apiextensionsv1.JSONSchemaProps) []string {
	fields := map[string]reflect.Type{}
	collectFields(t, fields)
	var out []string
	for name, ft := range fields {
		below := strings.TrimPrefix(path+"."+name, ".")
		property, ok := s.Properties[name]
		switch {
		case !ok:
			out = append(out, below+": the definition has no such field")
		case below != "metadata": // whose schema is the server's own
			out = append(out, compare(below, ft, &property)...)
		}
	}
	for _, name := range s.Required {
		if _, ok := fields[name]; !ok {
			out = append(out, strings.TrimPrefix(path+"."+name, ".")+": required, and not in the struct")
		}
	}
	slices.Sort(out)
	return out
}

// collectFields adds the fields that encoding/json writes, by their names.
func collectFields(t reflect.Type, out map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "" && embedded.Kind() == reflect.Struct:
			collectFields(embedded, out)
		case name == "":
			out[f.Name] = f.Type
		default:
			out[name] = f.Type
		}
	}
}
