package diff

import (
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Values returns the fields below path that differ between two values in the
// object package's form, in the order of their paths. Lists whose entries all
// have a name, or the keys that Kubernetes knows them by, are compared by that,
// and a change of their order is a field by itself: the names before and after.
// Lists that are sets, such as the peers of a network policy, have no order.
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
		_, all := keyed(shapeOf(path), v)
		for i, e := range v {
			if all != nil {
				out = append(out, leaves(path.Key(all[0][i]), e)...)
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
