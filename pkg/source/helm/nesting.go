package helm

import (
	"fmt"
	"strings"
)

// maxNesting bounds how deep blocks and parentheses of a template are inside each
// other: what parses and executes templates calls itself for each, and nothing can
// recover from a stack that is full.
const maxNesting = 500

// checkNesting checks that a template is not nested too deeply.
func checkNesting(f File) error {
	if !strings.HasPrefix(f.Name, "templates/") {
		return nil
	}
	if deepest(string(f.Data)) > maxNesting {
		return fmt.Errorf("the template %s is nested more than %d levels deep", quote(f.Name), maxNesting)
	}
	return nil
}

// deepest returns how deep the blocks and parentheses of a template are inside each
// other at most. It follows the text as Go's templates do, and is never less than
// what they find.
func deepest(text string) int {
	most, depth := 0, 0
	var blocks []int // what each open block adds to the depth
	for {
		_, rest, ok := strings.Cut(text, "{{")
		if !ok {
			return most
		}
		if len(rest) > 1 && rest[0] == '-' && strings.IndexByte(" \t\r\n", rest[1]) >= 0 {
			rest = rest[2:]
		}
		if strings.HasPrefix(rest, "/*") {
			_, text, _ = strings.Cut(rest[2:], "*/")
			continue
		}
		word, then := firstWord(rest)
		switch word {
		case "if", "range", "with", "define", "block":
			blocks = append(blocks, 1)
			depth++
		case "else":
			// An "else if" is an "if" in the "else".
			if word, _ := firstWord(then); (word == "if" || word == "with") && len(blocks) > 0 {
				blocks[len(blocks)-1]++
				depth++
			}
		case "end":
			if last := len(blocks) - 1; last >= 0 {
				depth -= blocks[last]
				blocks = blocks[:last]
			}
		}
		var parens int
		parens, text = action(rest)
		most = max(most, depth+parens)
	}
}

// firstWord returns the first word of an action, and what follows it.
func firstWord(s string) (word, then string) {
	s = strings.TrimLeft(s, " \t\r\n")
	end := strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// action returns how deep the parentheses of an action are inside each other, and
// what follows it.
func action(s string) (parens int, rest string) {
	open := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '(':
			open++
			parens = max(parens, open)
		case ')':
			open = max(open-1, 0)
		case '`', '"', '\'':
			i += literal(s[i:], c)
		case '}':
			if strings.HasPrefix(s[i:], "}}") {
				return parens, s[i+2:]
			}
		}
	}
	return parens, ""
}

// literal returns the index of the last byte of the literal that s begins with.
func literal(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return i
		case s[i] == '\\' && quote != '`':
			i++
		case s[i] == '\n' && quote != '`':
			return i // an error of the template; it ends here
		}
	}
	return len(s)
}
