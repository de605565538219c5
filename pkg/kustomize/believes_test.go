package kustomize

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestMergeKeys holds the merge keys of lists to kustomize's schema, list by list
// of each of Kubernetes' own kinds.
func TestMergeKeys(t *testing.T) {
	compared, merged := 0, 0
	for _, definition := range openapi.Schema().Definitions {
		list, _ := definition.Extensions["x-kubernetes-group-version-kind"].([]any)
		for _, e := range list {
			m, _ := e.(map[string]any)
			n := kind.Name{Group: m["group"].(string), Kind: m["kind"].(string)}
			if kind.Of(n) == kind.Unknown {
				continue // a list, a subresource, or no object
			}
			apiVersion := strings.TrimPrefix(n.Group+"/"+m["version"].(string), "/")
			schema := openapi.SchemaForResourceType(kyaml.TypeMeta{APIVersion: apiVersion, Kind: n.Kind})
			eachList(schema, nil, func(path []string, of *openapi.ResourceSchema) {
				field := path[len(path)-1]
				s := merger{own: kind.Kustomize(n).Merge, schema: builtin(n.Group), at: append([]string{""}, path[:len(path)-1]...)}
				ports := []any{map[string]any{"port": int64(80)}}
				if len(path) > 1 && strings.HasSuffix(strings.ToLower(path[len(path)-2]), "containers") {
					ports = []any{map[string]any{"containerPort": int64(80)}}
				}
				var want []string
				if strategy, keys := of.PatchStrategyAndKeyList(); strategy != "" {
					if want = keys; len(keys) == 0 {
						want = itself
					}
					merged++
				}
				if diff := cmp.Diff(want, s.keys(field, ports)); diff != "" {
					t.Errorf("%s %s: %s (-kustomize +ours):\n%s", apiVersion, n.Kind, strings.Join(path, "."), diff)
				}
				compared++
			})
		}
	}
	if compared < 1000 || merged < 200 {
		t.Errorf("only %d lists were compared, of which %d merge", compared, merged)
	}
}

// eachList calls f for every list that people write below a schema.
func eachList(schema *openapi.ResourceSchema, path []string, f func([]string, *openapi.ResourceSchema)) {
	if schema == nil || len(path) > 8 {
		return
	}
	for name := range schema.Schema.Properties {
		switch {
		case name == "status" && path == nil, name == "managedFields", name == "openAPIV3Schema":
			continue
		case name == "ephemeralContainers": // which are added to pods that run
			continue
		}
		below, at := schema.Field(name), append(slices.Clone(path), name)
		if below == nil {
			continue
		}
		if below.Schema.Type.Contains("array") {
			f(at, below)
			below = below.Elements()
		}
		eachList(below, at, f)
	}
}

// TestKustomized holds what the table says of kustomize's fields to kustomize
// itself, which builds an object of each kind that has all the fields that any
// could have. Objects of another group are built too, since it hardly looks at it.
func TestKustomized(t *testing.T) {
	names := kind.All()
	for n := range kind.All() {
		if kind.IsBuiltin(n) {
			names[kind.Name{Group: "example.com", Kind: n.Kind}] = kind.Unknown
		}
	}
	var data []byte
	for n := range names {
		apiVersion := strings.TrimPrefix(n.Group+"/v1", "/")
		data = append(append(data, "---\n"...), object.Marshal(everything(apiVersion, n.Kind))...)
	}
	built, err := Build([]tree.File{
		{Path: "all/everything.yaml", Data: data},
		{Path: "all/kustomization.yaml", Data: []byte("resources: [everything.yaml]\nreplicas: [{name: thing, count: 7}]\n" +
			"labels: [{pairs: {team: shop}, includeTemplates: true}]\nconfigMapGenerator: [{name: config, literals: [a=b]}]\n")},
	}, "all")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range built {
		if o.Name() != "thing" {
			continue // the ConfigMap
		}
		got := kind.Kustomized{Merge: kind.Kustomize(o.KindName()).Merge}
		count, _ := o.Get("spec", "replicas")
		got.Replicas = count == int64(7)
		for _, path := range [][]string{{"template"}, {"spec"}, {"spec", "template"}, {"spec", "jobTemplate"}, {"spec", "jobTemplate", "spec", "template"}} {
			if o.Text(append(path, "metadata", "labels", "team")...) == "shop" {
				got.Labels = append(got.Labels, path)
			}
		}
		eachName(o.Map(), nil, func(path []string) { got.ConfigMaps = append(got.ConfigMaps, path) })
		want := kind.Kustomize(o.KindName())
		want.ConfigMaps = slices.SortedFunc(slices.Values(want.ConfigMaps), slices.Compare)
		slices.SortFunc(got.ConfigMaps, slices.Compare)
		if diff := cmp.Diff(got, want, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-kustomize +table):\n%s", o.ID(), diff)
		}
	}
	if len(built) < 300 {
		t.Errorf("only %d objects were built", len(built))
	}
}

// everything returns an object that is a pod, has templates of pods in all places,
// and names a ConfigMap wherever kustomize might look.
func everything(apiVersion, of string) map[string]any {
	name := func() map[string]any { return map[string]any{"name": "config"} }
	containers := func() []any {
		return []any{map[string]any{"name": "a", "image": "a", "env": []any{map[string]any{"name": "A", "valueFrom": map[string]any{"configMapKeyRef": name()}}},
			"envFrom": []any{map[string]any{"configMapRef": name()}}}}
	}
	pod := func() map[string]any {
		return map[string]any{"containers": containers(), "initContainers": containers(), "volumes": []any{map[string]any{"name": "a", "configMap": name()},
			map[string]any{"name": "b", "projected": map[string]any{"sources": []any{map[string]any{"configMap": name()}}}}}}
	}
	template := func() map[string]any { return map[string]any{"metadata": map[string]any{}, "spec": pod()} }
	spec := pod()
	spec["metadata"], spec["replicas"], spec["template"] = map[string]any{}, int64(1), template()
	spec["jobTemplate"] = map[string]any{"metadata": map[string]any{}, "spec": map[string]any{"template": template()}}
	return map[string]any{"apiVersion": apiVersion, "kind": of, "spec": spec, "template": template(),
		"metadata": map[string]any{"name": "thing", "annotations": map[string]any{"nginx.ingress.kubernetes.io/fastcgi-params-configmap": "config"}},
		"rules":    []any{map[string]any{"resourceNames": []any{"config"}}}}
}

// eachName calls f for the path, without keys, of each text that is the ConfigMap's
// name with its hash.
func eachName(v any, path []string, f func([]string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			eachName(e, append(slices.Clone(path), key), f)
		}
	case []any:
		for _, e := range v {
			eachName(e, path, f)
		}
	case string:
		if strings.HasPrefix(v, "config-") {
			f(path)
		}
	}
}
