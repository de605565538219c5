// Package escape keeps text from outside from acting on what shows it: terminals,
// logs of CI systems and Markdown. Names of the model, words of servers and
// contents of files may hold escape sequences, line ends, controls that reorder
// text, and lines that a CI system takes for commands.
//
// Two things tell our own layout from text of others. Line makes one line of a
// text, and Writer.Printf does so with each of its arguments: the format is ours,
// the arguments are not. Writer stands below all output and lets only text through
// that shows itself, with line ends and tabs.
//
//	out := escape.NewWriter(os.Stdout)
//	out.Printf("%s: %s\n", path, reason)
package escape

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// IsShown reports whether a character shows itself where it stands. Controls,
// line ends, tabs, and what is invisible or reorders text do not.
func IsShown(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r <= '~'
	}
	return unicode.IsGraphic(r) && r != utf8.RuneError && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// Line returns a text as part of one line. What does not show itself is written
// as in JSON, such as \n and \u202e, and bytes that are no text as \xff.
func Line(s string) string {
	for i, r := range s {
		if !IsShown(r) {
			return string(appendLine([]byte(s[:i]), s[i:]))
		}
	}
	return s
}

func appendLine(dst []byte, s string) []byte {
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if IsShown(r) {
			dst = append(dst, s[:size]...)
		} else {
			dst = appendEscaped(dst, s[:size])
		}
		s = s[size:]
	}
	return dst
}

// appendEscaped appends one character, or one byte that is none, as an escape.
func appendEscaped(dst []byte, s string) []byte {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Appendf(dst, `\x%02x`, s[0])
	case r == '\n':
		return append(dst, `\n`...)
	case r == '\r':
		return append(dst, `\r`...)
	case r == '\t':
		return append(dst, `\t`...)
	case r > 0xffff: // two halves, so that it is right in JSON too
		high, low := utf16.EncodeRune(r)
		return fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
	}
	return fmt.Appendf(dst, `\u%04x`, r)
}

// Code returns a text as code in one line of Markdown, such as a cell of a table.
// Nothing in code is rendered or mentions anybody. What could end the code or the
// cell stands between two pieces of it, as an entity.
func Code(s string) string {
	var b strings.Builder
	s = Line(s)
	for s != "" {
		n := strings.IndexAny(s, "`|")
		if n < 0 {
			n = len(s)
		}
		if n > 0 {
			b.WriteString("`" + s[:n] + "`")
		}
		for s = s[n:]; s != "" && (s[0] == '`' || s[0] == '|'); s = s[1:] {
			fmt.Fprintf(&b, "&#%d;", s[0])
		}
	}
	return b.String()
}

// HTML returns a text as code in one line of HTML, such as the summary of details
// in Markdown, where Code would not be rendered.
func HTML(s string) string { return "<code>" + html.EscapeString(Line(s)) + "</code>" }
