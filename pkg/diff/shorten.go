package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// The lengths of values for people, in characters.
const (
	longest = 110 // of a value that stands alone
	beside  = 60  // of one of two values that are compared
	context = 20  // of what two values share, on each side of what differs
)

const ellipsis = "…"

// encode returns a value as JSON in one line.
func encode(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(numbers(v)); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// numbers returns a value with the numbers that JSON writes as such.
func numbers(v any) any {
	switch v := v.(type) {
	case object.Number:
		return json.Number(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = numbers(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = numbers(e)
		}
		return out
	}
	return v
}

// short returns a value as JSON, cut where it would fill the screen.
func short(v any) string { return cut(encode(v), longest) }

// cut returns at most n characters of a text.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + ellipsis
}

// shortPair returns two values as JSON, shortened around what differs.
func shortPair(from, to any) (string, string) {
	a, b := []rune(encode(from)), []rune(encode(to))
	if len(a) <= beside && len(b) <= beside {
		return string(a), string(b)
	}
	head, limit := 0, min(len(a), len(b))
	for head < limit && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < limit-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return window(a, head, tail), window(b, head, tail)
}

// window returns a value as JSON without most of the head and the tail that it shares
// with another one. A text keeps both of its quotes.
func window(s []rune, head, tail int) string {
	start, end := wordStart(s, max(0, head-context)), len(s)-max(0, tail-context)
	if start <= 3 {
		start = 0
	}
	if len(s)-end <= 3 {
		end = len(s)
	}
	out := cut(string(s[start:end]), longest)
	quote := ""
	if s[0] == '"' {
		quote = `"`
	}
	if start > 0 {
		out = quote + ellipsis + out
	}
	if end < len(s) {
		out += ellipsis + quote
	}
	return out
}

// wordStart returns the start of a word near i, so that a name is shown as a whole.
func wordStart(s []rune, i int) int {
	for n := i; n > 0 && i-n < context; n-- {
		if strings.ContainsRune(" /,:\"'={[(", s[n-1]) {
			return n
		}
	}
	return i
}

// mostLines bounds the lines that are shown of a text of many.
const mostLines = 8

// lineChanges returns the lines that two texts do not share, each with a sign;
// false where one of them is not a text of several lines.
func lineChanges(from, to any) ([]line, bool) {
	a, okA := from.(string)
	b, okB := to.(string)
	if !okA || !okB || strings.Count(a, "\n") < 2 || strings.Count(b, "\n") < 2 {
		return nil, false
	}
	var out []line
	show := func(sign Kind, n int, v any) {
		out = append(out, line{sign: sign, text: cut(fmt.Sprintf("line %d: %s", n+1, v), longest)})
	}
	before, after := texts(a), texts(b)
	head := 0
	for head < min(len(before), len(after)) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < min(len(before), len(after))-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	x, y := before[head:len(before)-tail], after[head:len(after)-tail]
	i, j := 0, 0
	for _, m := range append(common(x, y), [2]int{len(x), len(y)}) {
		for ; i < m[0]; i++ {
			show(Removed, head+i, x[i])
		}
		for ; j < m[1]; j++ {
			show(Added, head+j, y[j])
		}
		i, j = m[0]+1, m[1]+1
	}
	if n := len(out) - mostLines; n > 1 {
		out = append(out[:mostLines], line{text: fmt.Sprintf("and %d more lines", n)})
	}
	return out, len(out) > 0
}

func texts(s string) []any {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	out := make([]any, len(lines))
	for i, l := range lines {
		out[i] = l
	}
	return out
}

// words returns the texts and numbers in a value, in order, as a name for it; at
// most a few.
func words(v any) string {
	var out []string
	var each func(v any)
	each = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				each(v[k])
			}
		case []any:
			for _, e := range v {
				each(e)
			}
		case string, int64, object.Number:
			if s := fmt.Sprint(v); s != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	each(v)
	return cut(strings.Join(out, "/"), 40)
}

// moves returns what has another place in a list, as in "B before A", given its
// order before and after.
func moves(from, to any) string {
	a, _ := from.([]any)
	b, _ := to.([]any)
	stays := map[int]bool{}
	for _, pair := range common(a, b) {
		stays[pair[1]] = true
	}
	var out []string
	for j, e := range b {
		switch {
		case stays[j]:
		case j+1 < len(b):
			out = append(out, words(e)+" before "+words(b[j+1]))
		default:
			out = append(out, words(e)+" at the end")
		}
	}
	return list(out)
}
