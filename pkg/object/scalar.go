package object

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// words are the texts that some YAML reader takes for a bool, a null or
// something else than text, in lower case.
var words = map[string]bool{
	"": true, "~": true, "null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true,
	"y": true, "n": true, "=": true, "<<": true, ".inf": true, "-.inf": true, "+.inf": true, ".nan": true,
}

// numeric matches what some reader takes for a number, in base 60 too, or for a
// date, once the underscores are taken out. It is generous: Go's readers accept
// 0X1F, 0_x1f, -_1, 0b-1 and 1e_3, and Ruby's accept 1,000.
var numeric = regexp.MustCompile(`(?i)^(?:[-+]?(?:0b[-+01]*|0o[-+0-7]*|0x[0-9a-f]*|` +
	`[0-9][0-9,]*(?:\.[0-9]*)?(?:e[-+]?[0-9]*)?|\.[0-9]*(?:e[-+]?[0-9]*)?|[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?)|` +
	`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?)$`)

// isNumeric reports whether some reader may take s, which starts with a digit, a
// sign or a dot, for a number or a date.
func isNumeric(s string) bool {
	if s[len(s)-1] > 'f' && s[len(s)-1] != 'o' && s[len(s)-1] != 'x' && s[len(s)-1] != 'z' {
		return false // a quantity or a duration, such as 100m
	}
	return numeric.MatchString(strings.ReplaceAll(s, "_", ""))
}

// IsPlain reports whether Marshal writes s without quotes: whether every YAML
// reader reads the plain scalar as the string s.
func IsPlain(s string) bool {
	if len(s) <= 5 && words[strings.ToLower(s)] {
		return false
	}
	switch s[0] {
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+':
		if isNumeric(s) {
			return false
		}
	case '.':
		if strings.HasPrefix(s, "...") || isNumeric(s) {
			return false
		}
	case '-':
		if len(s) == 1 || s[1] == ' ' || s[1] == '-' || isNumeric(s) {
			return false
		}
	case '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', ' ', '=', '<':
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			return false
		case c == ':' && (i+1 == len(s) || s[i+1] == ' '):
			return false
		case c == '#' && s[i-1] == ' ':
			return false
		case c == ' ' && i+1 == len(s):
			return false
		}
	}
	return true
}

// isBlock reports whether s reads best, and reads back the same, as a literal
// block: lines of printable text that no line's start or end can spoil.
func isBlock(s string) bool {
	if strings.IndexByte(s, '\n') < 0 || s[0] == ' ' || s[0] == '\n' || s[0] == '\t' {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != "" && (line[len(line)-1] == ' ' || line[len(line)-1] == '\t') {
			return false
		}
	}
	for _, r := range s {
		if r != '\n' && r != '\t' && !isPrintableRune(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// isPrintable reports whether s holds nothing that needs an escape.
func isPrintable(s string) bool {
	for _, r := range s {
		if !isPrintableRune(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// isPrintableRune reports whether a character stands for itself: YAML asks for
// less, but what is invisible or reorders text shall not hide in a file.
func isPrintableRune(r rune) bool { return escape.IsShown(r) }
