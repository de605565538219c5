package credential

import (
	"slices"
	"strings"
)

// index finds the forms whose keywords a text has, without trying all of them.
type index struct {
	all []form
	// always are the forms without keywords, and short those with keywords of less
	// than three characters.
	always []int
	short  map[string][]int
	// first has the forms by the first three bytes of their keywords; seen tells
	// quickly that three bytes begin none.
	first map[string][]keyword
	seen  [1 << 13]bool
}

type keyword struct {
	text string
	form int
}

// width is how much of a keyword is looked up at once.
const width = 3

// minAlways is the length from which on a text is matched with forms that have
// no keyword.
const minAlways = 20

func newIndex(all []form) *index {
	x := &index{all: all, short: map[string][]int{}, first: map[string][]keyword{}}
	for i, f := range all {
		for _, k := range f.keywords {
			k = strings.ToLower(k)
			switch {
			case k == "-":
				x.always = append(x.always, i)
			case len(k) < width:
				x.short[k] = append(x.short[k], i)
			default:
				x.first[k[:width]] = append(x.first[k[:width]], keyword{k, i})
				x.seen[hash(k)] = true
			}
		}
	}
	return x
}

func hash(s string) int {
	return (int(s[0])*37*37 + int(s[1])*37 + int(s[2])) & (1<<13 - 1)
}

// candidates returns the forms that a text may have, in the order of the file.
func (x *index) candidates(text string) []*form {
	lower := strings.ToLower(text)
	var found []int
	if len(text) >= minAlways {
		found = append(found, x.always...)
	}
	for k, list := range x.short {
		if strings.Contains(lower, k) {
			found = append(found, list...)
		}
	}
	for i := 0; i+width <= len(lower); i++ {
		if !x.seen[hash(lower[i:])] {
			continue
		}
		for _, k := range x.first[lower[i:i+width]] {
			if strings.HasPrefix(lower[i:], k.text) {
				found = append(found, k.form)
			}
		}
	}
	slices.Sort(found)
	out := make([]*form, 0, len(found))
	for _, i := range slices.Compact(found) {
		out = append(out, &x.all[i])
	}
	return out
}
