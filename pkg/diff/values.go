package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Values returns the fields below path that differ between two values in the
// object package's form, in the order of their paths. Lists whose entries all
// have a name, or the keys that Kubernetes knows them by, are compared by that,
// and a change of their order is a field by itself: the names before and after.
// Lists that are sets, such as the peers of a network policy, have no order,
// except in a template of pods, where another order replaces the pods.
// Values that may be secret are redacted.
func Values(path fieldpath.Path, from, to any) []Field {
	place := credential.PlaceOf(path)
	return values(spot{kindOf(path, from), path, path, place, place}, from, to)
}

// kindOf returns the kind of the object that a value at a path is; without a name
// where it is none.
func kindOf(path fieldpath.Path, v any) *kind.Kind {
	k := kind.Kind{}
	if m, ok := v.(map[string]any); ok && path == "" {
		apiVersion, _ := m["apiVersion"].(string)
		name, _ := m["kind"].(string)
		k = kind.Lookup(kind.Name{Group: kind.Group(apiVersion), Kind: name})
	}
	return &k
}

// spot is where a value stands before and after.
type spot struct {
	of            *kind.Kind     // of the object that it is in
	path, shown   fieldpath.Path // as in Field
	before, after credential.Place
}

func (s spot) added(to any) Field {
	return Field{Path: s.path, Kind: Added, To: s.after.Redact(to), shown: s.shown}
}

func (s spot) removed(from any) Field {
	return Field{Path: s.path, Kind: Removed, From: s.before.Redact(from), shown: s.shown}
}

func (s spot) changed(from, to any) Field {
	return Field{Path: s.path, Kind: Changed, From: s.before.Redact(from), To: s.after.Redact(to), shown: s.shown}
}

// reordered is the change of the order of a list, of which names are the entries.
func (s spot) reordered(from, to []any) Field {
	f := s.changed(from, to)
	f.Order = true
	return f
}

// inPods reports whether a value is in the template of pods that are replaced when
// it changes: in whatever order a list means the same, its pods are others.
func (s spot) inPods() bool {
	return s.of.Rollout != nil && strings.HasPrefix(withoutKeys(s.path)+".", strings.Join(s.of.PodTemplate, ".")+".")
}

// key returns the spot of an entry of two lists that has a name; -1 where one
// lacks it.
func (s spot) key(name string, a []any, i int, b []any, j int) spot {
	s.path, s.shown = s.path.Key(name), s.shown.Key(name)
	return s.entry(a, i, b, j)
}

// index returns the spot of an entry of two lists that has none.
func (s spot) index(n int, a []any, i int, b []any, j int) spot {
	s.path, s.shown = s.path.Index(n), s.shown.Index(n)
	return s.entry(a, i, b, j)
}

// member returns the spot of an entry of two sets. For people, what both have in
// common is its name, if anything.
func (s spot) member(n int, name string, a []any, i int, b []any, j int) spot {
	s.path = s.path.Index(n)
	if name != "" {
		s.shown = s.shown.Key(name)
	}
	return s.entry(a, i, b, j)
}

func (s spot) entry(a []any, i int, b []any, j int) spot {
	if i >= 0 {
		s.before = s.before.Index(a, i)
	}
	if j >= 0 {
		s.after = s.after.Index(b, j)
	}
	return s
}

func values(s spot, from, to any) []Field {
	switch a := from.(type) {
	case map[string]any:
		if b, ok := to.(map[string]any); ok {
			return mappings(s, a, b)
		}
	case []any:
		if b, ok := to.([]any); ok {
			return lists(s, a, b)
		}
	}
	if object.Equal(from, to) {
		return nil
	}
	return []Field{s.changed(from, to)}
}

func mappings(s spot, a, b map[string]any) []Field {
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
		below := spot{s.of, child(s.path, k), child(s.shown, k), s.before.Key(a, k), s.after.Key(b, k)}
		switch {
		case !had:
			out = append(out, below.added(after))
		case !has:
			out = append(out, below.removed(before))
		default:
			out = append(out, values(below, before, after)...)
		}
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

// Leaves returns every scalar, and every empty map or list, below a value as
// fields that are added, in the order of their paths. Paths are those of Values,
// and values that may be secret are redacted as there.
func Leaves(v any) []Field { return leaves(spot{of: kindOf("", v)}, v) }

func leaves(s spot, v any) []Field {
	var out []Field
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, leaves(spot{of: s.of, path: child(s.path, k), shown: child(s.shown, k), after: s.after.Key(v, k)}, v[k])...)
		}
	case []any:
		_, all := keyed(s.of.List(withoutKeys(s.path)).Keys, v)
		for i, e := range v {
			if all != nil {
				out = append(out, leaves(s.key(all[0][i], nil, -1, v, i), e)...)
			} else {
				out = append(out, leaves(s.index(i, nil, -1, v, i), e)...)
			}
		}
	}
	if out == nil {
		out = []Field{s.added(v)}
	}
	return out
}
