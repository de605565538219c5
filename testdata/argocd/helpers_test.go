package argocd

import (
	"encoding/json"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// jsonMap returns an object as a decoder of JSON has it.
func jsonMap(t *testing.T, o object.Object) map[string]any {
	t.Helper()
	data, err := yaml.YAMLToJSON(o.YAML())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// objectsOf returns the objects of a kind of an instance.
func objectsOf(t *testing.T, i instance, kind string) []object.Object {
	t.Helper()
	out, err := i.objects(kind)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// below returns the mapping at a path, or nil.
func below(m map[string]any, path ...string) map[string]any {
	for _, p := range path {
		m, _ = m[p].(map[string]any)
	}
	return m
}
