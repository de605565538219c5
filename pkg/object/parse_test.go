package object_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

func TestParse(t *testing.T) {
	const a, b = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b, namespace: m}\n"
	for name, tc := range map[string]struct {
		reason string
		in     string
		want   []string
	}{
		"Nothing":        {"An empty stream holds no object.", "", nil},
		"Comments":       {"Neither does one of comments and separators.", "# nothing\n---\n---\n# still\n", nil},
		"Several":        {"Documents keep their order.", b + "---\n" + a, []string{"Deployment.apps m/b", "ConfigMap a"}},
		"EmptyDocuments": {"Empty documents are passed over.", "---\n---\n" + a + "---\n# end\n---\nnull\n", []string{"ConfigMap a"}},
		"JSON":           {"JSON is YAML, tabs and all.", "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Secret\",\n\t\"metadata\": {\"name\": \"s\"}\n}\n", []string{"Secret s"}},
		"List":           {"A list stands for what it holds.", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n- {apiVersion: v1, kind: PodList, items: [{apiVersion: v1, kind: Pod, metadata: {name: q}}]}\n", []string{"Pod p", "Pod q"}},
		"EmptyList":      {"A list may hold nothing.", "apiVersion: v1\nkind: List\nitems: []\n", nil},
		"Aliases":        {"Aliases stand for what they name.", "apiVersion: v1\nkind: &k Pod\nmetadata: {name: *k}\n", []string{"Pod Pod"}},
		"CRLF":           {"Windows' line ends are no part of the text.", strings.ReplaceAll(a, "\n", "\r\n"), []string{"ConfigMap a"}},
	} {
		t.Run(name, func(t *testing.T) {
			objects, err := object.Parse([]byte(tc.in))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			var got []string
			for _, o := range objects {
				got = append(got, o.ID().String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: Parse (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		in     string
		want   string
	}{
		"Syntax":       {"The reader's own errors name the line.", "a: b\nc:\n - d\n  e: f\n", "reading YAML: line 4: mapping values are not allowed in this context"},
		"NoObject":     {"A text is no object.", "---\n---\ntext\n", "line 3: this is not a Kubernetes object"},
		"NoKind":       {"Objects have a kind.", "# a\napiVersion: v1\nmetadata: {name: a}\n", `line 2: object "/a": kind is missing or not a string`},
		"NoName":       {"Objects have a name that is text.", "apiVersion: v1\nkind: A\nmetadata: {name: 1}\n", `line 1: object "A/": metadata.name is missing or not a string`},
		"Namespace":    {"The namespace n is a bool.", "apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: n}\n", `line 1: object "A/a": metadata.namespace is not a string`},
		"Item":         {"Items of lists are told apart.", "kind: List\nitems: [{apiVersion: v1, kind: A, metadata: {name: a}}, 1]\n", "line 1: items[1]: this is not a Kubernetes object"},
		"Duplicate":    {"The same key twice is a mistake.", "a: 1\nb:\n  c: 1\n  \"c\": 2\n", `line 4: the key "c" is duplicated`},
		"Merge":        {"Merge keys are not part of YAML 1.2.", "a: &a {b: c}\nd:\n  <<: *a\n", "line 3: merge keys are not supported"},
		"BoolKey":      {"The key yes is read as true.", "data:\n  yes: a\n", "line 2: the key yes is not read as a string: put it in quotes"},
		"NullKey":      {"Null is no key.", "data:\n  ~: a\n", "line 2: the key ~ is not read as a string: put it in quotes"},
		"NoKey":        {"Neither is nothing.", "?\n: a\n", "line 1: the key  is not read as a string: put it in quotes"},
		"HexKey":       {"The key 0x10 is read as 16.", "0x10: a\n", "line 1: the key 0x10 is not read as a string: put it in quotes"},
		"ListKey":      {"Lists are no keys.", "[a]: b\n", "line 1: a key must be a string"},
		"Tag":          {"Tags of one's own mean nothing to Kubernetes.", "a: !secret b\n", "line 1: the tag !secret is not supported"},
		"Binary":       {"Nor do those that JSON has no type for.", "a: !!binary aGk=\n", "line 1: the tag !!binary is not supported"},
		"Infinity":     {"JSON has no infinity.", "a:\n- .inf\n", "line 2: +Inf is not a JSON number"},
		"BadBool":      {"A tag has to fit its value.", "a: !!bool maybe\n", `line 1: "maybe" is not a boolean`},
		"BadInt":       {"That goes for numbers too.", "a: !!int b\n", `line 1: "b" is not an integer`},
		"BadFloat":     {"With and without a point.", "a: !!float b\n", `line 1: "b" is not a number`},
		"Cycle":        {"A value cannot hold itself.", "a: &a\n  b: *a\n", "line 1: the document is nested more than 1000 levels deep"},
		"Anchor":       {"An alias needs its anchor.", "a: *b\n", "reading YAML: unknown anchor 'b' referenced"},
		"NotUTF8":      {"Documents are UTF-8.", "a: \xff\n", "reading YAML: invalid leading UTF-8 octet"},
		"NestedTooFar": {"Nesting has a bound.", strings.Repeat("[", 2000) + strings.Repeat("]", 2000), "line 1: the document is nested more than 1000 levels deep"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := object.Parse([]byte(tc.in))
			if diff := cmp.Diff(tc.want, fmt.Sprint(err)); diff != "" {
				t.Errorf("%s: Parse (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestParseBomb reads a few lines that stand for a billion values.
func TestParseBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	if _, err := object.ParseValue([]byte(b.String())); err == nil || !strings.Contains(err.Error(), "more than 1000000 values") {
		t.Errorf("ParseValue: got %v, want an error about the document's growth", err)
	}
}

func TestParseValue(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		in     string
		want   any
	}{
		"Nothing":      {"Without a document there is no value.", "# nothing\n", nil},
		"Null":         {"Null is no value either.", "null", nil},
		"OldBools":     {"Kubernetes reads YAML 1.1's bools.", "[y, n, Yes, off, true, yEs]", []any{true, false, true, false, true, "yEs"}},
		"QuotedBools":  {"Quotes and tags make them text.", "['y', \"no\", !!str on, !!bool on]", []any{"y", "no", "on", true}},
		"Ints":         {"So it does the older integers.", "[1, +1, 0x1F, 0o14, 014, 0b11, 1_000, -0]", []any{int64(1), int64(1), int64(31), int64(12), int64(12), int64(3), int64(1000), int64(0)}},
		"BigInts":      {"Integers keep all of their digits.", "[9223372036854775807, 9223372036854775808, -9223372036854775809]", []any{int64(9223372036854775807), object.Number("9223372036854775808"), object.Number("-9223372036854775809")}},
		"Floats":       {"Numbers keep their text where it is JSON.", "[1.10, .5, +1.5, 1_0.5, 1e3, 1.0, 1e300]", []any{object.Number("1.10"), object.Number("0.5"), object.Number("1.5"), object.Number("10.5"), int64(1000), int64(1), object.Number("1e300")}},
		"Texts":        {"What looks like a number to people only is text.", "[1.2.3, 12:30, 10Mi, 2001-01-01, 1e400]", []any{"1.2.3", "12:30", "10Mi", "2001-01-01", "1e400"}},
		"Keys":         {"Keys that read as their own text need no quotes.", "{1: a, true: b, \"yes\": c, 1.5: d}", map[string]any{"1": "a", "true": "b", "yes": "c", "1.5": "d"}},
		"TrailingDocs": {"An empty document behind the value is none.", "a\n---\n# nothing\n", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := object.ParseValue([]byte(tc.in))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: ParseValue (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
	if _, err := object.ParseValue([]byte("a: 1\n---\nb: 2\n")); fmt.Sprint(err) != "line 3: expected one document, found a second one" {
		t.Errorf("two documents: got %v", err)
	}
}

// FuzzParse checks that nothing makes the reader fall over, and that it sees
// what Kubernetes sees in all that it does not refuse.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "a: b", "- 1\n- y\n", "{a: [1, .5, ~]}", "a: &x 1\nb: *x", "a: |+\n  b\n\n", "? a\n: b", "{\n\t\"a\": 1}", "0o7: 0x_1", "!!str 1", "--- a\n...\n--- \n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = object.Parse(data)
		got, err := object.ParseValue(data)
		if err != nil || got == nil || bytes.IndexByte(data, '!') >= 0 {
			return // tags have their tables; our reader does not see the tag !
		}
		var want any
		if err := yaml.Unmarshal(data, &want); err != nil {
			t.Skipf("only ours reads %q: %v", data, err)
		}
		if want == nil {
			t.Skip("theirs stops at the first document, which is empty")
		}
		if diff := cmp.Diff(want, plain(t, got)); diff != "" {
			t.Errorf("ParseValue of %q (-sigs.k8s.io/yaml +ours):\n%s", data, diff)
		}
	})
}

// plain returns v as encoding/json sees it.
func plain(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = plain(t, e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(t, e)
		}
		return out
	case int64:
		return float64(v)
	case object.Number:
		var f float64
		if err := json.Unmarshal([]byte(v), &f); err != nil {
			t.Errorf("Number %s: %v", v, err)
		}
		return f
	}
	return v
}
