package object

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// words are the texts that some YAML reader takes for a bool, a null or
// something else than text, in lower case.
var words = map[string]bool{
	"": true, "~": true, "null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true,
	"y": true, "n": true, "=": true, "<<": true, ".inf": true, "-.inf": true, "+.inf": true, ".nan": true,
}

// numeric matches what a reader of YAML 1.1 or 1.2 takes for a number, in base
// 60 too, or for a date.
var numeric = regexp.MustCompile(`^(?:[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_,]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|` +
	`\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?)$`)

// IsPlain reports whether Marshal writes s without quotes: whether every reader
// of YAML takes the bare word for the text s.
func IsPlain(s string) bool {
	if len(s) <= 5 && words[strings.ToLower(s)] {
		return false
	}
	switch s[0] {
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '.':
		if numeric.MatchString(s) {
			return false
		}
	case '-':
		if len(s) == 1 || s[1] == ' ' || s[1] == '-' || numeric.MatchString(s) {
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
// block: several lines of printable text that no line's start or end can spoil.
func isBlock(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if !strings.Contains(body, "\n") && body == s || body == "" || strings.HasSuffix(body, "\n") {
		return false
	}
	if body[0] == ' ' || body[0] == '\n' || body[0] == '\t' {
		return false
	}
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t") || !isPrintable(strings.ReplaceAll(line, "\t", "")) {
			return false
		}
	}
	return true
}

// isPrintable reports whether s holds nothing that needs an escape.
func isPrintable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !isPrintableRune(r) {
			return false
		}
	}
	return true
}

func isPrintableRune(r rune) bool {
	return r >= ' ' && r <= '~' || r >= 0xa0 && r <= 0xd7ff && r != 0x2028 && r != 0x2029 || r >= 0xe000 && r <= 0xfffd && r != 0xfeff || r >= 0x10000
}
