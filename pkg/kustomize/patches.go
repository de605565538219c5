package kustomize

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// ApplyPatches applies the user's patches to objects, as kustomize does, and
// returns the objects sorted by identity. A patch that selects nothing is an
// error.
func ApplyPatches(objects []object.Object, patches []model.Patch) ([]object.Object, error) {
	generated := map[object.ID]bool{}
	var resources, entries []any
	var files []tree.File
	for i, o := range objects {
		generated[o.ID()] = o.Generated()
		name := fmt.Sprintf("object-%d.yaml", i)
		resources = append(resources, name)
		files = append(files, tree.File{Path: path.Join("patched", name), Data: o.YAML()})
	}
	for i, p := range patches {
		entry, body, err := patchEntry(p, objects)
		if err != nil {
			return nil, fmt.Errorf("patch %d: %w", i, err)
		}
		name := fmt.Sprintf("patch-%d.yaml", i)
		entry["path"] = name
		entries = append(entries, entry)
		files = append(files, tree.File{Path: path.Join("patched", name), Data: body})
	}
	k := kustomization{resources: resources, patches: entries}
	files = append(files, tree.File{Path: path.Join("patched", layout.Kustomization), Data: k.all()[0].Data})
	built, err := Build(files, "patched")
	if err != nil {
		return nil, err
	}
	for i, o := range built {
		if generated[o.ID()] {
			built[i] = o.WithGenerator()
		}
	}
	object.Sort(built)
	return built, nil
}

// patchEntry returns the entry of patches and the patch's file.
func patchEntry(p model.Patch, objects []object.Object) (map[string]any, []byte, error) {
	target := p.Target
	if target == nil {
		target = &model.PatchTarget{}
		target.Kind, _ = p.Merge["kind"].(string)
		meta, _ := p.Merge["metadata"].(map[string]any)
		target.Name, _ = meta["name"].(string)
		if target.Kind == "" || target.Name == "" {
			return nil, nil, fmt.Errorf("it names no object: add target.kind, or kind and metadata.name")
		}
	}
	selected := false
	for _, o := range objects {
		selected = selected || o.Kind() == target.Kind && (target.Name == "" || o.Name() == target.Name) &&
			(target.Group == "" || o.Group() == target.Group)
	}
	if !selected {
		return nil, nil, fmt.Errorf("no object is a %s %s", target.Kind, target.Name)
	}
	selector := map[string]any{"kind": target.Kind}
	if target.Name != "" {
		selector["name"] = regexp.QuoteMeta(target.Name)
	}
	if target.Group != "" {
		selector["group"] = target.Group
	}
	body, err := patchBody(p, target)
	return map[string]any{"target": selector}, body, err
}

func patchBody(p model.Patch, target *model.PatchTarget) ([]byte, error) {
	if p.JSON != nil {
		data, err := json.Marshal(p.JSON)
		if err != nil {
			return nil, err
		}
		v, err := object.ParseValue(data)
		return object.Marshal(v), err
	}
	body := object.Copy(p.Merge).(map[string]any)
	for key, v := range map[string]any{"apiVersion": "v1", "kind": target.Kind, "metadata": map[string]any{}} {
		if _, ok := body[key]; !ok {
			body[key] = v
		}
	}
	if meta, ok := body["metadata"].(map[string]any); ok && meta["name"] == nil {
		meta["name"] = "any" // kustomize wants one, and goes by the target
	}
	return object.Marshal(body), nil
}
