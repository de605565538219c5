package kustomize

import (
	"bytes"
	"maps"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// patch adds the patch that turns a pair's object into its target: a strategic
// merge where that is exact, a JSON patch where it is not, or where it is much
// shorter, as for one entry that is appended to a long list, and names no entry by
// its index that has a key.
func (k *kustomization) patch(p *pair, file string) error {
	if object.Equal(p.from.Map(), p.to) {
		return nil
	}
	if meta, ok := p.to["metadata"].(map[string]any); ok && p.from.Generated() && meta["annotations"] == nil {
		// Kustomize marks what is to be hashed by an annotation: they go one by one.
		if _, had := p.from.Get("metadata", "annotations"); had {
			p.edit()["metadata"].(map[string]any)["annotations"] = map[string]any{}
		}
	}
	body, exact := strategic(p.from, p.to)
	var merge []byte
	if exact {
		merge = object.Marshal(k.identified(p.from, body))
		if p.from.Generated() || lines(merge) <= 2*(minLines+targetLines) {
			k.merge(file, merge)
			return nil
		}
	}
	operations, byIndex := jsonPatch(p.from, p.to)
	if exact && byIndex {
		k.merge(file, merge)
		return nil
	}
	data := object.Marshal(operations)
	if exact && lines(merge) <= 2*(lines(data)+targetLines) {
		k.merge(file, merge)
		return nil
	}
	target := map[string]any{"kind": p.from.Kind(), "name": regexp.QuoteMeta(p.from.Name())}
	if k.alike[nameOf(p.from)] > 1 {
		target["group"], target["namespace"] = p.from.Group(), p.from.Namespace()
		if p.from.Namespace() == "" && !clusterScoped(p.from) {
			target["namespace"] = "default" // what kustomize takes it for
		}
		maps.DeleteFunc(target, func(_ string, v any) bool { return v == "" })
	}
	k.add(file, data)
	k.patches = append(k.patches, map[string]any{"path": file, "target": target})
	return nil
}

// merge adds a strategic merge.
func (k *kustomization) merge(file string, data []byte) {
	k.add(file, data)
	k.patches = append(k.patches, map[string]any{"path": file})
}

// minLines are the lines of the shortest JSON patch, and targetLines what its
// target and its pointers cost the reader.
const minLines, targetLines = 2, 5

func lines(data []byte) int { return bytes.Count(data, []byte("\n")) }

// remove adds the patch that deletes an object of the parent.
func (k *kustomization) remove(o object.Object, file string) {
	k.merge(file, object.Marshal(k.identified(o, map[string]any{"$patch": "delete"})))
}

// identified returns a patch's body with what names its object. Kustomize knows
// an object by its namespace too, also by that of before a parent set it: it is
// only written where the parent did not set it, or two objects are alike without.
func (k *kustomization) identified(o object.Object, body map[string]any) map[string]any {
	meta, _ := body["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
	}
	meta["name"] = o.Name()
	if ns := o.Namespace(); ns != "" && (ns != k.inherited || k.alike[nameOf(o)] > 1) {
		meta["namespace"] = ns
	}
	body["apiVersion"], body["kind"], body["metadata"] = o.APIVersion(), o.Kind(), meta
	return body
}

// nameOf returns what a person calls an object, as in Deployment/web.
func nameOf(o object.Object) string { return o.Kind() + "/" + o.Name() }

// builtin reports whether a group is one of Kubernetes' own, whose lists merge
// by keys.
func builtin(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io") && group != "gateway.networking.k8s.io" && group != "metrics.k8s.io"
}
