package expand

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// value executes all strings of v, keys of mappings too. Keys without a value
// are left out, as Argo CD does.
func (e *engine) value(where string, v any, params map[string]any) (any, error) {
	switch v := v.(type) {
	case string:
		return e.text(where, v, params)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			var err error
			if out[i], err = e.value(where+"["+strconv.Itoa(i)+"]", element, params); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if v[key] == nil {
				continue
			}
			at := where + "." + key
			element, err := e.value(at, v[key], params)
			if err != nil {
				return nil, err
			}
			name, err := e.text(at, key, params)
			if err != nil {
				return nil, err
			}
			if _, ok := out[name]; ok {
				return nil, fmt.Errorf("%s: two keys become %q, and Argo CD could use either: make them different", where, name)
			}
			out[name] = element
		}
		return out, nil
	default:
		return v, nil
	}
}

// interpolate executes the strings of a generator with the parameters of the
// generator before it.
func (x *expansion) interpolate(g generatorAt, params map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(g.raw))
	for _, kind := range slices.Sorted(maps.Keys(g.raw)) {
		where := g.where + "." + kind
		body, ok := g.raw[kind].(map[string]any)
		if !ok {
			continue
		}
		var err error
		switch kind {
		case "matrix", "merge":
			out[kind], err = x.interpolateNested(where, body, params)
		case "clusters", "git", "pullRequest":
			out[kind], err = x.interpolateValues(where, body, params)
		default:
			out[kind], err = x.engine.value(where, body, params)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// interpolateNested is interpolate for the generators within matrix and merge.
func (x *expansion) interpolateNested(where string, body, params map[string]any) (map[string]any, error) {
	out := maps.Clone(body)
	list, _ := body["generators"].([]any)
	var generators []any
	for i, element := range list {
		raw, ok := element.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s.generators[%d]: this is not a mapping", where, i)
		}
		done, err := x.interpolate(generatorAt{where: fmt.Sprintf("%s.generators[%d]", where, i), raw: raw}, params)
		if err != nil {
			return nil, err
		}
		generators = append(generators, done)
	}
	out["generators"] = generators
	keys, err := x.engine.value(where+".mergeKeys", body["mergeKeys"], params)
	out["mergeKeys"] = keys
	return out, err
}

// interpolateValues is interpolate for a generator that has values. Those that
// need a parameter which is not there stay as they are: it may be one of the
// generator's own, for which they are executed later.
func (x *expansion) interpolateValues(where string, body, params map[string]any) (map[string]any, error) {
	rest := maps.Clone(body)
	delete(rest, "values")
	done, err := x.engine.value(where, rest, params)
	if err != nil {
		return nil, err
	}
	out, _ := done.(map[string]any)
	values, ok := body["values"].(map[string]any)
	if !ok {
		return out, nil
	}
	own := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		own[key] = values[key]
		text, ok := values[key].(string)
		if !ok {
			continue
		}
		text, err := x.engine.execute(where+".values."+key, templateKey{text: text, strict: true}, params)
		switch {
		case err == nil:
			own[key] = text
		case !missesKey(err):
			return nil, err
		}
	}
	out["values"] = own
	return out, nil
}

// missesKey reports whether a template ended because a parameter is not there.
// Package text/template has no other way to tell, and Argo CD goes by the same
// two texts.
func missesKey(err error) bool {
	return strings.Contains(err.Error(), "map has no entry for key") || strings.Contains(err.Error(), "can't evaluate field")
}
