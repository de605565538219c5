package object

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// YAML returns the object as a YAML document that ends in a newline.
func (o Object) YAML() []byte { return Marshal(o.root) }

// Marshal returns a value in the package's form as YAML: block style, two spaces,
// list items at the column of their key, keys in the order in which people write
// them, and quotes where a reader of YAML 1.1 or 1.2 would not read a string as
// one. Lines are never folded.
func Marshal(v any) []byte {
	buf := buffers.Get().(*[]byte)
	*buf = AppendYAML((*buf)[:0], v)
	out := bytes.Clone(*buf) // no longer than it is: whole trees are kept
	buffers.Put(buf)
	return out
}

// buffers are what Marshal writes to.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 4096)) }}

// AppendYAML appends what Marshal returns for v to dst.
func AppendYAML(dst []byte, v any) []byte {
	return appendYAML(dst, v, false)
}

// Print returns a value as Marshal does, for people and logs: strings that a CI
// system could interpret as commands are quoted, with escapes.
func Print(v any) []byte { return appendYAML(nil, v, true) }

func appendYAML(dst []byte, v any, print bool) []byte {
	w := writers.Get().(*writer)
	w.buf, w.print = dst, print
	w.document(v)
	dst, w.buf = w.buf, nil
	clear(w.entries[:cap(w.entries)]) // it keeps no values
	writers.Put(w)
	return dst
}

// writers are used again for their entries.
var writers = sync.Pool{New: func() any { return new(writer) }}

type writer struct {
	buf     []byte
	entries []entry // a stack of the open maps' entries, to allocate once
	print   bool    // for logs, where no text may be a command
}

// document writes a value with the end of its last line.
func (w *writer) document(v any) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 {
			w.mapping(v, 0, false, "")
			return
		}
	case []any:
		if len(v) > 0 {
			w.sequence(v, 0, "")
			return
		}
	}
	w.inline(v, 0)
	w.buf = append(w.buf, '\n')
}

// isCommand reports whether a text has to be escaped where it is printed.
func (w *writer) isCommand(s string) bool { return w.print && escape.HasCommand(s) }

// entry is one entry of a map, with the place that its key asks for.
type entry struct {
	key   string
	rank  int
	value any
}

// mapping writes a map that is not empty. Where open is true, the first key
// stands on a line that is begun already.
func (w *writer) mapping(m map[string]any, indent int, open bool, parent string) {
	start := len(w.entries)
	free := freeForm[parent] && !open // entries of a list are none
	for k, v := range m {
		e := entry{key: k, value: v}
		if !free {
			e.rank = rank(k, parent)
		}
		w.entries = append(w.entries, e)
	}
	slices.SortFunc(w.entries[start:], func(a, b entry) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.key, b.key)
	})
	for i := range len(m) {
		e := w.entries[start+i]
		if i > 0 || !open {
			w.spaces(indent)
		}
		w.key(e.key, indent)
		w.value(e.value, indent, e.key)
	}
	w.entries = w.entries[:start]
}

// key writes a key and its colon. YAML bounds the length of a key that is not
// marked as one.
func (w *writer) key(s string, indent int) {
	if len(s) <= 128 {
		w.line(s)
	} else {
		w.buf = append(w.buf, '?', ' ')
		w.line(s)
		w.buf = append(w.buf, '\n')
		w.spaces(indent)
	}
	w.buf = append(w.buf, ':')
}

// value writes what follows a key and its colon, with the line's end.
func (w *writer) value(v any, indent int, key string) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 {
			w.buf = append(w.buf, '\n')
			w.mapping(v, indent+2, false, key)
			return
		}
	case []any:
		if len(v) > 0 {
			w.buf = append(w.buf, '\n')
			w.sequence(v, indent, key)
			return
		}
	}
	w.buf = append(w.buf, ' ')
	w.inline(v, indent)
	w.buf = append(w.buf, '\n')
}

// sequence writes a list that is not empty.
func (w *writer) sequence(list []any, indent int, parent string) {
	for _, e := range list {
		w.spaces(indent)
		w.item(e, indent, parent)
	}
}

