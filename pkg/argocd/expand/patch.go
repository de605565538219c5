package expand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// patch changes app by the set's templatePatch. The project stays that of the
// template.
func (x *expansion) patch(app, params map[string]any) error {
	text, err := x.engine.text("spec.templatePatch", *x.set.TemplatePatch, params)
	if err != nil {
		return err
	}
	patch, err := parsePatch(text)
	if err != nil {
		return err
	}
	if err := checkShape(patch); err != nil {
		return err
	}
	spec, _ := app["spec"].(map[string]any)
	project, hasProject := spec["project"]
	if err := mergePatch(app, patch, nil); err != nil {
		return err
	}
	for _, part := range []string{"metadata", "spec"} {
		if _, ok := app[part].(map[string]any); !ok {
			app[part] = map[string]any{}
		}
	}
	spec, _ = app["spec"].(map[string]any)
	delete(spec, "project")
	if hasProject {
		spec["project"] = project
	}
	return nil
}

// parsePatch reads an executed templatePatch, which is YAML, or JSON where it
// starts with "{". One without content changes nothing.
func parsePatch(text string) (map[string]any, error) {
	data := []byte(text)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		var err error
		if data, err = yaml.YAMLToJSON(data); err != nil {
			return nil, err
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("it is not valid JSON, although it starts with a brace: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	if v == nil {
		return nil, nil
	}
	out, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("it is not a mapping but a %T: write the fields of an Application", v)
	}
	return out, nil
}

// Directives of strategic merge patches.
const (
	directive       = "$patch"
	retainKeys      = "$retainKeys"
	deleteFrom      = "$deleteFromPrimitiveList/"
	setElementOrder = "$setElementOrder/"
)

// mergePatch is a strategic merge of an Application. As none of its lists has a
// merge strategy but the finalizers, all others are replaced.
func mergePatch(into, patch map[string]any, path []string) error {
	switch patch[directive] {
	case nil, "merge":
	case "replace":
		clear(into)
		maps.Copy(into, patch)
		delete(into, directive)
		return nil
	case "delete":
		clear(into)
		return nil
	default:
		return fmt.Errorf("%s of %s is %v: use merge, replace or delete", directive, strings.Join(path, "."), patch[directive])
	}
	for _, key := range slices.Sorted(maps.Keys(patch)) {
		if strings.HasPrefix(key, "$") {
			if err := applyDirective(into, key, patch[key]); err != nil {
				return err
			}
			continue
		}
		if err := patchKey(into, key, patch[key], path); err != nil {
			return err
		}
	}
	return nil
}

func patchKey(into map[string]any, key string, value any, path []string) error {
	old, ok := into[key]
	if !ok {
		if value = withoutNull(value); value != nil {
			into[key] = value
		}
		return nil
	}
	at := append(slices.Clone(path), key)
	inFree := slices.Contains(path, freeForm)
	switch value := value.(type) {
	case nil:
		delete(into, key)
		return nil
	case map[string]any:
		if old, ok := old.(map[string]any); ok {
			if inFree {
				return freeFormError(at)
			}
			return mergePatch(old, value, at)
		}
	case []any:
		if old, ok := old.([]any); ok {
			if inFree {
				return freeFormError(at)
			}
			if slices.Equal(at, []string{"metadata", "finalizers"}) {
				into[key] = mergeFinalizers(old, value)
				return nil
			}
		}
	}
	into[key] = value
	return nil
}

// freeFormError says what Argo CD cannot do, as it looks for the field in the
// type of the value, which has none.
func freeFormError(at []string) error {
	return fmt.Errorf("%s: Argo CD cannot merge a mapping or a list below %s: replace all of it with %q: replace next to it", strings.Join(at, "."), freeForm, directive)
}

func applyDirective(into map[string]any, key string, value any) error {
	switch list, ok := strings.CutPrefix(key, deleteFrom); {
	case key == directive || strings.HasPrefix(key, setElementOrder):
		return nil
	case ok:
		old, _ := into[list].([]any)
		drop, _ := value.([]any)
		into[list] = slices.DeleteFunc(old, func(v any) bool { return contains(drop, v) })
		return nil
	case key == retainKeys:
		keep, _ := value.([]any)
		maps.DeleteFunc(into, func(key string, _ any) bool { return !contains(keep, key) })
		return nil
	default:
		return fmt.Errorf("%s is not a patch directive", key)
	}
}

// mergeFinalizers returns old and patch in the order of a strategic merge: that
// of the patch, in which each old one comes before what was behind it.
func mergeFinalizers(old, patch []any) []any {
	var out, kept []any
	for _, f := range old {
		if !contains(patch, f) {
			kept = append(kept, f)
		}
	}
	for _, f := range patch {
		for len(kept) > 0 && slices.Index(old, kept[0]) < slices.Index(old, f) {
			out, kept = append(out, kept[0]), kept[1:]
		}
		if !contains(out, f) {
			out = append(out, f)
		}
	}
	return append(out, kept...)
}

func contains(list []any, v any) bool {
	s, ok := v.(string)
	return ok && slices.ContainsFunc(list, func(e any) bool { return e == s })
}

// withoutNull returns a value that the patch adds, without the nulls and the
// directives in it, which have nothing to remove: a mapping with a directive is
// nil itself.
func withoutNull(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if v[directive] != nil {
			return nil
		}
		for key, value := range v {
			if v[key] = withoutNull(value); v[key] == nil {
				delete(v, key)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutNull(v[i])
		}
	}
	return v
}
