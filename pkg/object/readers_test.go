package object_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// bareWords are texts without spaces that some reader of YAML takes for something
// else when they stand bare, and their harmless neighbours.
const bareWords = `~ null Null NULL true True TRUE false y Y yes Yes YES n N no No NO on On ON off Off OFF yEs
0 -0 +0 1 -1 +1 1.0 1. .5 -.5 +.5 1e3 1E3 1e+3 1e-3 1.5e3 .5e3 1e 1e_3 . .. ... - -- --- -a --a
010 0o10 0O10 0x1f 0X1F 0x 0b11 0B11 0b 0b-1 0o+7 08 09.5 0_8 0_x1f -0_o7 1_000 -_1 +_1 1__0 1_ _1 ._5 1,000 1,000.5
1:30 -1:30 190:20:30 190:20:30.15 12:30:45 0:0 1:60 2001-01-01 2001-1-1 2001-12-14t21:59:43.10-05:00
.inf -.inf +.inf .Inf .INF .nan .NaN .NAN inf nan NaN Infinity << = < > =a <a >a
a: :a : a#b #a a:b &a *a !a !!str %a @a 'a' "a" ' " it's {a} [a] { } [ ] , ,a ? ?a | |a \n \ a\ \\ ` + "`a" + `
1.2.3 1.2 v1 100m 10Mi 5m0s 10.0.0.0/8 ::1 [::] http://x/?a=b&c=d#e é 日本 😀`

// texts are hazards that hold white space or what is not printable.
var texts = []string{
	"", " ", "  ", " a", "a ", "a b", "a: b", "a : b", "a #b", ": a", "- a", "? a", "... a", "--- a", "a, b", `a "b": c`, `it's: "x"`, "!!str a",
	"2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2001-01-01 x", "a\tb", "a\t", "\ta", "\t",
	"a\nb", "a\n", "\na", "\n", "\n\n", "a\n\n", "a\n\n\n", "a\n b", "a\n\n\nb\n", " a\nb", "a \nb", "a\n \nb", "a\t\nb", "a\n\tb", "# a\nb", "a\n# b\n",
	"- a\n- b", "a: b\nc: d\n", "---\na", "a\n---\nb\n...\n", "a\r\nb\r\n", "a\rb", "a\\b\nc", "\"a\"\n'b'\n", "{\n\t\"a\": 1\n}\n", "|\n", "a\u2028\nb", "é\n日本\n",
	"\x00", "\x01", "\x1b[0m", "\x7f", "\u0085", "a\u00a0b", "\u2028", "\u2029", "\ufeff", "a\ufeff\nb", "\ufffd", "a\u200bb", "\U0010ffff",
	strings.Repeat("long ", 60) + "end", strings.Repeat("x", 2000), strings.Repeat("long ", 60) + "\nend\n",
}

func hazards() []string { return append(strings.Fields(bareWords), texts...) }

// readers are those that see what is written: Kubernetes' own, which follows
// YAML 1.1, that of kustomize, and ours.
var readers = map[string]func([]byte) (any, error){
	"sigs.k8s.io/yaml": func(data []byte) (v any, err error) {
		err = yaml.Unmarshal(data, &v)
		return v, err
	},
	"kyaml": func(data []byte) (v any, err error) {
		node, err := kyaml.Parse(string(data))
		if err != nil {
			return nil, err
		}
		// What kustomize reads, it writes again; Kubernetes sees that.
		written, err := node.String()
		if err != nil {
			return nil, err
		}
		err = yaml.Unmarshal([]byte(written), &v)
		return v, err
	},
	"object.ParseValue": object.ParseValue,
}

func checkReaders(t *testing.T, v any) {
	t.Helper()
	data, want := object.Marshal(v), plain(t, v)
	for name, read := range readers {
		got, err := read(data)
		if err != nil {
			t.Errorf("%s of %q: %v", name, data, err)
			continue
		}
		if diff := cmp.Diff(want, plain(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s\nof %q", name, diff, data)
		}
	}
	if got, err := object.ParseValue(data); err == nil && !object.Equal(v, got) {
		t.Errorf("ParseValue of %q: got %#v, want %#v", data, got, v)
	}
}

// TestReaders checks that every reader takes what is written for what was
// meant, wherever it stands.
func TestReaders(t *testing.T) {
	for _, s := range hazards() {
		t.Run(fmt.Sprintf("%.20q", s), func(t *testing.T) {
			checkReaders(t, map[string]any{"value": s, "list": []any{s, []any{s, s}}, "data": map[string]any{"k": map[string]any{"x": s}}, "z": int64(1)})
			if len(s) < 1000 { // kyaml writes no longer keys
				checkReaders(t, map[string]any{s: s, "list": []any{map[string]any{s: []any{s}, "y y": true}}})
			}
		})
	}
}

// FuzzWrite builds values of any shape from the hazards and the fuzzer's own
// text, and checks that they are read as they were meant.
func FuzzWrite(f *testing.F) {
	for i, s := range hazards() {
		f.Add([]byte{byte(i), 5, 0, 3, byte(i * 7), 4, 2, 200, 9, byte(i * 3), 1}, s)
	}
	f.Fuzz(func(t *testing.T, shape []byte, s string) {
		b := builder{shape: shape, texts: append(hazards(), strings.ToValidUTF8(s, ""))}
		checkReaders(t, map[string]any{"value": b.value(4), "own": b.texts[len(b.texts)-1]})
	})
}

// builder makes a value from bytes, each of which is one decision.
type builder struct {
	shape []byte
	texts []string
}

func (b *builder) next() int {
	if len(b.shape) == 0 {
		return 0
	}
	n := b.shape[0]
	b.shape = b.shape[1:]
	return int(n)
}

func (b *builder) text() string { return b.texts[(b.next()+b.next()<<8)%len(b.texts)] }

func (b *builder) value(depth int) any {
	kind := b.next() % 9
	if depth == 0 {
		kind %= 6
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return b.next()%2 == 0
	case 2:
		return int64(b.next()-128) << (b.next() % 56)
	case 3:
		return []object.Number{"1.5", "-0.25", "12345678901234567890", "1e300", "1.10"}[b.next()%5]
	case 4, 5:
		return b.text()
	case 6:
		list := make([]any, b.next()%5)
		for i := range list {
			list[i] = b.value(depth - 1)
		}
		return list
	default:
		m := map[string]any{}
		for range b.next() % 5 {
			if key := b.text(); len(key) < 1000 {
				m[key] = b.value(depth - 1)
			}
		}
		return m
	}
}
