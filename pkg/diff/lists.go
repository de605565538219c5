package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// withoutKeys returns a path without what stands in brackets.
func withoutKeys(path fieldpath.Path) string {
	steps, err := path.Steps()
	if err != nil {
		return string(path)
	}
	var fields []string
	for _, s := range steps {
		if !s.Bracket {
			fields = append(fields, s.Name)
		}
	}
	return strings.Join(fields, ".")
}

// keyed returns the first of some keys that tell the entries of each list
// apart, and the entries' names by them; nil where there are none.
func keyed(alternatives [][]string, lists ...[]any) (keys []string, names [][]string) {
	for _, keys := range alternatives {
		names = nil
		for _, l := range lists {
			if n, ok := namesBy(keys, l); ok {
				names = append(names, n)
			}
		}
		if len(names) == len(lists) {
			return keys, names
		}
	}
	return nil, nil
}

// namesBy returns the values that each entry has under keys, and whether each
// has some of its own.
func namesBy(keys []string, list []any) ([]string, bool) {
	out, seen := make([]string, len(list)), make(map[string]bool, len(list))
	for i, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			return nil, false
		}
		var parts []string
		for _, k := range keys {
			switch v := m[k].(type) {
			case string:
				if v != "" {
					parts = append(parts, v)
				}
			case int64, bool, object.Number:
				parts = append(parts, fmt.Sprint(v))
			}
		}
		out[i] = strings.Join(parts, "/")
		if out[i] == "" || seen[out[i]] {
			return nil, false
		}
		seen[out[i]] = true
	}
	return out, true
}

// lists returns the fields that differ between two lists.
func lists(at spot, a, b []any) []Field {
	list := at.of.List(withoutKeys(at.path))
	if _, names := keyed(list.Keys, a, b); names != nil {
		return byName(at, list, a, b, names[0], names[1])
	}
	if list.Unordered {
		out := asSets(at, a, b)
		if out == nil && at.inPods() && !object.Equal(a, b) {
			out = append(out, at.reordered(a, b))
		}
		return out
	}
	return inOrder(at, a, b)
}

func byName(at spot, list kind.List, a, b []any, namesA, namesB []string) []Field {
	index := make(map[string]int, len(namesB))
	for j, name := range namesB {
		index[name] = j
	}
	var out []Field
	var keptA, keptB []any
	kept := make(map[string]bool, len(namesA))
	for i, name := range namesA {
		j, ok := index[name]
		if !ok {
			out = append(out, at.key(name, a, i, b, -1).removed(a[i]))
			continue
		}
		kept[name], keptA = true, append(keptA, name)
		out = append(out, values(at.key(name, a, i, b, j), a[i], b[j])...)
	}
	for j, name := range namesB {
		if kept[name] {
			keptB = append(keptB, name)
		} else {
			out = append(out, at.key(name, a, -1, b, j).added(b[j]))
		}
	}
	if (!list.Unordered || at.inPods()) && !object.Equal(keptA, keptB) {
		out = append(out, at.reordered(keptA, keptB))
	}
	return out
}

// asSets compares lists whose order means nothing: what has no equal on the
// other side is paired with what is most like it, or comes or goes.
func asSets(at spot, a, b []any) []Field {
	left, taken := unequal(a, b)
	room := len(left)*len(b) <= mostCompared
	var out []Field
	for _, i := range left {
		best, most := -1, 0
		for j := 0; room && j < len(b); j++ {
			if !taken[j] {
				if n := alike(a[i], b[j]); n > most {
					best, most = j, n
				}
			}
		}
		if best < 0 {
			out = append(out, at.member(i, "", a, i, b, -1).removed(a[i]))
			continue
		}
		taken[best] = true
		out = append(out, values(at.member(i, at.shared(a[i], b[best]), a, i, b, best), a[i], b[best])...)
	}
	for j, e := range b {
		if !taken[j] {
			out = append(out, at.member(j, "", a, -1, b, j).added(e))
		}
	}
	return out
}

// unequal returns the indexes of a whose entries have no equal in b, and which
// entries of b have one.
func unequal(a, b []any) (left []int, taken []bool) {
	free := make(map[string][]int, len(b))
	for j, e := range b {
		key := encode(e)
		free[key] = append(free[key], j)
	}
	taken = make([]bool, len(b))
	for i, e := range a {
		key := encode(e)
		if js := free[key]; len(js) > 0 {
			taken[js[0]], free[key] = true, js[1:]
		} else {
			left = append(left, i)
		}
	}
	return left, taken
}

// shared returns a name for two entries of sets: what they have in common.
func (s spot) shared(a, b any) string {
	x, _ := s.before.Redact(a).(map[string]any)
	y, _ := s.after.Redact(b).(map[string]any)
	same := map[string]any{}
	for k, v := range x {
		if w, ok := y[k]; ok && object.Equal(v, w) {
			same[k] = v
		}
	}
	return words(same)
}

// alike returns how many fields two maps have in common.
func alike(a, b any) int {
	m, _ := a.(map[string]any)
	other, _ := b.(map[string]any)
	n := 0
	for k, v := range m {
		if w, ok := other[k]; ok && object.Equal(v, w) {
			n++
		}
	}
	return n
}

// inOrder compares lists whose order counts: what stands between entries that
// stay is compared one by one.
func inOrder(at spot, a, b []any) []Field {
	var out []Field
	i, j := 0, 0
	for _, m := range append(common(a, b), [2]int{len(a), len(b)}) {
		for ; i < m[0] && j < m[1]; i, j = i+1, j+1 {
			out = append(out, values(at.index(i, a, i, b, j), a[i], b[j])...)
		}
		for ; i < m[0]; i++ {
			out = append(out, at.index(i, a, i, b, -1).removed(a[i]))
		}
		for ; j < m[1]; j++ {
			out = append(out, at.index(j, a, -1, b, j).added(b[j]))
		}
		i, j = m[0]+1, m[1]+1
	}
	return out
}

// mostCompared bounds the comparisons for the longest common part of two lists.
const mostCompared = 1 << 20

// common returns the pairs of indexes of the longest part that two lists have in
// common, and for lists that are too long, what their entries have in place.
func common(a, b []any) [][2]int {
	var out [][2]int
	if len(a)*len(b) > mostCompared {
		for i := range min(len(a), len(b)) {
			if object.Equal(a[i], b[i]) {
				out = append(out, [2]int{i, i})
			}
		}
		return out
	}
	longest := make([][]int, len(a)+1) // of a[i:] and b[j:]
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if object.Equal(a[i], b[j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case object.Equal(a[i], b[j]):
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
