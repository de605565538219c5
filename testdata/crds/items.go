package crds

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// changedItems returns what differs between an object as it was written and as
// it would be stored, inside the items of its lists. What is added elsewhere is
// no matter.
func changedItems(written, stored map[string]any) []string {
	return changes("", written, stored, false)
}

func changes(path string, written, stored any, inItem bool) []string {
	switch w := written.(type) {
	case map[string]any:
		if s, ok := stored.(map[string]any); ok {
			return changesOfMap(path, w, s, inItem)
		}
	case []any:
		if s, ok := stored.([]any); ok && len(w) == len(s) {
			var out []string
			for i := range w {
				out = append(out, changes(fmt.Sprintf("%s[%d]", path, i), w[i], s[i], true)...)
			}
			return out
		}
	}
	if inItem && !reflect.DeepEqual(written, stored) {
		return []string{fmt.Sprintf("%s: would be stored as %s", path, text(stored))}
	}
	return nil
}

func changesOfMap(path string, written, stored map[string]any, inItem bool) []string {
	all := maps.Clone(stored)
	maps.Copy(all, written)
	var out []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		below := path + "." + key
		if path == "" {
			below = key
		}
		w, isWritten := written[key]
		s, isStored := stored[key]
		switch {
		case isWritten && isStored:
			out = append(out, changes(below, w, s, inItem)...)
		case inItem && isStored:
			out = append(out, fmt.Sprintf("%s: would be added inside a list: %s", below, text(s)))
		case inItem:
			out = append(out, fmt.Sprintf("%s: would be dropped inside a list", below))
		}
	}
	return out
}

func text(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
