package fieldpath_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

func field(name string) fieldpath.Step { return fieldpath.Step{Name: name} }
func key(name string) fieldpath.Step   { return fieldpath.Step{Name: name, Bracket: true} }

func TestSteps(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		path   fieldpath.Path
		want   []fieldpath.Step
	}{
		"Root":      {"The root has no steps.", "", nil},
		"Field":     {"A field is a step.", "name", []fieldpath.Step{field("name")}},
		"Nested":    {"Fields and entries alternate.", "apps[frontend].spec.env[FOO].value", []fieldpath.Step{field("apps"), key("frontend"), field("spec"), field("env"), key("FOO"), field("value")}},
		"Dots":      {"Dots in brackets are part of the key.", "labels[app.kubernetes.io/name]", []fieldpath.Step{field("labels"), key("app.kubernetes.io/name")}},
		"Brackets":  {"Brackets may follow each other, and come first.", "[0][1].a", []fieldpath.Step{key("0"), key("1"), field("a")}},
		"Escapes":   {"Escaped brackets are part of the key.", `a[x\]y\\z[].b`, []fieldpath.Step{field("a"), key(`x]y\z[`), field("b")}},
		"EmptyKey":  {"A key may be empty, as in a map.", "a[]", []fieldpath.Step{field("a"), key("")}},
		"Backslash": {"Outside of brackets it means nothing.", `a\b`, []fieldpath.Step{field(`a\b`)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tc.path.Steps()
			if err != nil {
				t.Fatalf("%s: Steps: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: Steps (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.path, fieldpath.Of(got...)); diff != "" {
				t.Errorf("%s: Of (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestStepsErrors(t *testing.T) {
	for path, want := range map[fieldpath.Path]string{
		".a":     "empty field name at offset 0",
		"a.":     "empty field name at offset 2",
		"a..b":   "empty field name at offset 2",
		"a.[b]":  "empty field name at offset 2",
		"a[b":    "the bracket at offset 1 is not closed",
		`a[b\]`:  "the bracket at offset 1 is not closed",
		`a[b\`:   "the bracket at offset 1 is not closed",
		"a[b]c":  "expected a dot or a bracket at offset 4",
		"a[b].":  "empty field name at offset 5",
		"[a].[b": "empty field name at offset 4",
	} {
		if _, err := path.Steps(); fmt.Sprint(err) != fmt.Sprintf("path %q: %s", path, want) {
			t.Errorf("Steps of %q: got %v, want %s", path, err, want)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, tc := range []struct{ a, b, want fieldpath.Path }{
		{"", "", ""}, {"a", "", "a"}, {"", "b", "b"}, {"a", "b.c", "a.b.c"}, {"a", "[0].b", "a[0].b"}, {"a[x]", "b", "a[x].b"}, {"", "[0]", "[0]"},
	} {
		if got := tc.a.Join(tc.b); got != tc.want {
			t.Errorf("%q.Join(%q): got %q, want %q", tc.a, tc.b, got, tc.want)
		}
	}
	if got, want := fieldpath.Path("").Field("l").Index(3).Key("k").Field("f"), fieldpath.Path("l[3][k].f"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzPath checks that what Steps reads, Of writes so that it is read again,
// and that any key survives.
func FuzzPath(f *testing.F) {
	f.Add("apps[a].spec.env[X].value", "app.kubernetes.io/name")
	f.Add(`a[\]]`, `]\[.`)
	f.Add("a..b[", "")
	f.Fuzz(func(t *testing.T, p, k string) {
		steps, err := fieldpath.Path(p).Steps()
		if err != nil {
			if !strings.HasPrefix(err.Error(), "path ") {
				t.Errorf("Steps of %q: the error %q does not name the path", p, err)
			}
			return
		}
		again, err := fieldpath.Of(steps...).Steps()
		if err != nil {
			t.Fatalf("Steps of %q, written again: %v", p, err)
		}
		if diff := cmp.Diff(steps, again); diff != "" {
			t.Errorf("Steps of %q, written again (-want +got):\n%s", p, diff)
		}
		below, err := fieldpath.Path(p).Key(k).Field("f").Steps()
		if err != nil {
			t.Fatalf("Steps below %q and key %q: %v", p, k, err)
		}
		if diff := cmp.Diff(append(steps, key(k), field("f")), below); diff != "" {
			t.Errorf("Steps below %q and key %q (-want +got):\n%s", p, k, diff)
		}
	})
}
