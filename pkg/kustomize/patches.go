package kustomize

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// ApplyPatches applies the user's patches to objects, as kustomize does, and
// returns the objects sorted by identity. A patch that selects nothing is an
// error. Errors about a patch are a *finding.Wrong.
func ApplyPatches(objects []object.Object, patches []model.Patch) ([]object.Object, error) {
	built, err := applyPatches(objects, patches)
	if err == nil {
		return built, nil
	}
	var wrong *finding.Wrong
	if errors.As(err, &wrong) {
		return nil, err
	}
	return nil, blame(objects, patches, err)
}

// blame finds the first patch, and the operation in it, with which kustomize
// fails.
func blame(objects []object.Object, patches []model.Patch, err error) error {
	at := fieldpath.Path("patches")
	for i, p := range patches {
		_, failed := applyPatches(objects, patches[:i+1])
		if failed == nil {
			continue
		}
		wrong := &finding.Wrong{Path: at.Index(i), Err: patchError(failed), Fix: "change the patch so that it fits the object"}
		for j := range p.JSON {
			p.JSON = patches[i].JSON[:j+1]
			if _, failed := applyPatches(objects, append(slices.Clone(patches[:i]), p)); failed != nil {
				wrong.Path = at.Index(i).Field("json").Index(j)
				break
			}
		}
		return wrong
	}
	return err
}

// patchError returns what is wrong with a patch without the files that kustomize
// was given.
func patchError(err error) error {
	text := strings.TrimPrefix(err.Error(), "kustomize build patched: ")
	if i := strings.LastIndex(text, "]: "); i >= 0 && strings.Contains(text[:i], "object-") {
		text = text[i+len("]: "):]
	}
	return fmt.Errorf("kustomize cannot apply the patch: %s", strings.TrimSpace(text))
}

func applyPatches(objects []object.Object, patches []model.Patch) ([]object.Object, error) {
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
			return nil, &finding.Wrong{Path: fieldpath.Path("patches").Index(i), Err: err, Fix: "name an object that is there by target.kind and target.name"}
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
			return nil, nil, errors.New("the patch does not say which object it changes")
		}
	}
	selected := false
	for _, o := range objects {
		selected = selected || o.Kind() == target.Kind && (target.Name == "" || o.Name() == target.Name) &&
			(target.Group == "" || o.Group() == target.Group)
	}
	if !selected {
		return nil, nil, fmt.Errorf("the patch changes nothing: there is no %s", strings.TrimSpace(target.Kind+" "+target.Name))
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
