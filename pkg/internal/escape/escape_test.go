package escape_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

func TestLine(t *testing.T) {
	tests := map[string]struct{ reason, give, want string }{
		"Plain":     {"Text stays, in every script.", `größe 東京 "a" \n 👍 ❤️`, `größe 東京 "a" \n 👍 ❤️`},
		"Newline":   {"A line stays one.", "a\n::error::b\r\n\tc", `a\n::error::b\r\n\tc`},
		"Escape":    {"A terminal gets no sequence.", "\x1b[31mred\x1b]0;title\x07", `\u001b[31mred\u001b]0;title\u0007`},
		"C1":        {"Nor one in a single character.", "\u009b31m\u0085", `\u009b31m\u0085`},
		"Bidi":      {"Text is read in the order in which it is written.", "a\u202eb\u2066c\u200fd", `a\u202eb\u2066c\u200fd`},
		"Invisible": {"What is invisible is shown.", "a\u200bb\u00adc\ufeffd\u3164e\u2028f", `a\u200bb\u00adc\ufeffd\u3164e\u2028f`},
		"Tags":      {"Also beyond 16 bits.", "a\U000e0041", `a\udb40\udc41`},
		"Invalid":   {"Bytes that are no text are shown as such.", "a\xff\xc3b\xe2\x80", `a\xff\xc3b\xe2\x80`},
		"Delete":    {"So is the last control of ASCII.", "a\x7fb\x00", `a\u007fb\u0000`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, escape.Line(tc.give)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCode(t *testing.T) {
	tests := map[string]struct{ reason, give, want string }{
		"Plain":   {"Text is one piece.", "Deployment.apps shop/web", "`Deployment.apps shop/web`"},
		"Hostile": {"Nothing ends the code or the cell.", "a|b<script>`@everyone`", "`a`&#124;`b<script>`&#96;`@everyone`&#96;"},
		"Escaped": {"A backslash before a bar does not spoil its escape.", `a\|b\`, "`a\\`&#124;`b\\`"},
		"Lines":   {"A line end does not end the row.", "a\n</details>\n# b", "`a\\n</details>\\n# b`"},
		"Empty":   {"Nothing is nothing.", "", ""},
		"Bars":    {"Bars stand side by side.", "||`", "&#124;&#124;&#96;"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, escape.Code(tc.give)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWriter(t *testing.T) {
	tests := map[string]struct{ reason, give, want string }{
		"Layout":     {"Line ends and tabs are ours.", "a:\n\tb: c::d\n", "a:\n\tb: c::d\n"},
		"Controls":   {"Everything else is shown.", "a\x1b[2J\r\u202eb\x80", `a\u001b[2J\r\u202eb\x80`},
		"Command":    {"No line begins with a command of GitHub.", "x\n::error::y\n \u00a0::z\n:::\n", "x\n:\\u003aerror::y\n \u00a0:\\u003az\n:\\u003a:\n"},
		"OldCommand": {"Nor does one hold a command of the older form, of Azure or TeamCity.", "x ##[error]y ##vso[task] ##teamcity[x ###[z # #[\n", "x ##\\u005berror]y ##\\u0076so[task] ##\\u0074eamcity[x ###\\u005bz # #[\n"},
		"Unfinished": {"What waits at the end is written too.", "a\xe2\x80", `a\xe2\x80`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, whole := range []bool{true, false} {
				var b bytes.Buffer
				w := escape.NewWriter(&b)
				for piece := range strings.SplitSeq(tc.give, "") {
					if whole {
						piece = tc.give
					}
					if _, err := w.Write([]byte(piece)); err != nil {
						t.Fatal(err)
					}
					if whole {
						break
					}
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, b.String()); diff != "" {
					t.Errorf("%s whole=%t (-want +got):\n%s", tc.reason, whole, diff)
				}
			}
		})
	}
}

func TestPrintf(t *testing.T) {
	type named string
	var b bytes.Buffer
	escape.NewWriter(&b).Printf("%s:\n  %s, %v, %d\n", "a\n::error::", named("b\r"), iotest.ErrTimeout, 3)
	if want := "a\\n::error:::\n  b\\r, timeout, 3\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestClose(t *testing.T) {
	r, pipe := io.Pipe()
	_ = r.Close()
	w := escape.NewWriter(pipe)
	if w.Printf("x"); !errors.Is(w.Close(), io.ErrClosedPipe) {
		t.Error("Close does not return that writing failed")
	}
}

// FuzzWriter checks that whatever is written, only text, line ends and tabs come
// out, no line is a command, and what came out once stays as it is.
func FuzzWriter(f *testing.F) {
	f.Add([]byte("a\n::error::\x1b[0m\u202e##[x\xff"), 3)
	f.Add([]byte("::\n :\u2003:: ##vso[\U000e0041"), 1)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		var b bytes.Buffer
		w := escape.NewWriter(&b)
		at = max(0, min(at, len(data)))
		for _, piece := range [][]byte{data[:at], data[at:]} {
			if _, err := w.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		for _, r := range out {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || !utf8.ValidString(out) {
				t.Errorf("%q is written as %q", data, out)
			}
		}
		for line := range strings.Lines(out) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
				t.Errorf("%q holds the command %q", data, line)
			}
		}
		var again bytes.Buffer
		if _, err := escape.NewWriter(&again).Write(b.Bytes()); err != nil || again.String() != out {
			t.Errorf("%q is written as %q the second time", out, again.String())
		}
		if line := escape.Line(string(data)); strings.ContainsAny(line, "\n\t\r") || !utf8.ValidString(line) {
			t.Errorf("%q is the line %q", data, line)
		}
	})
}

// FuzzJSON checks that JSON is the same behind the writer.
func FuzzJSON(f *testing.F) {
	f.Add("a\u202e\x7f ##[error]\U000e0041\u0085")
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		w := escape.NewWriter(&b)
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(map[string]string{text: text}); err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		if want := string([]rune(text)); got[want] != want { // bytes that are no text are replaced
			t.Errorf("%q became %q", want, got)
		}
	})
}