// item writes one entry of a list behind its indentation.
func (w *writer) item(e any, indent int, parent string) {
	w.buf = append(w.buf, '-', ' ')
	switch e := e.(type) {
	case map[string]any:
		if len(e) > 0 {
			w.mapping(e, indent+2, true, parent)
			return
		}
	case []any:
		if len(e) > 0 {
			w.item(e[0], indent+2, parent)
			for _, x := range e[1:] {
				w.spaces(indent + 2)
				w.item(x, indent+2, parent)
			}
			return
		}
	}
	w.inline(e, indent)
	w.buf = append(w.buf, '\n')
}

// inline writes a scalar or an empty collection.
func (w *writer) inline(v any, indent int) {
	switch v := v.(type) {
	case string:
		w.text(v, indent)
	case int64:
		w.buf = strconv.AppendInt(w.buf, v, 10)
	case bool:
		w.buf = strconv.AppendBool(w.buf, v)
	case Number:
		w.buf = append(w.buf, v...)
	case map[string]any:
		w.buf = append(w.buf, '{', '}')
	case []any:
		w.buf = append(w.buf, '[', ']')
	default:
		w.buf = append(w.buf, "null"...)
	}
}

const blanks = "                                "

func (w *writer) spaces(n int) {
	for ; n > len(blanks); n -= len(blanks) {
		w.buf = append(w.buf, blanks...)
	}
	w.buf = append(w.buf, blanks[:n]...)
}

// text writes a string in the lightest style that every reader takes for it.
func (w *writer) text(s string, indent int) {
	if isBlock(s) && !w.isCommand(s) {
		w.block(s, indent+2)
		return
	}
	w.line(s)
}

// line writes a string in one line.
func (w *writer) line(s string) {
	switch {
	case w.isCommand(s):
		w.command(s)
	case IsPlain(s):
		w.buf = append(w.buf, s...)
	case !isPrintable(s):
		w.escaped(s)
	case strings.ContainsAny(s, `"\`):
		w.buf = append(w.buf, '\'')
		w.buf = append(w.buf, strings.ReplaceAll(s, "'", "''")...)
		w.buf = append(w.buf, '\'')
	default:
		w.buf = append(w.buf, '"')
		w.buf = append(w.buf, s...)
		w.buf = append(w.buf, '"')
	}
}

// block writes a literal block scalar, without the last line's end.
func (w *writer) block(s string, indent int) {
	w.buf = append(w.buf, '|')
	body := strings.TrimSuffix(s, "\n")
	switch {
	case body == s:
		w.buf = append(w.buf, '-')
	case strings.HasSuffix(body, "\n"):
		w.buf = append(w.buf, '+')
	}
	for line := range strings.SplitSeq(body, "\n") {
		w.buf = append(w.buf, '\n')
		if line != "" {
			w.spaces(indent)
			w.buf = append(w.buf, line...)
		}
	}
}

const hexDigits = "0123456789abcdef"

// escaped writes a double quoted string with escapes, in ASCII and the
// printable rest of Unicode.
func (w *writer) escaped(s string) {
	w.buf = append(w.buf, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.buf = append(w.buf, '\\', byte(r))
		case r == '\n':
			w.buf = append(w.buf, '\\', 'n')
		case r == '\t':
			w.buf = append(w.buf, '\\', 't')
		case r == '\r':
			w.buf = append(w.buf, '\\', 'r')
		case isPrintableRune(r):
			w.buf = append(w.buf, string(r)...)
		case r < 0x100:
			w.buf = append(w.buf, '\\', 'x', hexDigits[r>>4], hexDigits[r&15])
		case r < 0x10000:
			w.buf = append(w.buf, '\\', 'u', hexDigits[r>>12], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
		default:
			w.buf = append(w.buf, '\\', 'U', '0', '0')
			for shift := 20; shift >= 0; shift -= 4 {
				w.buf = append(w.buf, hexDigits[r>>shift&15])
			}
		}
	}
	w.buf = append(w.buf, '"')
}

// command writes a double quoted string in which nothing is a command.
func (w *writer) command(s string) {
	start := len(w.buf)
	w.escaped(s)
	text := strings.ReplaceAll(string(w.buf[start:]), "##", `#\x23`)
	w.buf = append(w.buf[:start], text...)
}
