// Package object holds a Kubernetes object in flight: its identity, its scope
// and its value in JSON form, with a byte-stable YAML form that reads as if a
// careful person had written it.
//
// Values are string, bool, int64, Number, nil, map[string]any and []any, as they
// come from Parse and From. Objects are shared between goroutines: change only a
// Clone.
package object

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// Number is a number that is not an int64, as the text that it was written as.
// Numbers are compared as text.
type Number string

// ID is the identity of an object. Two objects with the same ID cannot exist in
// one cluster, whatever their API version.
type ID struct {
	Group     string `json:"group,omitempty"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// KindName returns the kind with its group.
func (id ID) KindName() kind.Name { return kind.Name{Group: id.Group, Kind: id.Kind} }

// String returns the ID as in "Deployment.apps guestbook-prod/frontend".
func (id ID) String() string {
	s := id.Kind
	if id.Group != "" {
		s += "." + id.Group
	}
	s += " "
	if id.Namespace != "" {
		s += id.Namespace + "/"
	}
	return s + id.Name
}

// Compare orders IDs by group, kind, namespace and name.
func (id ID) Compare(other ID) int {
	return cmp.Or(cmp.Compare(id.Group, other.Group), cmp.Compare(id.Kind, other.Kind),
		cmp.Compare(id.Namespace, other.Namespace), cmp.Compare(id.Name, other.Name))
}

// Object is one Kubernetes object. The zero value is not an object; use From,
// FromMap or Parse.
type Object struct {
	root      map[string]any
	generated bool
}

// From returns the object of a pointer to a typed API struct whose TypeMeta is
// set. Values that the type writes although they are not set are omitted: nulls,
// the status, and the empty structs of optional fields.
func From(typed any) (Object, error) {
	m, err := valueOf(typed)
	if err != nil {
		return Object{}, fmt.Errorf("converting %T: %w", typed, err)
	}
	delete(m, "status")
	if spec, ok := m["spec"].(map[string]any); ok && len(spec) == 0 {
		delete(m, "spec")
	}
	return identified(m)
}

// valueOf returns the value of a typed object.
func valueOf(typed any) (map[string]any, error) {
	if u, ok := typed.(runtime.Unstructured); ok {
		m := u.UnstructuredContent()
		_, err := pruned(m, false)
		return m, err
	}
	v := reflect.ValueOf(typed)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, errors.New("it is not a pointer to an object")
	}
	value, err := convert(v, false)
	m, ok := value.(map[string]any)
	if err == nil && !ok {
		err = errors.New("it is not an object")
	}
	return m, err
}

// FromMap returns the object that m holds; m now belongs to the object. Other
// number types of Go are converted to the package's form. It is an error where
// apiVersion, kind or metadata.name is missing or not a string, where
// metadata.namespace is not a string, or where a value cannot be in JSON.
func FromMap(m map[string]any) (Object, error) {
	if _, err := Normalize(m); err != nil {
		return Object{}, err
	}
	return identified(m)
}

// identified returns the object that m holds, which has what identifies it.
func identified(m map[string]any) (Object, error) {
	o := Object{root: m}
	for _, field := range []struct{ path, value string }{
		{"apiVersion", o.APIVersion()}, {"kind", o.Kind()}, {"metadata.name", o.Name()},
	} {
		if field.value == "" {
			return Object{}, fmt.Errorf("object %q: %s is missing or not a string", o.Kind()+"/"+o.Name(), field.path)
		}
	}
	if ns, ok := o.Get("metadata", "namespace"); ok && ns != nil && o.Namespace() == "" && ns != "" {
		return Object{}, fmt.Errorf("object %q: metadata.namespace is not a string", o.Kind()+"/"+o.Name())
	}
	return o, nil
}

// IsZero reports whether o is the zero value.
func (o Object) IsZero() bool { return o.root == nil }

// Map returns the object's value, shared: it must not be changed.
func (o Object) Map() map[string]any { return o.root }

// Clone returns a deep copy whose Map may be changed.
func (o Object) Clone() Object {
	return Object{root: Copy(o.root).(map[string]any), generated: o.generated}
}

// WithoutNamespace returns the object without metadata.namespace. It shares the rest:
// its Map must not be changed.
func (o Object) WithoutNamespace() Object {
	meta, _ := o.root["metadata"].(map[string]any)
	if _, ok := meta["namespace"]; !ok {
		return o
	}
	meta = maps.Clone(meta)
	delete(meta, "namespace")
	root := maps.Clone(o.root)
	root["metadata"] = meta
	return Object{root: root, generated: o.generated}
}

// WithGenerator marks a ConfigMap as one that kustomize's configMapGenerator
// generates: its name then gets a hash of its content when it is built.
func (o Object) WithGenerator() Object { o.generated = true; return o }

// Generated reports whether WithGenerator was called on o.
func (o Object) Generated() bool { return o.generated }

// APIVersion returns the object's apiVersion.
func (o Object) APIVersion() string { return o.Text("apiVersion") }

// Kind returns the object's kind.
func (o Object) Kind() string { return o.Text("kind") }

// KindName returns the object's kind with its group.
func (o Object) KindName() kind.Name { return kind.Name{Group: o.Group(), Kind: o.Kind()} }

// Group returns the API group, "" for the core group.
func (o Object) Group() string {
	group, version, ok := strings.Cut(o.APIVersion(), "/")
	if !ok || strings.Contains(version, "/") {
		return ""
	}
	return group
}

// Name returns metadata.name.
func (o Object) Name() string { return o.Text("metadata", "name") }

// Namespace returns metadata.namespace.
func (o Object) Namespace() string { return o.Text("metadata", "namespace") }

// ID returns the object's identity.
func (o Object) ID() ID {
	return ID{Group: o.Group(), Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name()}
}

// Get returns the value at the map keys path, and whether there is one.
func (o Object) Get(path ...string) (any, bool) {
	var v any = o.root
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

// Text returns the text at the map keys path, or "".
func (o Object) Text(path ...string) string {
	v, _ := o.Get(path...)
	s, _ := v.(string)
	return s
}

// Sort orders objects by ID, in place.
func Sort(objects []Object) {
	type named struct {
		id ID
		Object
	}
	list := make([]named, len(objects))
	for i, o := range objects {
		list[i] = named{o.ID(), o}
	}
	slices.SortStableFunc(list, func(a, b named) int { return a.id.Compare(b.id) })
	for i := range list {
		objects[i] = list[i].Object
	}
}

// Copy returns a deep copy of a value in the package's form.
func Copy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = Copy(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = Copy(e)
		}
		return out
	default:
		return v
	}
}

// Overlay lays the values of a map over those of another: maps merge at any depth,
// everything else, null too, replaces what was there. Dst shares nothing with src.
func Overlay(dst, src map[string]any) {
	for k, v := range src {
		below, isMap := v.(map[string]any)
		if old, ok := dst[k].(map[string]any); ok && isMap {
			Overlay(old, below)
			continue
		}
		dst[k] = Copy(v)
	}
}

// Equal reports whether two values in the package's form are the same JSON value:
// the order of maps does not matter, the order of lists does, and an absent key
// is not null.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			w, ok := b[k]
			if !ok || !Equal(v, w) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	default:
		switch b.(type) {
		case map[string]any, []any:
			return false
		}
		return a == b
	}
}

// FromAll returns the objects of typed API structs, as From does for one.
func FromAll[T any](typed ...T) ([]Object, error) {
	var out []Object
	for _, t := range typed {
		o, err := From(t)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}
