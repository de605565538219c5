package expand

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// matcher reports whether a pattern takes a file, or a directory.
type matcher func(name string, directory bool) bool

// pathspec returns what matches a file as `git ls-files -- pattern` does: `*`
// and `?` take a "/" too, and a plain path takes what is below it.
func pathspec(pattern string) (matcher, error) {
	if strings.HasPrefix(pattern, ":") {
		return nil, errors.New("git's magic after a colon is not supported: write a path")
	}
	clean := path.Clean(pattern)
	if strings.HasPrefix(clean, "/") || clean == ".." || strings.HasPrefix(clean, "../") {
		return nil, errOutside
	}
	if clean == "." {
		return func(string, bool) bool { return true }, nil
	}
	below := clean + "/"
	exact := !strings.HasSuffix(pattern, "/")
	glob := clean
	if !exact {
		glob = below
	}
	special := strings.ContainsAny(pattern, `*?[\`)
	return func(name string, _ bool) bool {
		return exact && name == clean || strings.HasPrefix(name, below) || special && wildmatch(glob, name)
	}, nil
}

// wildmatch matches by bytes, as git does without a special rule for "/".
func wildmatch(pattern, name string) bool {
	p, n := 0, 0
	star, after := -1, 0
	for n < len(name) {
		if p < len(pattern) && pattern[p] == '*' {
			star, after = p, n
			p++
			continue
		}
		if width, ok := matchOne(pattern[p:], name[n]); ok {
			p, n = p+width, n+1
			continue
		}
		if star < 0 {
			return false
		}
		after++
		p, n = star+1, after
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// matchOne matches the element that the pattern starts with, and returns how
// long that is.
func matchOne(pattern string, c byte) (int, bool) {
	if pattern == "" {
		return 0, false
	}
	switch pattern[0] {
	case '?':
		return 1, true
	case '[':
		return matchClass(pattern, c)
	case '\\':
		return 2, len(pattern) > 1 && pattern[1] == c
	default:
		return 1, pattern[0] == c
	}
}

// matchClass matches a class in brackets. One that does not end matches nothing.
func matchClass(pattern string, c byte) (int, bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	matched := false
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return i + 1, matched != negated
		}
		if rest, ok := strings.CutPrefix(pattern[i:], "[:"); ok {
			name, _, closed := strings.Cut(rest, ":]")
			in, known := classes[name]
			if !closed || !known {
				return 0, false
			}
			matched = matched || in(c)
			i += len(name) + len("[::]")
			continue
		}
		low, width := classByte(pattern[i:])
		i += width
		high := low
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			high, width = classByte(pattern[i+1:])
			i += 1 + width
		}
		matched = matched || low <= c && c <= high
	}
	return 0, false
}

// classByte returns the byte that a class names next, and how long that is.
func classByte(s string) (byte, int) {
	if s[0] == '\\' && len(s) > 1 {
		return s[1], 2
	}
	return s[0], 1
}

// classes are the named classes of bytes.
var classes = map[string]func(byte) bool{
	"alnum":  func(c byte) bool { return isLetter(c) || isDigit(c) },
	"alpha":  isLetter,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 127 },
	"digit":  isDigit,
	"graph":  func(c byte) bool { return c > ' ' && c < 127 },
	"lower":  func(c byte) bool { return c >= 'a' && c <= 'z' },
	"print":  func(c byte) bool { return c >= ' ' && c < 127 },
	"punct":  func(c byte) bool { return c > ' ' && c < 127 && !isLetter(c) && !isDigit(c) },
	"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	"upper":  func(c byte) bool { return c >= 'A' && c <= 'Z' },
	"xdigit": func(c byte) bool { return isDigit(c) || c|32 >= 'a' && c|32 <= 'f' },
}

func isLetter(c byte) bool { return c|32 >= 'a' && c|32 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

var errOutside = errors.New("it leads out of the repository: write a path within it")

// maxBraces is how many patterns the braces of one may stand for.
const maxBraces = 1000

// doublestar returns what matches a path by the new rule: `*` and `?` stay
// within a directory, `**` as a whole name takes any directories, none among
// them, and {a,b} is either.
func doublestar(pattern string) (matcher, error) {
	clean := path.Clean("./" + pattern)
	if clean == ".." || strings.HasPrefix(clean, "../") {
		return nil, errOutside
	}
	all, err := braces(clean)
	if err != nil {
		return nil, err
	}
	var patterns [][]string
	for _, p := range all {
		segments := split(path.Clean(p))
		for i, s := range segments {
			segments[i] = strings.ReplaceAll(s, "[!", "[^")
			if _, err := path.Match(segments[i], ""); err != nil {
				return nil, err
			}
		}
		patterns = append(patterns, segments)
	}
	return func(name string, directory bool) bool {
		segments := split(name)
		return slices.ContainsFunc(patterns, func(p []string) bool {
			if !directory && len(p) > 0 && p[len(p)-1] == "**" {
				p = append(slices.Clone(p), "*") // of files, those below a directory
			}
			return matchSegments(p, segments)
		})
	}, nil
}

// split returns the names of a path; the root has none.
func split(name string) []string {
	if name == "." {
		return nil
	}
	return strings.Split(name, "/")
}

func matchSegments(pattern, name []string) bool {
	p, n := 0, 0
	star, after := -1, 0
	for n < len(name) {
		if p < len(pattern) && pattern[p] == "**" {
			star, after = p, n
			p++
			continue
		}
		if p < len(pattern) {
			if ok, err := path.Match(pattern[p], name[n]); ok && err == nil {
				p, n = p+1, n+1
				continue
			}
		}
		if star < 0 {
			return false
		}
		after++
		p, n = star+1, after
	}
	return !slices.ContainsFunc(pattern[p:], func(s string) bool { return s != "**" })
}

// braces returns the patterns that one with {a,b} stands for.
func braces(pattern string) ([]string, error) {
	open, end, commas := -1, -1, []int(nil)
	depth := 0
scan:
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '{':
			if depth++; depth == 1 {
				open = i
			}
		case ',':
			if depth == 1 {
				commas = append(commas, i)
			}
		case '}':
			if depth--; depth == 0 {
				end = i
				break scan
			}
			if depth < 0 {
				return nil, path.ErrBadPattern
			}
		}
	}
	if open < 0 {
		return []string{pattern}, nil
	}
	if end < 0 {
		return nil, path.ErrBadPattern
	}
	var out []string
	from := open + 1
	for _, to := range append(commas, end) {
		more, err := braces(pattern[:open] + pattern[from:to] + pattern[end+1:])
		if err != nil {
			return nil, err
		}
		if out = append(out, more...); len(out) > maxBraces {
			return nil, fmt.Errorf("its braces stand for more than %d patterns", maxBraces)
		}
		from = to + 1
	}
	return out, nil
}
