package escape_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

func TestPaint(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		color  bool
		style  escape.Style
		give   string
		want   string
	}{
		"Color":   {"A line is in color, and its end is not.", true, escape.Red, "a", "\x1b[31ma\x1b[0m\nb\n"},
		"None":    {"Without colors it is a line.", false, escape.Red, "a", "a\nb\n"},
		"Plain":   {"So it is without a style.", true, "", "a", "a\nb\n"},
		"Hostile": {"Text from outside ends no color and begins no line.", true, escape.Green, "a\x1b[0m\n::error::b", "\x1b[32ma\\u001b[0m\\n::error::b\x1b[0m\nb\n"},
		"Command": {"A color hides no command.", true, escape.Bold, "::error::a", "\x1b[1m:\\u003aerror::a\x1b[0m\nb\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w := escape.NewWriter(&b)
			w.SetColor(tc.color)
			w.Paint(tc.style, "%s\n", tc.give)
			w.Printf("b\n")
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
