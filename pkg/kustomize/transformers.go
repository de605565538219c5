package kustomize

import (
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// replicas returns the entries of replicas, and takes what they bring about out
// of the pairs.
func replicas(pairs []*pair, added []object.Object) []any {
	named := map[string]int{}
	for _, p := range pairs {
		if kind.Kustomize(p.id.KindName()).Replicas {
			named[p.id.Name]++
		}
	}
	for _, o := range added {
		if kind.Kustomize(o.KindName()).Replicas {
			named[o.Name()]++
		}
	}
	var out []any
	for _, p := range pairs {
		spec, _ := p.to["spec"].(map[string]any)
		count, ok := spec["replicas"].(int64)
		old, had := p.from.Get("spec", "replicas")
		if !ok || !kind.Kustomize(p.id.KindName()).Replicas || named[p.id.Name] > 1 || object.Equal(old, count) {
			continue
		}
		out = append(out, map[string]any{"name": p.id.Name, "count": count})
		spec = p.edit()["spec"].(map[string]any)
		if spec["replicas"] = old; !had {
			delete(spec, "replicas")
		}
	}
	return out
}

// labels returns the entry of labels, and takes what it brings about out of the
// pairs. A label qualifies where every object and every pod template has it.
func labels(pairs []*pair, added []object.Object) []any {
	if len(pairs) == 0 || slices.ContainsFunc(pairs, func(p *pair) bool { return p.same }) {
		return nil
	}
	common := map[string]any{}
	for k, v := range labelsAt(pairs[0].to) {
		if _, isText := v.(string); isText {
			common[k] = v
		}
	}
	var all []map[string]any
	for _, p := range pairs {
		if p.from.Generated() {
			// A generated ConfigMap takes its labels from its entry.
			all = append(all, p.to)
			continue
		}
		all = append(all, places(p.id.KindName(), p.to)...)
	}
	for _, o := range added {
		all = append(all, places(o.KindName(), o.Map())...)
	}
	for _, place := range all {
		have := labelsAt(place)
		maps.DeleteFunc(common, func(k string, v any) bool { return have[k] != v })
	}
	maps.DeleteFunc(common, func(k string, v any) bool { return !differs(pairs, k, v) })
	if len(common) == 0 {
		return nil
	}
	for _, p := range pairs {
		restore(p, common)
	}
	return []any{map[string]any{"pairs": common, "includeTemplates": true}}
}

// differs reports whether some pair has the label newly.
func differs(pairs []*pair, key string, value any) bool {
	n := 0
	for _, p := range pairs {
		if labelsAt(p.from.Map())[key] != value {
			n++
		}
	}
	return n == len(pairs)
}

// restore gives a pair's labels their values of before.
func restore(p *pair, common map[string]any) {
	olds, news := places(p.id.KindName(), p.from.Map()), places(p.id.KindName(), p.edit())
	for i, place := range news {
		var old map[string]any
		if i < len(olds) {
			old = labelsAt(olds[i])
		}
		meta, _ := place["metadata"].(map[string]any)
		have, _ := meta["labels"].(map[string]any)
		for k := range common {
			if v, ok := old[k]; ok {
				have[k] = v
			} else {
				delete(have, k)
			}
		}
		if len(have) == 0 && old == nil {
			delete(meta, "labels")
		}
	}
}

// places returns what has a metadata.labels that kustomize's labels reach: the
// object and its templates.
func places(of kind.Name, o map[string]any) []map[string]any {
	out := []map[string]any{o}
	for _, path := range kind.Kustomize(of).Labels {
		out = append(out, below(o, path))
	}
	return out
}

func labelsAt(o map[string]any) map[string]any {
	meta, _ := o["metadata"].(map[string]any)
	m, _ := meta["labels"].(map[string]any)
	return m
}
