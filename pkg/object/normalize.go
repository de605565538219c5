package object

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// emptyStructs are the optional struct fields that typed API structs write as
// {} although nobody set them, and that mean the same when absent.
var emptyStructs = map[string]bool{
	"strategy": true, "updateStrategy": true, "resources": true, "metadata": true,
}

// schemaField holds the schema of a definition, whose keys are the user's own.
const schemaField = "openAPIV3Schema"

// prune drops what is not set from the maps in v, but for those in schemas.
func prune(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if key != schemaField {
				prune(e)
			}
		}
		dropUnset(v)
	case []any:
		for _, e := range v {
			prune(e)
		}
	}
}

// dropUnset removes nulls and the empty structs that Go's encoding leaves behind. An
// empty status is such a struct only beside a spec, as in a claim template: a
// definition's subresources switch it on.
func dropUnset(m map[string]any) {
	_, hasSpec := m["spec"]
	for key, e := range m {
		if isEmpty(e) && key != schemaField && (e == nil || emptyStructs[key] || key == "status" && hasSpec) {
			delete(m, key)
		}
	}
}

// isEmpty reports whether v is null or an empty map.
func isEmpty(v any) bool {
	m, isMap := v.(map[string]any)
	return v == nil || isMap && len(m) == 0
}

// Normalize brings a value, such as one from package encoding/json, into the
// package's form; maps and slices are changed in place. It is an error where the value
// cannot be in JSON.
func Normalize(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, bool, int64, Number:
		return v, nil
	case map[string]any:
		for key, e := range v {
			if isNormal(e) {
				continue
			}
			n, err := Normalize(e)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			v[key] = n
		}
		return v, nil
	case []any:
		for i, e := range v {
			if isNormal(e) {
				continue
			}
			n, err := Normalize(e)
			if err != nil {
				return nil, fmt.Errorf("[%d]: %w", i, err)
			}
			v[i] = n
		}
		return v, nil
	case int:
		return int64(v), nil
	case int8:
		return int64(v), nil
	case int16:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case uint:
		return number(strconv.FormatUint(uint64(v), 10))
	case uint8:
		return int64(v), nil
	case uint16:
		return int64(v), nil
	case uint32:
		return int64(v), nil
	case uint64:
		return number(strconv.FormatUint(v, 10))
	case json.Number:
		return number(string(v))
	case float32:
		return number(strconv.FormatFloat(float64(v), 'g', -1, 32))
	case float64:
		return number(strconv.FormatFloat(v, 'g', -1, 64))
	default:
		return nil, fmt.Errorf("a Kubernetes object cannot contain a value of type %T", v)
	}
}

// isNormal reports whether v is a scalar in the package's form.
func isNormal(v any) bool {
	switch v.(type) {
	case nil, string, bool, int64, Number:
		return true
	}
	return false
}

// number returns the number that text is in JSON: an int64 where it fits one.
func number(text string) (any, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !json.Valid([]byte(text)) {
		return nil, fmt.Errorf("%s is not a JSON number", text)
	}
	return float(f, text)
}

// float returns the number f in its text, or as an int64 where f is whole.
func float(f float64, text string) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("%v is not a JSON number", f)
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f), nil
	}
	return Number(text), nil
}
