package kustomize

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
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
// error. Errors are a finding.AllWrong with each bad patch.
func ApplyPatches(objects []object.Object, patches []model.Patch) ([]object.Object, error) {
	var failed error
	if !slices.ContainsFunc(patches, func(p model.Patch) bool { return selects(p, objects) != nil }) {
		built, err := applyPatches(objects, patches)
		if err == nil {
			return built, nil
		}
		failed = err
	}
	return nil, blame(objects, patches, failed)
}

// blame returns what is wrong with each bad patch. They are tried one by one on
// what the good ones before made.
func blame(objects []object.Object, patches []model.Patch, failed error) error {
	var wrong finding.AllWrong
	add := func(at fieldpath.Path, err error, fix string) {
		wrong = append(wrong, &finding.Wrong{Path: at, Err: err, Fix: fix})
	}
	const fix = "change the patch so that it applies to the object"
	standing := objects
	for i, p := range patches {
		at := fieldpath.Path("patches").Index(i)
		if err := selects(p, objects); err != nil {
			add(at, err, "select an existing object with target.kind and target.name")
			continue
		}
		if built, err := applyPatches(standing, patches[i:i+1]); err != nil {
			at, err = badOperation(standing, p, at, err)
			add(at, patchError(err), fix)
		} else {
			standing = built
		}
	}
	if wrong == nil {
		add("patches", patchError(failed), fix)
	}
	return wrong
}

// badOperation returns the place of the operation with which a JSON patch fails,
// and its error; other patches fail as a whole.
func badOperation(objects []object.Object, p model.Patch, at fieldpath.Path, failed error) (fieldpath.Path, error) {
	operations, failures := p.JSON, map[int]error{}
	j := sort.Search(len(operations), func(j int) bool {
		p.JSON = operations[:j+1]
		_, failures[j] = applyPatches(objects, []model.Patch{p})
		return failures[j] != nil
	})
	if j < len(operations) {
		return at.Field("json").Index(j), failures[j]
	}
	return at, failed
}

// patchError returns what is wrong with a patch, in one line, without the files that
// kustomize was given and the values in them.
func patchError(err error) error {
	text := strings.TrimPrefix(err.Error(), "kustomize build patched: ")
	if i := strings.LastIndex(text, "]: "); i >= 0 && strings.Contains(text[:i], "object-") {
		text = text[i+len("]: "):]
	}
	text, _, _ = strings.Cut(text, ": node contents:")
	return fmt.Errorf("kustomize cannot apply the patch: %s", strings.Join(strings.Fields(text), " "))
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
		entry, body, err := patchEntry(p)
		if err != nil {
			return nil, err
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

// targetOf returns what a patch selects.
func targetOf(p model.Patch) *model.PatchTarget {
	if p.Target != nil {
		return p.Target
	}
	target := &model.PatchTarget{}
	target.Kind, _ = p.Merge["kind"].(string)
	meta, _ := p.Merge["metadata"].(map[string]any)
	target.Name, _ = meta["name"].(string)
	return target
}

// selects returns an error where a patch selects none of the objects.
func selects(p model.Patch, objects []object.Object) error {
	target := targetOf(p)
	if p.Target == nil && (target.Kind == "" || target.Name == "") {
		return errors.New("the patch does not select an object")
	}
	if !slices.ContainsFunc(objects, func(o object.Object) bool {
		return o.Kind() == target.Kind && (target.Name == "" || o.Name() == target.Name) && (target.Group == "" || o.Group() == target.Group)
	}) {
		return fmt.Errorf("the patch does not match anything: there is no %s", strings.TrimSpace(target.Kind+" "+target.Name))
	}
	return nil
}

// patchEntry returns the entry of patches and the patch's file.
func patchEntry(p model.Patch) (map[string]any, []byte, error) {
	target := targetOf(p)
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
