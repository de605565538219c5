package object_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

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

// FuzzMarshal checks that every reader takes what is written for what was meant:
// Kubernetes' own, which follows YAML 1.1, and ours.
func FuzzMarshal(f *testing.F) {
	for _, s := range []string{"", "a", "yes", "1e3", "a\nb", " a", "a: b", "- a", "\u2028", "\x01", "a\tb", "0o7", "+1", "1:2", "a #b", "é", "|", "a\r\nb", "\ufeff", "2001-01-01 x", "-", "--- a", "..."} {
		f.Add(s, "k")
		f.Add("v", s)
	}
	f.Fuzz(func(t *testing.T, s, key string) {
		key = strings.ToValidUTF8(key, "")
		if len(key) > 100 || key == "list" {
			key = "k" // YAML bounds the length of keys
		}
		s = strings.ToValidUTF8(s, "")
		want := map[string]any{key: s, "list": []any{s, map[string]any{key: s, "n": int64(1)}}}
		data := object.Marshal(want)
		got, err := object.ParseValue(data)
		if err != nil {
			t.Fatalf("ParseValue of %q: %v", data, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ours (-want +got):\n%s\nof %q", diff, data)
		}
		var theirs any
		if err := yaml.Unmarshal(data, &theirs); err != nil {
			t.Fatalf("sigs.k8s.io/yaml of %q: %v", data, err)
		}
		want["list"].([]any)[1].(map[string]any)["n"] = float64(1)
		if diff := cmp.Diff(want, theirs); diff != "" {
			t.Errorf("sigs.k8s.io/yaml (-want +got):\n%s\nof %q", diff, data)
		}
	})
}
