package object_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

func TestMarshal(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		in     any
		want   string
	}{
		"Order":     {"What names an object comes first.", map[string]any{"spec": map[string]any{"b": int64(1), "a": true}, "kind": "K", "metadata": map[string]any{"name": "app"}, "apiVersion": "v1"}, "apiVersion: v1\nkind: K\nmetadata:\n  name: app\nspec:\n  a: true\n  b: 1\n"},
		"Lists":     {"Items stand at the column of their key.", map[string]any{"l": []any{map[string]any{"name": "a", "x": []any{"b"}}, []any{"c", []any{}}}}, "l:\n- name: a\n  x:\n  - b\n- - c\n  - []\n"},
		"Words":     {"Words that a reader takes for something else are quoted.", []any{"yes", "n", "null", "~", "", "1e3", "0x1f", "012", "1_000", "12:30", "2001-01-01", "<<", "=", ".5"}, "- \"yes\"\n- \"n\"\n- \"null\"\n- \"~\"\n- \"\"\n- \"1e3\"\n- \"0x1f\"\n- \"012\"\n- \"1_000\"\n- \"12:30\"\n- \"2001-01-01\"\n- \"<<\"\n- \"=\"\n- \".5\"\n"},
		"Plain":     {"What nobody mistakes is not.", []any{"1.2.3", "100m", "128Mi", "10.0.0.0/8", "a:b", "http://x", "5m0s"}, "- 1.2.3\n- 100m\n- 128Mi\n- 10.0.0.0/8\n- a:b\n- http://x\n- 5m0s\n"},
		"Lines":     {"Several lines are a literal block.", map[string]any{"data": map[string]any{"a": "x\ny\n", "b": "x\n\ny", "c": " x\ny", "d": "x \ny"}}, "data:\n  a: |\n    x\n    y\n  b: |-\n    x\n\n    y\n  c: \" x\\ny\"\n  d: \"x \\ny\"\n"},
		"MoreLines": {"Empty lines at the end are kept; what a block cannot hold is escaped.", []any{"x\n\n", "x\n\n\n", "\nx\n", "\n", "x\r\ny", "x\n\ty\n", "x\n\u2028", "\tx\ny"}, "- |+\n  x\n\n- |+\n  x\n\n\n- \"\\nx\\n\"\n- \"\\n\"\n- \"x\\r\\ny\"\n- |\n  x\n  \ty\n- \"x\\n\\u2028\"\n- \"\\tx\\ny\"\n"},
		"Escapes":   {"What is not printable, invisible or reorders text is escaped, the rest is not.", []any{"\x00\x1b", "\u0085", "\ufeff", "é", "😀", "\U000e0001\x01", "a\u202eb\nc\n"}, "- \"\\x00\\x1b\"\n- \"\\x85\"\n- \"\\ufeff\"\n- \"é\"\n- \"😀\"\n- \"\\U000e0001\\x01\"\n- \"a\\u202eb\\nc\\n\"\n"},
		"LongText":  {"Lines are never folded.", []any{strings.Repeat("word ", 100) + "end"}, "- " + strings.Repeat("word ", 100) + "end\n"},
		"LongKey":   {"A key beyond what YAML takes for one by itself is marked.", map[string]any{strings.Repeat("k", 200): map[string]any{"a": "b"}}, "? " + strings.Repeat("k", 200) + "\n:\n  a: b\n"},
		"Keys":      {"Keys are quoted like values.", map[string]any{"on": "a", "8080": "b", "a b": "c", "a: b": "d", "x\ny": "e"}, "\"8080\": b\na b: c\n\"a: b\": d\n\"on\": a\n\"x\\ny\": e\n"},
		"Numbers":   {"Numbers keep their text.", []any{int64(-1), object.Number("1.10"), object.Number("12345678901234567890")}, "- -1\n- 1.10\n- 12345678901234567890\n"},
		"Nothing":   {"Null and what is empty say so.", map[string]any{"a": nil, "b": map[string]any{}, "c": []any{}, "d": ""}, "a: null\nb: {}\nc: []\nd: \"\"\n"},
		"EmptyDoc":  {"An empty map is a document too.", map[string]any{}, "{}\n"},
		"NestedSeq": {"Maps stand below items of items.", []any{[]any{map[string]any{"a": "b", "c": []any{"d"}}, "x\ny\n"}}, "- - a: b\n    c:\n    - d\n  - |\n    x\n    y\n"},
		"Container": {"A container reads from its name to its mounts.", map[string]any{"containers": []any{map[string]any{"volumeMounts": []any{map[string]any{"readOnly": true, "mountPath": "/t", "name": "t"}}, "resources": map[string]any{"limits": map[string]any{"memory": "1Gi"}, "requests": map[string]any{"memory": "1Gi", "cpu": "1"}}, "ports": []any{map[string]any{"protocol": "TCP", "containerPort": int64(80), "name": "http"}}, "image": "i", "name": "c", "env": []any{map[string]any{"value": "off", "name": "X"}}, "command": []any{"-c"}}}}, `containers:
- name: c
  image: i
  command:
  - -c
  ports:
  - name: http
    containerPort: 80
    protocol: TCP
  env:
  - name: X
    value: "off"
  resources:
    requests:
      cpu: "1"
      memory: 1Gi
    limits:
      memory: 1Gi
  volumeMounts:
  - name: t
    mountPath: /t
    readOnly: true
`},
		"FreeForm":  {"The user's own keys keep the order of the alphabet.", map[string]any{"data": map[string]any{"b": "1", "kind": "x", "a": "z"}}, "data:\n  a: z\n  b: \"1\"\n  kind: x\n"},
		"Quotes":    {"The lighter quotes win.", []any{`say "hi": now`, "it's: so"}, "- 'say \"hi\": now'\n- \"it's: so\"\n"},
		"TopScalar": {"A scalar is a document too.", "x", "x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, string(object.Marshal(tc.in))); diff != "" {
				t.Errorf("%s: Marshal (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAppendYAML(t *testing.T) {
	got := object.AppendYAML(object.AppendYAML(nil, map[string]any{"a": int64(1)}), map[string]any{"b": []any{"c"}})
	if diff := cmp.Diff("a: 1\nb:\n- c\n", string(got)); diff != "" {
		t.Errorf("AppendYAML (-want +got):\n%s", diff)
	}
}

func TestPrint(t *testing.T) {
	for name, tc := range map[string]struct{ reason, in, want string }{
		"Text":    {"Text is as in a file.", "a: b\nc\n", "|\n  a: b\n  c\n"},
		"Command": {"No line of a text begins with a command.", "a\n::error::b\n", "\"a\\n::error::b\\n\"\n"},
		"Old":     {"A command of the older form is none.", "a ##[error]b", "\"a #\\x23[error]b\"\n"},
		"Colons":  {"What begins no line is none.", "a\nb::c\n", "|\n  a\n  b::c\n"},
	} {
		if diff := cmp.Diff(tc.want, string(object.Print(tc.in))); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
	}
}

// FuzzPrint checks that what is printed is the same value, and that the writer
// below all output leaves it as it is.
func FuzzPrint(f *testing.F) {
	f.Add("a\n::error::b\n##[x", "k\u202e")
	f.Add("::\n :\u2003:: ##vso[\U000e0041", "##[")
	f.Fuzz(func(t *testing.T, text, key string) {
		in := map[string]any{"data": map[string]any{key: text}, "list": []any{text, []any{text}}}
		data := object.Print(in)
		var b bytes.Buffer
		w := escape.NewWriter(&b)
		if _, err := w.Write(data); err != nil || b.String() != string(data) {
			t.Errorf("%q is printed as %q, which shows as %q", text, data, b.String())
		}
		if !utf8.ValidString(text) || !utf8.ValidString(key) {
			return
		}
		if got, err := object.ParseValue(data); err != nil || !object.Equal(in, got) {
			t.Errorf("%q reads back as %v: %v", data, got, err)
		}
	})
}
