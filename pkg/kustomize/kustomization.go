package kustomize

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// kustomization collects the entries of a kustomization.yaml.
type kustomization struct {
	namespace    string
	inherited    string
	resources    []any
	configMaps   []any
	labels       []any
	patches      []any
	replicas     []any
	images       []any
	transformers []any
	files        []File
	// alike counts the objects that patches meet by kind and name.
	alike map[string]int
}

// add adds a file beside the kustomization.
func (k *kustomization) add(name string, data []byte) {
	k.files = append(k.files, File{Name: name, Data: data})
}

// The file and the kind of the transformer that sets the namespace of objects
// that have none, and leaves the others where they stand.
const (
	unsetFile = "namespace.yaml"
	unsetKind = "NamespaceTransformer"
)

// setUnset sets the namespace by a transformer of its own: the field namespace
// would move objects that stand elsewhere.
func (k *kustomization) setUnset() {
	k.add(unsetFile, object.Marshal(map[string]any{
		"apiVersion": "builtin", "kind": unsetKind, "metadata": map[string]any{"name": "namespace", "namespace": k.namespace}, "unsetOnly": true,
	}))
	k.transformers, k.namespace = []any{unsetFile}, ""
}

// all returns the files of the directory, the kustomization among them, sorted
// by name.
func (k *kustomization) all() []File {
	data := object.Marshal(map[string]any{"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"})
	if k.namespace != "" {
		data = object.AppendYAML(data, map[string]any{"namespace": k.namespace})
	}
	for _, field := range []struct {
		name string
		list []any
	}{
		{"resources", k.resources}, {"configMapGenerator", k.configMaps}, {"labels", k.labels},
		{"patches", k.patches}, {"replicas", k.replicas}, {"images", k.images}, {"transformers", k.transformers},
	} {
		if len(field.list) > 0 {
			data = object.AppendYAML(data, map[string]any{field.name: field.list})
		}
	}
	files := append(slices.Clone(k.files), File{Name: layout.Kustomization, Data: data})
	slices.SortFunc(files, func(a, b File) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	return files
}
