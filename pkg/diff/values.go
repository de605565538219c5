package diff

import (
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Values returns the fields below path that differ between two values in the
// object package's form, in the order of their paths. Lists whose entries all
// have a name are compared by name, and a change of their order is a field by
// itself: the names before and after.
func Values(path fieldpath.Path, from, to any) []Field {
	switch a := from.(type) {
	case map[string]any:
		if b, ok := to.(map[string]any); ok {
			return mappings(path, a, b)
		}
	case []any:
		if b, ok := to.([]any); ok {
			return lists(path, a, b)
		}
	}
	if object.Equal(from, to) {
		return nil
	}
	return []Field{{Path: path, Kind: Changed, From: from, To: to}}
}

func mappings(path fieldpath.Path, a, b map[string]any) []Field {
	keys := map[string]bool{}
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	var out []Field
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		before, had := a[k]
		after, has := b[k]
		out = append(out, entry(child(path, k), before, had, after, has)...)
	}
	return out
}

// child returns the path of a map's key, in brackets where it is no plain word.
func child(path fieldpath.Path, key string) fieldpath.Path {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return path.Key(key)
		}
	}
	if key == "" {
		return path.Key(key)
	}
	return path.Field(key)
}

func entry(path fieldpath.Path, before any, had bool, after any, has bool) []Field {
	switch {
	case !had:
		return []Field{{Path: path, Kind: Added, To: after}}
	case !has:
		return []Field{{Path: path, Kind: Removed, From: before}}
	}
	return Values(path, before, after)
}

func lists(path fieldpath.Path, a, b []any) []Field {
	namesA, okA := names(a)
	namesB, okB := names(b)
	if okA && okB {
		return named(path, a, b, namesA, namesB)
	}
	var out []Field
	for i := range max(len(a), len(b)) {
		var before, after any
		if i < len(a) {
			before = a[i]
		}
		if i < len(b) {
			after = b[i]
		}
		out = append(out, entry(path.Index(i), before, i < len(a), after, i < len(b))...)
	}
	return out
}

// names returns the names of a list's entries, and whether all have one of their own.
func names(list []any) ([]string, bool) {
	var out []string
	for _, e := range list {
		m, _ := e.(map[string]any)
		name, ok := m["name"].(string)
		if !ok || slices.Contains(out, name) {
			return nil, false
		}
		out = append(out, name)
	}
	return out, true
}

func named(path fieldpath.Path, a, b []any, namesA, namesB []string) []Field {
	var out []Field
	var keptA, keptB []any
	for i, name := range namesA {
		j := slices.Index(namesB, name)
		if j < 0 {
			out = append(out, Field{Path: path.Key(name), Kind: Removed, From: a[i]})
			continue
		}
		keptA = append(keptA, name)
		out = append(out, Values(path.Key(name), a[i], b[j])...)
	}
	for j, name := range namesB {
		if slices.Contains(namesA, name) {
			keptB = append(keptB, name)
		} else {
			out = append(out, Field{Path: path.Key(name), Kind: Added, To: b[j]})
		}
	}
	if !object.Equal(keptA, keptB) {
		out = append(out, Field{Path: path, Kind: Changed, From: keptA, To: keptB})
	}
	return out
}

// Leaves returns every scalar, and every empty map or list, below a value as
// fields that are added, in the order of their paths. Paths are those of Values.
func Leaves(v any) []Field { return leaves("", v) }

func leaves(path fieldpath.Path, v any) []Field {
	var out []Field
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, leaves(child(path, k), v[k])...)
		}
	case []any:
		all, ok := names(v)
		for i, e := range v {
			if ok {
				out = append(out, leaves(path.Key(all[i]), e)...)
			} else {
				out = append(out, leaves(path.Index(i), e)...)
			}
		}
	}
	if out == nil {
		out = []Field{{Path: path, Kind: Added, To: v}}
	}
	return out
}
