package kustomize

import (
	"maps"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// mergeGenerated adds the entry of configMapGenerator that brings a generated
// ConfigMap from its base to its target, and takes what it brings about out of
// the pair: removed keys are left to a patch.
func (k *kustomization) mergeGenerated(p *pair, namespace string) error {
	target, err := object.FromMap(object.Copy(p.to).(map[string]any))
	if err != nil {
		return err
	}
	before, err := textMap(p.from, "data")
	if err != nil {
		return err
	}
	after, err := textMap(target, "data")
	if err != nil {
		return err
	}
	changed := maps.Clone(after)
	maps.DeleteFunc(changed, func(key, v string) bool { old, ok := before[key]; return ok && old == v })
	if len(changed) == 0 {
		return nil
	}
	entry := map[string]any{"name": p.from.Name(), "behavior": "merge"}
	if namespace != "" {
		entry["namespace"] = namespace
	}
	k.entries(entry, p.from.Name(), changed)
	if immutable, ok := p.from.Get("immutable"); ok {
		entry["options"] = map[string]any{"immutable": immutable}
	}
	k.configMaps = append(k.configMaps, entry)
	merged := maps.Clone(before)
	maps.Copy(merged, changed)
	from := p.from.Clone()
	from.Map()["data"] = anyMap(merged)
	p.from = from
	return nil
}
