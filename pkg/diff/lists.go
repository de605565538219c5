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
		return asSets(at, a, b)
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
			out = append(out, at.at(at.path.Key(name), a, i, b, -1).removed(a[i]))
			continue
		}
		kept[name], keptA = true, append(keptA, name)
		out = append(out, values(at.at(at.path.Key(name), a, i, b, j), a[i], b[j])...)
	}
	for j, name := range namesB {
		if kept[name] {
			keptB = append(keptB, name)
		} else {
			out = append(out, at.at(at.path.Key(name), a, -1, b, j).added(b[j]))
		}
	}
	if !list.Unordered && !object.Equal(keptA, keptB) {
		out = append(out, at.changed(keptA, keptB))
	}
	return out
}

// asSets compares lists whose order means nothing: what has no equal on the
// other side is paired with what is most like it, or comes or goes.
func asSets(at spot, a, b []any) []Field {
	taken := make([]bool, len(b))
	take := func(fits func(any) int) int {
		best, most := -1, 0
		for j, e := range b {
			if n := 0; !taken[j] {
				if n = fits(e); n > most {
					best, most = j, n
				}
			}
		}
		if best >= 0 {
			taken[best] = true
		}
		return best
	}
	var left []int
	for i, e := range a {
		if take(func(x any) int { return equal(e, x) }) < 0 {
			left = append(left, i)
		}
	}
	var out []Field
	for _, i := range left {
		if j := take(func(x any) int { return alike(a[i], x) }); j >= 0 {
			out = append(out, values(at.at(at.path.Index(i), a, i, b, j), a[i], b[j])...)
		} else {
			out = append(out, at.at(at.path.Index(i), a, i, b, -1).removed(a[i]))
		}
	}
	for j, e := range b {
		if !taken[j] {
			out = append(out, at.at(at.path.Index(j), a, -1, b, j).added(e))
		}
	}
	return out
}

func equal(a, b any) int {
	if object.Equal(a, b) {
		return 1
	}
	return 0
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
			out = append(out, values(at.at(at.path.Index(i), a, i, b, j), a[i], b[j])...)
		}
		for ; i < m[0]; i++ {
			out = append(out, at.at(at.path.Index(i), a, i, b, -1).removed(a[i]))
		}
		for ; j < m[1]; j++ {
			out = append(out, at.at(at.path.Index(j), a, -1, b, j).added(b[j]))
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
