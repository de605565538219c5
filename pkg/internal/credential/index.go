package credential

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// index finds the forms whose keywords a text has, without trying all of them.
type index struct {
	all []form
	// counted are the keywords that count a character, and short those of less than
	// three characters.
	counted []counted
	short   []keyword
	// first has the forms by the first three bytes of their keywords; seen tells
	// quickly that three bytes begin none.
	first map[string][]keyword
	seen  [1 << 13]bool
}

// keyword is a text that a form needs, and another one or "".
type keyword struct {
	text, and string
	form      int
}

// counted is how long a text is that a form needs, and how often a character
// stands in it.
type counted struct {
	least, times int
	char         string
	form         int
}

// width is how much of a keyword is looked up at once.
const width = 3

var countedForm = regexp.MustCompile(`^(\d+)\+(\d+)(.)$`)

func newIndex(all []form) *index {
	x := &index{all: all, first: map[string][]keyword{}}
	for i, f := range all {
		for _, k := range f.keywords {
			if m := countedForm.FindStringSubmatch(k); m != nil {
				least, _ := strconv.Atoi(m[1])
				times, _ := strconv.Atoi(m[2])
				x.counted = append(x.counted, counted{least, times, m[3], i})
				continue
			}
			text, and, _ := strings.Cut(strings.ToLower(k), "&")
			if len(text) < width {
				x.short = append(x.short, keyword{text, and, i})
				continue
			}
			x.first[text[:width]] = append(x.first[text[:width]], keyword{text, and, i})
			x.seen[hash(text)] = true
		}
	}
	return x
}

func hash(s string) int {
	return (int(s[0])*37*37 + int(s[1])*37 + int(s[2])) & (1<<13 - 1)
}

// candidates returns the forms that a text may have, in the order of the file. It
// reads the text once, and once more for each other text that a keyword asks for.
func (x *index) candidates(text string) []*form {
	lower := strings.ToLower(text)
	var found []int
	for _, c := range x.counted {
		if len(text) >= c.least && strings.Count(text, c.char) >= c.times {
			found = append(found, c.form)
		}
	}
	for _, k := range x.short {
		if strings.Contains(lower, k.text) && strings.Contains(lower, k.and) {
			found = append(found, k.form)
		}
	}
	var seen map[*keyword]bool
	for i := 0; i+width <= len(lower); i++ {
		if !x.seen[hash(lower[i:])] {
			continue
		}
		list := x.first[lower[i:i+width]]
		for j := range list {
			k := &list[j]
			if !strings.HasPrefix(lower[i:], k.text) || seen[k] {
				continue
			}
			if seen == nil {
				seen = map[*keyword]bool{}
			}
			seen[k] = true
			if strings.Contains(lower, k.and) {
				found = append(found, k.form)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	out := make([]*form, 0, len(found))
	for _, i := range slices.Compact(found) {
		out = append(out, &x.all[i])
	}
	return out
}
