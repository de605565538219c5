package part

import (
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Map is a value of a custom resource, whose kind has no Go type here.
type Map = map[string]any

// List is a list in a custom resource.
type List = []any

// Custom returns an object of a kind that has no Go type here. Spec is one that
// Fields returned; it belongs to the object afterwards.
func Custom(apiVersion, kind string, meta metav1.ObjectMeta, spec Map) (object.Object, error) {
	return object.FromMap(Map{
		"apiVersion": apiVersion, "kind": kind, "spec": spec,
		"metadata": Fields(Map{"name": meta.Name, "namespace": meta.Namespace, "labels": meta.Labels, "annotations": meta.Annotations}),
	})
}

// Fields returns m in JSON form, without what nobody set: nil pointers, "", and
// empty maps and lists. Zero and false are values. What has to stay though it is
// empty, such as the core group's name, is put in afterwards.
func Fields(m Map) Map {
	out := make(Map, len(m))
	for key, v := range m {
		if v := plain(reflect.ValueOf(v)); v != nil {
			out[key] = v
		}
	}
	return out
}

// plain returns the JSON form of a value, or nil where nobody set it.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.String:
		if v.Len() == 0 {
			return nil
		}
		return v.String()
	case reflect.Map:
		return plainMap(v)
	case reflect.Slice:
		return plainList(v)
	}
	return v.Interface()
}

func plainMap(v reflect.Value) any {
	if v.Len() == 0 {
		return nil
	}
	if m, ok := v.Interface().(Map); ok {
		return m
	}
	out := Map{}
	for it := v.MapRange(); it.Next(); {
		out[it.Key().String()] = it.Value().Interface()
	}
	return out
}

func plainList(v reflect.Value) any {
	if v.Len() == 0 {
		return nil
	}
	if l, ok := v.Interface().(List); ok {
		return l
	}
	out := make(List, v.Len())
	for i := range out {
		out[i] = v.Index(i).Interface()
		if s := v.Index(i); s.Kind() == reflect.String {
			out[i] = s.String()
		}
	}
	return out
}

// PlatformLabels are the labels of objects that belong to no app.
func PlatformLabels() map[string]string {
	return map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}
}

// DNSAnnotations returns ExternalDNS's annotations of an object, by their names
// without a prefix, in all the spellings that the environment's clusters know.
func DNSAnnotations(a *view.Platform, values map[string]string) map[string]string {
	out := map[string]string{}
	for name, v := range values {
		if v == "" {
			continue
		}
		for _, prefix := range a.ExternalDNS {
			out[prefix+name] = v
		}
	}
	return out
}
