package escape

import (
	"fmt"
	"io"
	"strings"
)

// Style is how a terminal shows a text, as a parameter of its sequences.
type Style string

// The styles.
const (
	Bold   Style = "1"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
)

// SetColor sets whether Paint writes styles. Default: it does not.
func (w *Writer) SetColor(on bool) { w.color = on }

// Paint is Printf in a style, if there is one. The style ends before the line end, so
// the format is one line.
func (w *Writer) Paint(s Style, format string, args ...any) {
	text := fmt.Sprintf(format, lines(args)...)
	if !w.color || s == "" {
		_, _ = io.WriteString(w, text) // kept
		return
	}
	line := strings.TrimSuffix(text, "\n")
	w.raw("\x1b[" + string(s) + "m")
	_, _ = io.WriteString(w, line)
	w.raw("\x1b[0m")
	_, _ = io.WriteString(w, text[len(line):])
}

// raw writes what we draw ourselves.
func (w *Writer) raw(sequence string) {
	if _, err := io.WriteString(w.w, sequence); err != nil && w.err == nil {
		w.err = err
	}
}
