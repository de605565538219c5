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

// prune removes nulls and the empty structs that Go's encoding leaves behind.
func prune(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			prune(e)
			m, isMap := e.(map[string]any)
			if e == nil || isMap && len(m) == 0 && emptyStructs[key] {
				delete(v, key)
			}
		}
	case []any:
		for _, e := range v {
			prune(e)
		}
	}
}

// normalize brings v into the package's form; maps and slices are changed in place.
func normalize(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, bool, int64, Number:
		return v, nil
	case map[string]any:
		for key, e := range v {
			n, err := normalize(e)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			v[key] = n
		}
		return v, nil
	case []any:
		for i, e := range v {
			n, err := normalize(e)
			if err != nil {
				return nil, fmt.Errorf("[%d]: %w", i, err)
			}
			v[i] = n
		}
		return v, nil
	case int:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case json.Number:
		return number(string(v)), nil
	case float64:
		return float(v)
	default:
		return nil, fmt.Errorf("a value of type %T has no place in a Kubernetes object", v)
	}
}

func float(v float64) (any, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("%v is no JSON number", v)
	}
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return int64(v), nil
	}
	return Number(strconv.FormatFloat(v, 'g', -1, 64)), nil
}

// number returns text as an int64 where that is its canonical form.
func number(text string) any {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(i, 10) == text {
		return i
	}
	return Number(text)
}
