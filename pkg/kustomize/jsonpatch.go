package kustomize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// jsonPatch returns the operations of a JSON patch (RFC 6902) that turns base
// into target, and whether one names an entry by its index that has a key.
func jsonPatch(base object.Object, target map[string]any) (operations []any, byIndex bool) {
	d := differ{merger: newMerger(base)}
	d.value("", "", base.Map(), target)
	return d.ops, d.byIndex
}

type differ struct {
	ops     []any
	merger  merger
	byIndex bool
}

func (d *differ) op(name, path string, value any) {
	op := map[string]any{"op": name, "path": path}
	if name != "remove" {
		op["value"] = value
	}
	d.ops = append(d.ops, op)
}

// value adds what turns the value of a field, "" for an entry of a list, into another.
func (d *differ) value(path, field string, base, target any) {
	switch t := target.(type) {
	case map[string]any:
		if b, ok := base.(map[string]any); ok {
			d.merger.enter(field)
			d.mapping(path, b, t)
			d.merger.leave()
			return
		}
	case []any:
		if b, ok := base.([]any); ok {
			n := len(d.ops)
			d.list(path, b, t)
			d.byIndex = d.byIndex || len(d.ops) > n && d.merger.keys(field, b, t) != nil
			return
		}
	}
	if !object.Equal(base, target) {
		d.op("replace", path, target)
	}
}

func (d *differ) mapping(path string, base, target map[string]any) {
	var keys []string // of what differs
	for k, b := range base {
		if t, has := target[k]; !has || !object.Equal(b, t) {
			keys = append(keys, k)
		}
	}
	for k := range target {
		if _, had := base[k]; !had {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		at := path + "/" + pointer.Replace(k)
		b, had := base[k]
		t, has := target[k]
		switch {
		case !has:
			d.op("remove", at, nil)
		case !had:
			d.op("add", at, t)
		default:
			d.value(at, k, b, t)
		}
	}
}

var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// list aligns two lists by the longest common subsequence of entries that are
// alike or have the same name, removes what is left of base from the back, and
// then walks the target forward.
func (d *differ) list(path string, base, target []any) {
	kept := align(base, target)
	for i := len(base) - 1; i >= 0; i-- {
		if !slices.ContainsFunc(kept, func(k [2]int) bool { return k[0] == i }) {
			d.op("remove", path+"/"+strconv.Itoa(i), nil)
		}
	}
	for j, t := range target {
		at := path + "/" + strconv.Itoa(j)
		k := slices.IndexFunc(kept, func(k [2]int) bool { return k[1] == j })
		if k < 0 {
			d.op("add", at, t)
			continue
		}
		d.value(at, "", base[kept[k][0]], t)
	}
}

// align returns the pairs of indexes of a longest common subsequence. Lists of
// equal length are aligned by position where their entries have no names.
func align(base, target []any) [][2]int {
	if len(base) == len(target) && !slices.ContainsFunc(base, hasName) {
		out := make([][2]int, len(base))
		for i := range base {
			out[i] = [2]int{i, i}
		}
		return out
	}
	n, m := len(base), len(target)
	length := make([][]int, n+1)
	for i := range length {
		length[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same(base[i], target[j]) {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(base[i], target[j]):
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

func hasName(v any) bool {
	m, _ := v.(map[string]any)
	_, ok := m["name"].(string)
	return ok
}

// same reports whether two entries are alike or bear one name.
func same(a, b any) bool {
	if hasName(a) && hasName(b) {
		return a.(map[string]any)["name"] == b.(map[string]any)["name"]
	}
	return object.Equal(a, b)
}
