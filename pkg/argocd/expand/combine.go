package expand

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// matrixGenerator combines each element of one generator with each of another.
type matrixGenerator struct {
	Generators []map[string]any `json:"generators"`
}

// mergeGenerator merges elements of later generators into those of the first.
type mergeGenerator struct {
	MergeKeys  []string         `json:"mergeKeys"`
	Generators []map[string]any `json:"generators"`
}

// child returns the parameters of the i-th generator within another.
func (x *expansion) child(at generatorAt, i int, raw map[string]any, outer map[string]any) ([]map[string]any, error) {
	results, err := x.transform(generatorAt{where: fmt.Sprintf("%s.generators[%d]", at.where, i), raw: raw, depth: at.depth + 1}, outer)
	if err != nil {
		return nil, err
	}
	return results[0].params, nil // an entry within another names one generator
}

// matrix runs the second generator for each element of the first. Where both
// have a key, the first generator's value counts.
func (x *expansion) matrix(g *matrixGenerator, at generatorAt) ([]map[string]any, error) {
	if n := len(g.Generators); n != 2 {
		return nil, fmt.Errorf("%s: a matrix has two generators, not %d", at.where, n)
	}
	first, err := x.child(at, 0, g.Generators[0], nil)
	if err != nil {
		return nil, err
	}
	out := []map[string]any{}
	for _, a := range first {
		second, err := x.child(at, 1, g.Generators[1], a)
		if err != nil {
			return nil, err
		}
		for _, b := range second {
			merged := cloneParams(b)
			if err := override(merged, a); err != nil {
				return nil, fmt.Errorf("%s: %w", at.where, err)
			}
			out = append(out, merged)
		}
	}
	return out, nil
}

// merge overrides the elements of the first generator by those of the others
// that have the same values of the merge keys. What the first one does not have
// is dropped.
func (x *expansion) merge(g *mergeGenerator, at generatorAt) ([]map[string]any, error) {
	if n := len(g.Generators); n < 2 {
		return nil, fmt.Errorf("%s: a merge has two generators or more, not %d", at.where, n)
	}
	if len(g.MergeKeys) == 0 {
		return nil, fmt.Errorf("%s: mergeKeys is empty: name the parameters that pair the elements", at.where)
	}
	var base map[string]map[string]any
	for i, raw := range g.Generators {
		params, err := x.child(at, i, raw, nil)
		if err != nil {
			return nil, err
		}
		keyed, err := byKeys(g.MergeKeys, params)
		if err != nil {
			return nil, fmt.Errorf("%s.generators[%d]: %w", at.where, i, err)
		}
		if i == 0 {
			base = keyed
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(keyed)) {
			if into, ok := base[key]; ok {
				if err := override(into, keyed[key]); err != nil {
					return nil, fmt.Errorf("%s.generators[%d]: %w", at.where, i, err)
				}
			}
		}
	}
	out := []map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(base)) {
		out = append(out, base[key])
	}
	return out, nil
}

// byKeys returns copies of the parameters by the values of the keys, as JSON.
func byKeys(keys []string, params []map[string]any) (map[string]map[string]any, error) {
	out := map[string]map[string]any{}
	for _, p := range params {
		values := map[string]any{}
		for _, key := range keys {
			values[key] = p[key]
		}
		text, err := json.Marshal(values)
		if err != nil {
			return nil, fmt.Errorf("mergeKeys: %w", err)
		}
		if _, ok := out[string(text)]; ok {
			return nil, fmt.Errorf("two elements have the mergeKeys %s: add a key that tells them apart; keys are those at the top of the parameters, without dots", text)
		}
		out[string(text)] = cloneParams(p)
	}
	return out, nil
}

// override sets what from has in into. Mappings are merged, all else is
// replaced, by nothing too. A text that generators made cannot become another
// type: Argo CD stops there.
func override(into, from map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(from)) {
		value := cloneParam(from[key])
		switch old := into[key].(type) {
		case map[string]any:
			switch value := value.(type) {
			case map[string]any:
				if err := override(old, value); err != nil {
					return fmt.Errorf("%s.%w", key, err)
				}
				continue
			case map[string]string:
				for k, v := range value {
					old[k] = v
				}
				continue
			}
		case map[string]string:
			switch value := value.(type) {
			case map[string]any:
				if len(value) > 0 {
					return fmt.Errorf("%s is made by one generator and listed by another, which Argo CD cannot merge: name one of them otherwise", key)
				}
				continue
			case map[string]string:
				maps.Copy(old, value)
				continue
			}
		}
		into[key] = value
	}
	return nil
}

func cloneParams(params map[string]any) map[string]any {
	out := make(map[string]any, len(params))
	for k, v := range params {
		out[k] = cloneParam(v)
	}
	return out
}

// cloneParam copies the mappings of a parameter; lists are never changed.
func cloneParam(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return cloneParams(v)
	case map[string]string:
		return maps.Clone(v)
	default:
		return v
	}
}

// fill returns own, completed by what base says where own is empty: the
// template of a generator on top of the set's.
func fill(own, base map[string]any) map[string]any {
	if len(own) == 0 {
		return base
	}
	out := maps.Clone(own)
	for key, value := range base {
		o, isMap := out[key].(map[string]any)
		b, both := value.(map[string]any)
		switch {
		case isMap && both && key != freeForm:
			out[key] = fill(o, b)
		case isEmpty(out[key]):
			out[key] = value
		}
	}
	return out
}

// freeForm is the one field of an Application that is a value of any form.
const freeForm = "valuesObject"

// isEmpty reports whether v is absent or the zero value of its type.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case int64:
		return v == 0
	case float64:
		return v == 0
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	default:
		return false
	}
}
