package escape

import (
	"fmt"
	"io"
	"reflect"
	"unicode"
	"unicode/utf8"
)

// Writer lets text through that shows itself, with line ends and tabs, and writes
// an escape for everything else. The escapes are those of JSON, so that JSON stays
// the same JSON. No line of what it writes is a command to a CI system: neither
// ::error, which begins a line, nor ##[error] and ##vso[...], which need not.
//
// What we draw ourselves does not pass through Write: see Paint.
type Writer struct {
	w     io.Writer
	state commandState
	// rest is the beginning of a character whose end was not written yet.
	rest []byte
	buf  []byte
	err  error // the first
	// color tells that Paint writes styles.
	color bool
}

// NewWriter returns a Writer onto w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes p, but for the first bytes of a character at its end, which wait
// for the others.
func (w *Writer) Write(p []byte) (int, error) {
	n := len(p)
	if len(w.rest) > 0 {
		p = append(w.rest, p...)
		w.rest = nil
	}
	for len(p) > 0 {
		if p[0] >= utf8.RuneSelf && !utf8.FullRune(p) {
			w.rest = append([]byte(nil), p...)
			break
		}
		r, size := utf8.DecodeRune(p)
		if text := string(p[:size]); w.state.next(r) {
			w.buf = fmt.Appendf(w.buf, `\u%04x`, r)
		} else if r == '\n' || r == '\t' || IsShown(r) {
			w.buf = append(w.buf, text...)
		} else {
			w.buf = appendEscaped(w.buf, text)
		}
		p = p[size:]
	}
	return n, w.flush()
}

func (w *Writer) flush() error {
	_, err := w.w.Write(w.buf)
	if w.buf = w.buf[:0]; w.err == nil {
		w.err = err
	}
	return err
}

// Close writes what still waits, and returns the first error of all writes. It
// does not close the writer below.
func (w *Writer) Close() error {
	for _, b := range w.rest {
		w.buf = fmt.Appendf(w.buf, `\x%02x`, b)
	}
	if w.rest = nil; len(w.buf) > 0 {
		_ = w.flush() // kept
	}
	return w.err
}

// Printf writes a format of ours with arguments that may come from outside: each
// text, error and Stringer among them is one Line. Close returns the error, if any.
func (w *Writer) Printf(format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, lines(args)...) // kept
}

func lines(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case error, fmt.Stringer:
			out[i] = Line(fmt.Sprint(a))
		default:
			out[i] = a
			if v := reflect.ValueOf(a); v.Kind() == reflect.String {
				out[i] = Line(v.String())
			}
		}
	}
	return out
}

// HasCommand reports whether Writer would change a text of characters that show
// themselves, which may begin a line, since a CI system may take it for a command.
func HasCommand(s string) bool {
	var state commandState
	for _, r := range s {
		if state.next(r) {
			return true
		}
	}
	return false
}

// commandState is what a line holds so far of what makes a command. Its zero value
// is the start of a line.
type commandState struct {
	inLine      bool // something other than space came before
	colon       bool // and it is a colon
	hash, twice bool // the last character is #, and so is the one before
}

// next takes the next character and reports whether it would make a command of
// what came before: the second colon of a line that begins with ::, and what
// follows ## in ##[, ##vso[ and ##teamcity[.
func (s *commandState) next(r rune) bool {
	if r == '\n' {
		*s = commandState{}
		return false
	}
	command := s.colon && r == ':' || s.twice && (r == '[' || r == 'v' || r == 't')
	s.colon = !s.inLine && r == ':'
	s.inLine = s.inLine || !unicode.IsSpace(r)
	s.twice, s.hash = s.hash && r == '#', r == '#'
	return command
}
