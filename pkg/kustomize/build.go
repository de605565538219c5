package kustomize

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Build returns what kustomize builds from the directory dir of files, in
// kustomize's order. It loads nothing from elsewhere and runs no plugins.
func Build(files []tree.File, dir string) ([]object.Object, error) {
	built, err := run(files, dir, false)
	if err != nil {
		return nil, err
	}
	return objects(built, nil)
}

// BuildUnhashed is Build with the hashes of generated ConfigMaps switched off:
// what comes from a generator with a hash is marked as generated.
func BuildUnhashed(files []tree.File, dir string) ([]object.Object, error) {
	built, err := run(files, dir, true)
	if err != nil {
		return nil, err
	}
	hashed := map[string]bool{}
	for _, f := range files {
		if path.Base(f.Path) == layout.Kustomization {
			generatorNames(f.Data, hashed)
		}
	}
	return objects(built, hashed)
}

// run lets krusty build a directory in memory.
func run(files []tree.File, dir string, unhashed bool) (resmap.ResMap, error) {
	fsys := filesys.MakeFsInMemory()
	for _, f := range files {
		data := f.Data
		if path.Base(f.Path) == layout.Kustomization {
			if err := checkKustomization(f); err != nil {
				return nil, err
			}
			if unhashed {
				data = append(append([]byte{}, data...), "generatorOptions:\n  disableNameSuffixHash: true\n"...)
			}
		}
		if err := fsys.WriteFile("/"+f.Path, data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	k := krusty.MakeKustomizer(&krusty.Options{
		LoadRestrictions: types.LoadRestrictionsRootOnly,
		PluginConfig:     types.DisabledPluginConfig(),
	})
	built, err := k.Run(fsys, "/"+dir)
	if err != nil {
		return nil, fmt.Errorf("kustomize build %s: %w", dir, err)
	}
	return built, nil
}

// allowed are the fields of a kustomization that we write or know to be
// harmless. Above all, openapi is not among them: it changes the whole process.
var allowed = map[string]bool{
	"apiVersion": true, "kind": true, "metadata": true, "namespace": true, "resources": true, "components": true,
	"configMapGenerator": true, "labels": true, "patches": true, "replicas": true, "images": true,
	"commonAnnotations": true, "namePrefix": true, "nameSuffix": true, "replacements": true,
}

// checkKustomization refuses what reaches outside of the tree or changes more
// than one build.
func checkKustomization(f tree.File) error {
	v, err := object.ParseValue(f.Data)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: a kustomization is expected", f.Path)
	}
	for _, field := range sortedKeys(m) {
		if !allowed[field] {
			return fmt.Errorf("%s: the field %s is refused: it reaches outside of the tree, is deprecated, or changes other builds", f.Path, field)
		}
	}
	for _, field := range []string{"resources", "components"} {
		list, _ := m[field].([]any)
		for _, e := range list {
			s, _ := e.(string)
			if s == "" || strings.HasPrefix(s, "/") || strings.ContainsAny(s, ":?@") {
				return fmt.Errorf("%s: %s: %q is no path inside of the tree", f.Path, field, s)
			}
		}
	}
	return nil
}

// generatorNames notes the names of the ConfigMaps that a kustomization
// generates with a hash.
func generatorNames(data []byte, into map[string]bool) {
	v, err := object.ParseValue(data)
	if err != nil {
		return // run has reported it
	}
	m, _ := v.(map[string]any)
	list, _ := m["configMapGenerator"].([]any)
	for _, e := range list {
		entry, _ := e.(map[string]any)
		options, _ := entry["options"].(map[string]any)
		if name, ok := entry["name"].(string); ok && options["disableNameSuffixHash"] != true {
			into[name] = true
		}
	}
}

// objects converts what was built.
func objects(built resmap.ResMap, hashed map[string]bool) ([]object.Object, error) {
	out := make([]object.Object, 0, built.Size())
	for _, r := range built.Resources() {
		v, err := object.Value(r.YNode())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.CurId(), err)
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: no object", r.CurId())
		}
		o, err := object.FromMap(m)
		if err != nil {
			return nil, err
		}
		if o.Kind() == "ConfigMap" && hashed[o.Name()] {
			o = o.WithGenerator()
		}
		out = append(out, o)
	}
	return out, nil
}
