package kustomize

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Base returns the files of a unit's base directory: a manifest for each
// object, and a kustomization that reads them. ConfigMaps that are marked as
// generated become entries of configMapGenerator.
func Base(unit string, objects []object.Object) ([]File, error) {
	var k kustomization
	if err := k.whole(objects, fileNames(unit, objects), ""); err != nil {
		return nil, err
	}
	return k.all(), nil
}

// whole adds objects as manifests and generators. Names are the file names of the
// objects of the directory.
func (k *kustomization) whole(objects []object.Object, names map[object.ID]string, namespace string) error {
	var resources []string
	for _, o := range objects {
		if o.Generated() {
			entry, err := k.generator(o, "", namespace)
			if err != nil {
				return err
			}
			k.configMaps = append(k.configMaps, entry)
			continue
		}
		name := names[o.ID()]
		k.add(name, o.YAML())
		resources = append(resources, name)
	}
	slices.Sort(resources)
	for _, r := range resources {
		k.resources = append(k.resources, r)
	}
	return nil
}

// fileNames returns the file name of each object.
func fileNames(unit string, objects []object.Object) map[object.ID]string {
	out := make(map[object.ID]string, len(objects))
	for i, name := range layout.ObjectFiles(unit, objects) {
		out[objects[i].ID()] = name
	}
	return out
}

// generator returns the entry of configMapGenerator that makes o, and adds the
// files that it reads.
func (k *kustomization) generator(o object.Object, behavior, namespace string) (map[string]any, error) {
	entry := map[string]any{"name": o.Name()}
	if namespace != "" {
		entry["namespace"] = namespace
	}
	if behavior != "" {
		entry["behavior"] = behavior
	}
	if _, ok := o.Get("binaryData"); ok {
		return nil, fmt.Errorf("%s: binaryData cannot be generated", o.ID())
	}
	data, err := textMap(o, "data")
	if err != nil {
		return nil, err
	}
	k.entries(entry, o.Name(), data)
	options := map[string]any{}
	for _, field := range []string{"labels", "annotations"} {
		m, err := textMap(o, "metadata", field)
		if err != nil {
			return nil, err
		}
		if len(m) > 0 {
			options[field] = anyMap(m)
		}
	}
	if immutable, ok := o.Get("immutable"); ok {
		options["immutable"] = immutable
	}
	if len(options) > 0 {
		entry["options"] = options
	}
	return entry, nil
}

// entries sets the literals and files of a generator entry.
func (k *kustomization) entries(entry map[string]any, name string, data map[string]string) {
	var literals, files []any
	for _, key := range sortedKeys(data) {
		if v := data[key]; isLiteral(key, v) {
			literals = append(literals, key+"="+v)
			continue
		}
		file := path.Join("config", name, key)
		k.add(file, []byte(data[key]))
		files = append(files, key+"="+file)
	}
	if literals != nil {
		entry["literals"] = literals
	}
	if files != nil {
		entry["files"] = files
	}
}

// isLiteral reports whether a value survives as a literal: kustomize takes
// quotes away and knows no line ends there.
func isLiteral(key, v string) bool {
	return !strings.ContainsAny(v, "\n\r\"'") && !strings.Contains(key, "=") && strings.TrimSpace(v) == v
}

func textMap(o object.Object, path ...string) (map[string]string, error) {
	v, _ := o.Get(path...)
	m, _ := v.(map[string]any)
	out := make(map[string]string, len(m))
	for k, v := range m {
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("%s: %s.%s is not a string", o.ID(), strings.Join(path, "."), k)
		}
		out[k] = s
	}
	return out, nil
}

func anyMap(m map[string]string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}
