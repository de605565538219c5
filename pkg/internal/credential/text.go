package credential

import (
	"strings"
)

// maxValue bounds a value that is read from a text, in bytes.
const maxValue = 256

// scanner reads the names and values of a text in one pass: as programs, shells and
// files of settings write them, one beside the other. What stands on different lines
// is found where the text is decoded.
type scanner struct {
	text string
	// named is the credential whose value stands in a field of its own, as in
	// name="password" value="…", and where it was read.
	named   string
	namedAt int
	// found is called with each name that may be that of a credential, and its value.
	found func(name, value string, quoted bool)
}

// fieldDistance is how far a field named value may be from the one named name.
const fieldDistance = 160

// assignments calls found for each name of a credential in a text, and its value.
func assignments(text string, found func(name, value string, quoted bool)) {
	s := &scanner{text: text, found: found}
	lineStart := true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			lineStart = true
			continue
		case c == '=' || c == ':':
			i += s.separator(i)
		case c == '>':
			s.element(i)
		case c == '-' && (i == 0 || strings.IndexByte(" \t\n\"'[,(`", text[i-1]) >= 0):
			s.option(i)
		case lineStart && (isLetter(c) || c == '_'):
			s.directive(i)
		}
		if c := text[i]; c != ' ' && c != '\t' {
			lineStart = false
		}
	}
}

// separator reads the name before and the value behind a sign at i, and returns how
// many more bytes belong to the sign.
func (s *scanner) separator(i int) int {
	next := byte(0)
	if i+1 < len(s.text) {
		next = s.text[i+1]
	}
	width := 1
	switch {
	case s.text[i] == '=' && next == '=' || s.text[i] == ':' && (next == ':' || next == '/'):
		return 1
	case s.text[i] == '=' && next == '>', s.text[i] == ':' && next == '=':
		width = 2
	case i > 0 && strings.IndexByte("!<>~+", s.text[i-1]) >= 0:
		return 0
	}
	name, apart := s.before(i)
	if name == "" || s.text[i] == ':' && width == 1 && !apart {
		return width - 1
	}
	lower := strings.ToLower(name)
	switch lower {
	case "name", "key":
		s.named = ""
		if v, _ := s.value(i, width); classify(v) > plainName {
			s.named, s.namedAt = v, i
		}
	case "value", "default", "content":
		if s.named != "" && i-s.namedAt < fieldDistance {
			if v, quoted := s.value(i, width); v != "" {
				s.found(s.named, v, quoted)
			}
			s.named = ""
		}
	}
	if classify(name) > plainName {
		if v, quoted := s.value(i, width); v != "" {
			s.found(name, v, quoted)
		}
	}
	return width - 1
}

// before returns the name that ends before i, without quotes and brackets, and
// whether it is no part of something longer with colons, such as an ARN.
func (s *scanner) before(i int) (name string, apart bool) {
	end := i
	for low := max(0, i-8); end > low && (s.text[end-1] == ' ' || s.text[end-1] == '\t'); {
		end--
	}
	for end > 0 && strings.IndexByte("\"'`\\])", s.text[end-1]) >= 0 && i-end < 12 {
		end--
	}
	start := end
	for start > 0 && end-start < maxName && isName(s.text[start-1]) {
		start--
	}
	return strings.TrimLeft(s.text[start:end], "-."), start == 0 || s.text[start-1] != ':'
}

func isName(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '.' || c == '-' }

// value returns the value behind a sign at i, and whether it stands in quotes. One
// beside the sign ends at a blank; another one ends with the line.
func (s *scanner) value(i, width int) (value string, quoted bool) {
	rest := s.text[i+width : min(len(s.text), i+width+maxValue)]
	trimmed := strings.TrimLeft(rest, " \t")
	spaced := len(trimmed) < len(rest)
	if v, ok := quotedText(trimmed); ok {
		return v, true
	}
	end := strings.IndexAny(trimmed, "\n\r,;&|\"'`")
	if end < 0 {
		end = len(trimmed)
	}
	v := trimmed[:end]
	if !spaced {
		v, _, _ = strings.Cut(v, " ")
	}
	if j := strings.Index(v, " #"); j >= 0 {
		v = v[:j]
	}
	if strings.HasPrefix(v, "#") && spaced {
		return "", false
	}
	if j := strings.IndexAny(v, "<>"); j > 0 {
		v = v[:j]
	}
	if v = strings.TrimRight(v, " \t\\"); v != "" && (strings.IndexByte("{[", v[0]) >= 0 || spaced && (v[0] == '&' || v[0] == '*' || strings.IndexByte("|>", v[0]) >= 0 && len(v) < 4)) {
		return "", false // of several parts, of more lines, or somewhere else
	}
	if strings.IndexByte(v, '(') < 0 && strings.IndexByte(v, '{') < 0 && strings.IndexByte(v, '[') < 0 {
		v = strings.TrimRight(v, ")}] ")
	}
	return v, false
}

