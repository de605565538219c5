package kustomize

import (
	"maps"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// mergeGenerated adds the entry of configMapGenerator that brings a generated
// ConfigMap from its base to its target, and takes what it brings about out of
// the pair: removed keys are left to a patch. Texts are not, as a generator
// quotes nothing that a patch could rely on.
func (k *kustomization) mergeGenerated(p *pair, namespace string) error {
	target, err := object.FromMap(object.Copy(p.to).(map[string]any))
	if err != nil {
		return err
	}
	from := p.from.Clone()
	changed := map[string]map[string]string{}
	for _, path := range [][]string{{"data"}, {"metadata", "labels"}, {"metadata", "annotations"}} {
		before, err := textMap(from, path...)
		if err != nil {
			return err
		}
		after, err := textMap(target, path...)
		if err != nil {
			return err
		}
		maps.DeleteFunc(after, func(key, v string) bool { old, ok := before[key]; return ok && old == v })
		if len(after) == 0 {
			continue
		}
		last := path[len(path)-1]
		changed[last] = after
		maps.Copy(before, after)
		below(from.Map(), path[:len(path)-1])[last] = anyMap(before)
	}
	if len(changed) == 0 {
		return nil
	}
	p.from = from
	entry := map[string]any{"name": from.Name(), "behavior": "merge"}
	if namespace != "" {
		entry["namespace"] = namespace
	}
	k.entries(entry, from.Name(), changed["data"])
	options := map[string]any{}
	for _, field := range []string{"labels", "annotations"} {
		if len(changed[field]) > 0 {
			options[field] = anyMap(changed[field])
		}
	}
	if immutable, ok := from.Get("immutable"); ok {
		options["immutable"] = immutable
	}
	if len(options) > 0 {
		entry["options"] = options
	}
	k.configMaps = append(k.configMaps, entry)
	return nil
}
