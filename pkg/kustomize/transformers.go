package kustomize

import (
	"maps"
	"regexp"

	"github.com/gitopsgen/gitopsgen/pkg/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// replicable are the kinds that kustomize's replicas reach.
var replicable = map[string]bool{"Deployment": true, "StatefulSet": true, "ReplicaSet": true}

// replicas returns the entries of replicas, and takes what they bring about out
// of the pairs.
func replicas(pairs []*pair, added []object.Object) []any {
	named := map[string]int{}
	for _, p := range pairs {
		if replicable[p.id.Kind] {
			named[p.id.Name]++
		}
	}
	for _, o := range added {
		if replicable[o.Kind()] {
			named[o.Name()]++
		}
	}
	var out []any
	for _, p := range pairs {
		spec, _ := p.to["spec"].(map[string]any)
		count, ok := spec["replicas"].(int64)
		old, had := p.from.Get("spec", "replicas")
		if !ok || !replicable[p.id.Kind] || named[p.id.Name] > 1 || object.Equal(old, count) {
			continue
		}
		out = append(out, map[string]any{"name": p.id.Name, "count": count})
		if spec["replicas"] = old; !had {
			delete(spec, "replicas")
		}
	}
	return out
}

// imageUse is a container's image in the parent and in the target.
type imageUse struct {
	from, to imageref.Reference
	set      func(string)
}

// images returns the entries of images, and takes what they bring about out of
// the pairs. An image name gets an entry where one entry maps every use of it,
// and touches nothing else.
func images(pairs []*pair, added []object.Object) []any {
	uses := map[string][]imageUse{}
	var others []string // images without a counterpart in the parent
	for _, p := range pairs {
		eachImage(p.from.Map(), p.to, func(from, to string, set func(string)) {
			f, errF := imageref.Parse(from)
			t, errT := imageref.Parse(to)
			if errF != nil || errT != nil {
				others = append(others, to)
				return
			}
			uses[f.Name] = append(uses[f.Name], imageUse{f, t, set})
		})
	}
	for _, o := range added {
		eachImage(nil, o.Map(), func(_, to string, _ func(string)) { others = append(others, to) })
	}
	var out []any
	for _, name := range sortedKeys(uses) {
		if entry := imageEntry(name, uses, others); entry != nil {
			out = append(out, entry)
			for _, u := range uses[name] {
				u.set(u.from.String())
			}
		}
	}
	return out
}

// imageEntry returns the entry for an image name, or nil where there is nothing
// to change or no entry is exact.
func imageEntry(name string, uses map[string][]imageUse, others []string) map[string]any {
	first := uses[name][0]
	changed := false
	for _, u := range uses[name] {
		if u.to != first.to {
			return nil
		}
		changed = changed || u.from != u.to
	}
	to := first.to
	if !changed || to.Tag == "" && to.Digest == "" || !ownPattern(name, uses, others) {
		return nil
	}
	if _, chained := uses[to.Name]; chained && to.Name != name {
		return nil
	}
	entry := map[string]any{"name": name}
	if to.Name != name {
		entry["newName"] = to.Name
	}
	if to.Tag != "" {
		entry["newTag"] = to.Tag
	}
	if to.Digest != "" {
		entry["digest"] = to.Digest
	}
	return entry
}

// ownPattern reports whether name, which kustomize reads as a regular
// expression, matches no image but its own.
func ownPattern(name string, uses map[string][]imageUse, others []string) bool {
	pattern, err := regexp.Compile("^" + name + "([:@].*)?$")
	if err != nil {
		return false
	}
	for _, image := range others {
		if pattern.MatchString(image) {
			return false
		}
	}
	for other, list := range uses {
		for _, u := range list {
			if other != name && (pattern.MatchString(other) || pattern.MatchString(u.to.Name)) {
				return false
			}
		}
	}
	return true
}

// eachImage calls f, in no order, for every image in a list of containers below
// to, with the image of the container of the same name in from, or "".
func eachImage(from, to any, f func(from, to string, set func(string))) {
	switch to := to.(type) {
	case map[string]any:
		old, _ := from.(map[string]any)
		for key, v := range to {
			list, isList := v.([]any)
			if _, isMap := v.(map[string]any); !isMap && !isList {
				continue
			}
			if key == "containers" || key == "initContainers" {
				olds, _ := old[key].([]any)
				containerImages(olds, list, f)
			}
			eachImage(old[key], v, f)
		}
	case []any:
		old, _ := from.([]any)
		for i, e := range to {
			var o any
			if i < len(old) {
				o = old[i]
			}
			eachImage(o, e, f)
		}
	}
}

func containerImages(from, to []any, f func(from, to string, set func(string))) {
	for _, e := range to {
		c, _ := e.(map[string]any)
		image, ok := c["image"].(string)
		if !ok {
			continue
		}
		old := ""
		for _, b := range from {
			if m, ok := b.(map[string]any); ok && m["name"] == c["name"] {
				old, _ = m["image"].(string)
			}
		}
		f(old, image, func(s string) { c["image"] = s })
	}
}

// templates are the places of pod templates' labels that kustomize's labels
// reach with includeTemplates, by kind.
var templates = map[string][][]string{
	"Deployment": {{"spec", "template"}}, "StatefulSet": {{"spec", "template"}}, "DaemonSet": {{"spec", "template"}},
	"ReplicaSet": {{"spec", "template"}}, "Job": {{"spec", "template"}}, "ReplicationController": {{"spec", "template"}},
	"CronJob": {{"spec", "jobTemplate"}, {"spec", "jobTemplate", "spec", "template"}},
}

// labels returns the entry of labels, and takes what it brings about out of the
// pairs. A label qualifies where every object and every pod template has it.
func labels(pairs []*pair, added []object.Object) []any {
	if len(pairs) == 0 {
		return nil
	}
	common := map[string]any{}
	maps.Copy(common, labelsAt(pairs[0].to))
	var all []map[string]any
	for _, p := range pairs {
		if p.from.Generated() {
			// A generated ConfigMap takes its labels from its entry.
			all = append(all, p.to)
			continue
		}
		all = append(all, places(p.id.Kind, p.to)...)
	}
	for _, o := range added {
		all = append(all, places(o.Kind(), o.Map())...)
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
	olds, news := places(p.id.Kind, p.from.Map()), places(p.id.Kind, p.to)
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
func places(kind string, o map[string]any) []map[string]any {
	out := []map[string]any{o}
	for _, path := range templates[kind] {
		at := o
		for _, key := range path {
			at, _ = at[key].(map[string]any)
		}
		out = append(out, at)
	}
	return out
}

func labelsAt(o map[string]any) map[string]any {
	meta, _ := o["metadata"].(map[string]any)
	m, _ := meta["labels"].(map[string]any)
	return m
}
