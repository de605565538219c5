package diff

import (
	"path"
	"slices"
	"strings"
)

// names are what a target is called by. Where several targets change alike, their
// names are all that differs.
type names struct{ namespace, app, environment, cluster string }

// placeholders stand for names, in their order.
var placeholders = [...]string{"{namespace}", "{app}", "{env}", "{cluster}"}

func (n names) list() [len(placeholders)]string {
	return [...]string{n.namespace, n.app, n.environment, n.cluster}
}

// namesOf returns the names of what is at a site and in a namespace.
func namesOf(s site, namespace string) names {
	n := names{namespace: namespace, environment: s.env, cluster: s.cluster}
	if strings.Contains(s.unit, "/") {
		n.app = path.Base(s.unit)
	}
	return n
}

// literal begins a text that has a placeholder by itself: its names stay, so that
// it is equal to no other text.
const literal = "\x00"

// hide returns a text with placeholders for the names, where they are whole words.
func (n names) hide(s string) string {
	for _, p := range placeholders {
		if strings.Contains(s, p) {
			return literal + s
		}
	}
	all := n.list()
	order := []int{0, 1, 2, 3}
	slices.SortStableFunc(order, func(i, j int) int { return len(all[j]) - len(all[i]) })
	for _, i := range order {
		if all[i] != "" {
			s = replaceWord(s, all[i], placeholders[i])
		}
	}
	return s
}

// show returns a text that was hidden for people: with the names that are given,
// and placeholders for the others.
func (n names) show(s string) string {
	if rest, ok := strings.CutPrefix(s, literal); ok {
		return rest
	}
	for i, name := range n.list() {
		if name != "" {
			s = strings.ReplaceAll(s, placeholders[i], name)
		}
	}
	return s
}

// common returns the names that both have.
func (n names) common(other names) names {
	same := func(a, b string) string {
		if a == b {
			return a
		}
		return ""
	}
	return names{same(n.namespace, other.namespace), same(n.app, other.app), same(n.environment, other.environment), same(n.cluster, other.cluster)}
}

// replaceWord replaces a word in a text where neither a letter nor a digit stands
// beside it, outside of placeholders.
func replaceWord(s, word, with string) string {
	var b strings.Builder
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			if b.Len() == 0 {
				return s
			}
			return b.String() + s[from:]
		}
		i += from
		end := i + len(word)
		whole := (i == 0 || !isWord(s[i-1])) && (end == len(s) || !isWord(s[end])) && !(i > 0 && s[i-1] == '{' && end < len(s) && s[end] == '}')
		b.WriteString(s[from:i])
		if whole {
			b.WriteString(with)
		} else {
			b.WriteString(word)
		}
		from = end
	}
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// eachText returns a value in JSON form with its texts and keys replaced.
func eachText(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[f(k)] = eachText(e, f)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = eachText(e, f)
		}
		return out
	}
	return v
}
