package view

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// RawObject is a whole object that an app brings along.
type RawObject struct {
	// App is whose object it is, and Namespace where that app runs.
	App, Namespace string
	// Object is shared with the fleet and must not be changed.
	Object model.RawObject
}

// KindOf returns the kind of a whole object.
func KindOf(o model.RawObject) kind.Name {
	apiVersion, _ := o["apiVersion"].(string)
	name, _ := o["kind"].(string)
	return kind.Name{Group: kind.Group(apiVersion), Kind: name}
}

// HoldsValues reports whether an object is a Secret that has any value.
func HoldsValues(o map[string]any) bool {
	return o["kind"] == "Secret" && (o["data"] != nil || o["stringData"] != nil)
}

// Path returns the place in the fleet of the object.
func (w RawObject) Path() fieldpath.Path {
	return fieldpath.Path("apps").Key(w.App).Field("spec").Field("objects").Key(Text(w.Object, "kind") + "/" + Text(w.Object, "metadata", "name"))
}

// OwnNamespace returns the namespace of the object: its own, or that of its app.
func (w RawObject) OwnNamespace() string {
	return cmp.Or(Text(w.Object, "metadata", "namespace"), w.Namespace)
}

// Value returns the value at keys below a whole object, or one of its values; nil
// where there is none.
func Value(v any, keys ...string) any {
	for _, k := range keys {
		if o, ok := v.(model.RawObject); ok {
			v = map[string]any(o)
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// Text returns the text at keys below a value, as Value does; "" where there is
// none.
func Text(v any, keys ...string) string {
	s, _ := Value(v, keys...).(string)
	return s
}

// List returns the list at keys below a value, as Value does; nil where there is
// none.
func List(v any, keys ...string) []any {
	l, _ := Value(v, keys...).([]any)
	return l
}
