package kustomize

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/openapi"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// TestScopes holds the table of kinds to what kustomize believes of those that it
// knows. An object whose scope kustomize takes for another could not be written.
func TestScopes(t *testing.T) {
	compared := 0
	for _, definition := range openapi.Schema().Definitions {
		list, _ := definition.Extensions["x-kubernetes-group-version-kind"].([]any)
		for _, e := range list {
			m, _ := e.(map[string]any)
			group, _ := m["group"].(string)
			version, _ := m["version"].(string)
			name, _ := m["kind"].(string)
			apiVersion := version
			if group != "" {
				apiVersion = group + "/" + version
			}
			namespaced, known := openapi.IsNamespaceScoped(kyaml.TypeMeta{APIVersion: apiVersion, Kind: name})
			if !known || name == "Scale" {
				continue // a list, a subresource, or no object
			}
			compared++
			want := kind.Cluster
			if namespaced {
				want = kind.Namespaced
			}
			if got := kind.Of(kind.Name{Group: group, Kind: name}); got != want {
				t.Errorf("%s %s: kustomize takes it for %s, and kind.Of says %q", apiVersion, name, want, got)
			}
		}
	}
	if compared < 60 {
		t.Errorf("only %d kinds were compared", compared)
	}
}
