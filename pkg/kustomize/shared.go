package kustomize

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Shared returns the objects of a base that overlays build on, which have To and
// Namespace: base is what all of them inherit. What most overlays delete is not in
// it; the others have it as a whole, so that no overlay changes with another one that
// keeps it. What several overlays would all repeat is: maps and lists that an object
// has alike in all of them and lacks in base, and of objects that base lacks whatever
// they have in common.
func Shared(base []object.Object, overlays []Overlay) []object.Object {
	if len(overlays) == 0 {
		return base
	}
	from := map[object.ID]object.Object{}
	for _, o := range base {
		from[o.ID()] = o
	}
	targets := make([]map[object.ID]object.Object, len(overlays))
	for i, o := range overlays {
		targets[i] = o.targets(from)
	}
	var out []object.Object
	for _, o := range base {
		keep := 0
		for _, t := range targets {
			if _, ok := t[o.ID()]; ok {
				keep++
			}
		}
		if keep > 0 && 2*keep >= len(overlays) {
			out = append(out, o)
		}
	}
	if len(overlays) < 2 {
		return out
	}
	for i, o := range out {
		if all := inAll(o, o.ID(), overlays, targets); all != nil {
			out[i] = extended(o, all)
		}
	}
	for id, o := range targets[0] {
		if _, ok := from[id]; ok || o.Generated() {
			continue
		}
		if all := inAll(o, id, overlays, targets); all != nil {
			c := overlays[0].bare(o, id).Clone()
			reduce(c.Map(), all)
			out = append(out, c)
		}
	}
	object.Sort(out)
	return out
}

// inAll returns an object as each overlay has to leave it, or nil where one does not
// have it.
func inAll(like object.Object, id object.ID, overlays []Overlay, targets []map[object.ID]object.Object) []any {
	var out []any
	for i, o := range overlays {
		target, ok := targets[i][id]
		if !ok || target.APIVersion() != like.APIVersion() || target.Generated() != like.Generated() {
			return nil
		}
		out = append(out, o.bare(target, id).Map())
	}
	return out
}

// extended returns an object of the base with the maps and lists that it lacks and
// that are alike in all overlays. Single values, such as an image or a number of
// replicas, are what environments differ in from day to day.
func extended(base object.Object, all []any) object.Object {
	if base.Generated() || !extend(nil, base.Map(), all) {
		return base
	}
	c := base.Clone()
	extend(c.Map(), c.Map(), all)
	return c
}

// extend adds to a map, unless into is nil, what extended says, and reports whether
// there is something.
func extend(into, base map[string]any, all []any) bool {
	found := false
	first, _ := all[0].(map[string]any)
	for key, v := range first {
		values := fieldOf(all, key)
		old, had := base[key]
		oldMap, isMap := old.(map[string]any)
		switch {
		case values == nil:
		case had && isMap:
			below, _ := into[key].(map[string]any)
			found = extend(below, oldMap, values) || found
		case !had && !isScalar(v) && alike(values):
			if found = true; into != nil {
				into[key] = object.Copy(v)
			}
		}
	}
	return found
}

// fieldOf returns the values of a field of all maps, or nil where one lacks it.
func fieldOf(all []any, key string) []any {
	out := make([]any, len(all))
	for i, v := range all {
		m, _ := v.(map[string]any)
		field, ok := m[key]
		if !ok {
			return nil
		}
		out[i] = field
	}
	return out
}

func alike(all []any) bool {
	return !slices.ContainsFunc(all[1:], func(v any) bool { return !object.Equal(all[0], v) })
}

func isScalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// reduce takes from a map what it does not have in common with all others. Lists are
// alike as a whole, or go.
func reduce(m map[string]any, all []any) {
	for key, v := range m {
		values := fieldOf(all, key)
		if values != nil && alike(values) {
			continue
		}
		if below, ok := v.(map[string]any); ok && values != nil {
			if reduce(below, values); len(below) > 0 {
				continue
			}
		}
		delete(m, key)
	}
}