// quotedText returns the text in the quotes that rest begins with. The quotes may be
// quoted themselves.
func quotedText(rest string) (string, bool) {
	prefix := ""
	for len(rest) > 0 && rest[0] == '\\' {
		prefix, rest = prefix+`\`, rest[1:]
	}
	if rest == "" || strings.IndexByte("\"'`", rest[0]) < 0 {
		return "", false
	}
	quote := rest[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(rest, triple) {
		quote = triple
	}
	body, _, ok := strings.Cut(rest[len(quote):], prefix+quote)
	if !ok {
		body, _, _ = strings.Cut(body, "\n")
	}
	return body, true
}

// element reads an element of XML whose tag ends at i.
func (s *scanner) element(i int) {
	low := max(0, i-fieldDistance)
	open := strings.LastIndexByte(s.text[low:i], '<')
	if open < 0 || i+1 >= len(s.text) || i > 0 && s.text[i-1] == '/' {
		return
	}
	tag := s.text[low+open+1 : i]
	name, _, _ := strings.Cut(tag, " ")
	if s.named != "" && s.namedAt > low+open {
		name = s.named
	}
	if tag == "" || !isLetter(tag[0]) || classify(name) == plainName {
		return
	}
	rest := s.text[i+1 : min(len(s.text), i+1+maxValue)]
	if v, _, ok := strings.Cut(rest, "</"); ok {
		v = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(v), "<![CDATA["), "]]>")
		s.found(name, v, true)
	}
}

// option reads an option of a command at i, and the argument after it.
func (s *scanner) option(i int) {
	end := i
	for end < len(s.text) && end-i < maxName && isName(s.text[end]) {
		end++
	}
	name := strings.TrimLeft(s.text[i:end], "-")
	if len(name) < 2 || classify(name) == plainName {
		return
	}
	rest := s.text[end:min(len(s.text), end+maxValue)]
	argument := strings.TrimLeft(rest, "\"', \t")
	if argument == rest || strings.HasPrefix(argument, "-") || !strings.ContainsAny(rest[:len(rest)-len(argument)], " ,\t") {
		return
	}
	if blank := rest[:len(rest)-len(argument)]; strings.ContainsAny(blank, `"'`) {
		argument = blank[len(blank)-1:] + argument
		if v, ok := quotedText(argument); ok {
			s.found(name, v, true)
			return
		}
	}
	if j := strings.IndexAny(argument, " \t\n\"',;)]"); j >= 0 {
		argument = argument[:j]
	}
	if argument != "" && strings.IndexByte(argument, '=') < 0 {
		s.found(name, argument, false)
	}
}

// directive reads a line at i that is a name and a value with a blank between.
func (s *scanner) directive(i int) {
	end := i
	for end < len(s.text) && end-i < maxName && isName(s.text[end]) {
		end++
	}
	name := s.text[i:end]
	if end == len(s.text) || s.text[end] != ' ' && s.text[end] != '\t' || classify(name) == plainName {
		return
	}
	line, _, _ := strings.Cut(s.text[end:min(len(s.text), end+maxValue)], "\n")
	line = strings.TrimRight(strings.TrimSpace(line), "; \t")
	if v, ok := quotedText(line); ok {
		s.found(name, v, true)
		return
	}
	if line == "" || strings.ContainsAny(line, " \t=(") || line[len(line)-1] == ',' {
		return
	}
	settings := strings.ContainsAny(name, "._-") || passwords[name] && !prose[name]
	if settings || strings.IndexFunc(line, func(r rune) bool { return r >= '0' && r <= '9' }) >= 0 {
		s.found(name, line, false)
	}
}

// prose are the names that begin sentences too.
var prose = words("password passwords pass passphrase token secret credentials")
