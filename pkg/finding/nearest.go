package finding

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the candidate that a misspelt name most likely means, or ""
// where none is close: at most a third of its letters may differ.
func Nearest(name string, candidates []string) string {
	best, least := "", len(name)/3+1
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := distance(name, c, least); d < least {
			best, least = c, d
		}
	}
	return best
}

// Choose returns the fix for an unknown name: the most similar candidate, or else
// some of the candidates.
func Choose(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	if len(candidates) == 0 {
		return "the fleet has none"
	}
	return "use one of " + Few(slices.Sorted(slices.Values(candidates)))
}

// Few returns the first of some names, and how many more there are.
func Few(names []string) string {
	const most = 5
	if len(names) <= most+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// UnknownExtension returns the reason and the fix of a finding about settings of a
// feature that a program does not have. Those that it has go by the known names.
func UnknownExtension(name string, known []string) (reason, fix string) {
	reason, fix = fmt.Sprintf("this program has no feature %s with settings", name), Choose(name, known)
	if len(known) == 0 {
		fix = "remove it, or use the program that has the feature"
	}
	return reason, fix
}

// distance returns the number of letters to insert, delete, replace or swap
// with their neighbour to come from a to b, or at least limit where it is that.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
