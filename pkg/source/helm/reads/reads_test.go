package reads_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm/reads"
)

// TestUnread checks each way in which a template reads values, and that what it does
// not read is found.
func TestUnread(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, template, defaults, values, want string
	}{
		"Field":       {"A path reads what it names, and nothing beside it.", `{{ .Values.a.b }}`, "", "a: {b: 1, c: 2}", "a.c"},
		"Nearest":     {"The similar name is suggested.", `{{ .Values.replicaCount }}`, "", "replicaCuont: 1", "replicaCuont near replicaCount"},
		"Default":     {"The chart has it, although nothing reads it.", ``, "a: {b: 1}", "a: {b: 2}", ""},
		"Elsewhere":   {"The one path with this name is suggested.", `{{ .Values.controller.replicaCount }}`, "controller: {replicaCount: 1}", "replicaCount: 2", "replicaCount near controller.replicaCount"},
		"Whole":       {"The highest value that is not read is reported, once.", `{{ .Values.a }}`, "", "x: {y: {z: 1}}", "x"},
		"Null":        {"A null is a value.", `{{ .Values.abc }}`, "", "abd: null", "abd near abc"},
		"Chain":       {"A path below parentheses.", `{{ ((.Values.a).b).c }}`, "", "a: {b: {c: 1, d: 1}}", "a.b.d"},
		"Variable":    {"A variable stands for what it was assigned.", `{{ $a := .Values.a }}{{ $a.b }}`, "", "a: {b: 1, c: 1}", "a.c"},
		"Assigned":    {"It may have been assigned again.", `{{ $a := dict }}{{ if .Values.c }}{{ $a = .Values.a }}{{ end }}{{ $a.b }}`, "", "{c: true, a: {b: 1, d: 1}}", "a.d"},
		"Root":        {"$ is what the template was given.", `{{ with .Values.a }}{{ $.Values.b }}{{ .c }}{{ end }}`, "", "{a: {c: 1, d: 1}, b: 2}", "a.d"},
		"With":        {"The body of with sees the value.", `{{ with .Values.a }}{{ .b }}{{ else }}{{ .Values.c }}{{ end }}`, "", "{a: {b: 1, d: 1}, c: 1}", "a.d"},
		"Range":       {"A loop reads all entries, and of each what its body does.", `{{ range $k, $v := .Values.a }}{{ $v.port }}{{ end }}`, "", "a: {x: {port: 1}, z: {prot: 1}}", "a.z.prot near a.z.port"},
		"RangeList":   {"So does one over a list.", `{{ range .Values.a }}{{ .name }}{{ end }}`, "", "a: [{name: 1}, {naem: 1}]", "a[1].naem near a[1].name"},
		"Condition":   {"A condition reads a value, and nothing below it.", `{{ if .Values.a }}x{{ end }}`, "", "a: {b: 1}", "a.b"},
		"Else":        {"All branches count.", `{{ if .Values.a }}{{ .Values.b }}{{ else if .Values.c }}{{ .Values.d }}{{ end }}`, "", "{a: 1, b: 1, c: 1, d: 1, e: 1}", "e"},
		"YAML":        {"What becomes YAML is read whole.", `{{ toYaml .Values.a | nindent 2 }}`, "", "a: {b: {c: 1}}", ""},
		"YAMLSimilar": {"A name like one of the chart's is reported perhaps.", `{{ toYaml .Values.a | nindent 2 }}`, "a: {limits: {}}", "a: {limts: {}, other: 1}", "a.limts perhaps near a.limits"},
		"BackAgain":   {"YAML that is read again is the same value.", `{{ $a := .Values.a | toYaml | fromYaml }}{{ $a.b }}`, "", "a: {b: 1, c: 1}", "a.c"},
		"Index":       {"Names are given to functions, too.", `{{ index .Values "a" "b-c" }}{{ get .Values.d "e" }}{{ dig "f" "g" "" .Values }}`, "", "{a: {b-c: 1, x: 1}, d: {e: 1, x: 1}, f: {g: 1, x: 1}}", "a.x, d.x, f.x"},
		"HasKey":      {"Asking for a name reads it.", `{{ if hasKey .Values "a" }}x{{ end }}{{ pluck "b" .Values | first }}`, "", "{a: 1, b: 2, c: 3}", "c"},
		"Pick":        {"What is picked is read, the rest is not.", `{{ pick .Values.a "b" | toYaml }}{{ omit .Values.c "d" | toYaml }}`, "", "{a: {b: 1, x: 1}, c: {e: 1}}", "a.x"},
		"ByVariable":  {"A name that is not known reads any; one like a default perhaps.", `{{ $n := .Release.Name }}{{ (index .Values.a $n).port }}`, "a: {web: {}}", "a: {wbe: {port: 1}, other: {prot: 1}}", "a.other.prot near a.other.port, a.wbe perhaps near a.web"},
		"Names":       {"Names in a list are known.", `{{ range $n := list "a" "b" }}{{ index $.Values $n "c" }}{{ end }}`, "", "{a: {c: 1}, b: {d: 1}, e: 1}", "b.d, e"},
		"Format":      {"A name may be put together.", `{{ range $n := list "a" "b" }}{{ index $.Values (printf "%s-x" $n) }}{{ end }}`, "", "{a-x: 1, b-x: 1, c-x: 1}", "c-x"},
		"Keys":        {"Names of a map are read.", `{{ keys .Values.a | sortAlpha | join "," }}`, "", "{a: {b: {c: 1}}}", "a.b.c"},
		"Helper":      {"A helper sees what it is given.", `{{ define "h" }}{{ .b }}{{ end }}{{ include "h" .Values.a }}{{ template "h" .Values.c }}`, "", "{a: {b: 1, x: 1}, c: {b: 1, z: 1}}", "a.x, c.z"},
		"Context":     {"A helper may be given a map of values.", `{{ define "h" }}{{ .v.b }}{{ .root.Values.c }}{{ end }}{{ include "h" (dict "v" .Values.a "root" $) }}`, "", "{a: {b: 1, x: 1}, c: 1, d: 1}", "a.x, d"},
		"Tuple":       {"Or a list.", `{{ define "h" }}{{ (index . 0).b }}{{ (index . 1).c }}{{ end }}{{ include "h" (list .Values.a .Values.d) }}`, "", "{a: {b: 1, c: 1}, d: {b: 1, c: 1}}", "a.c near d.c, d.b near a.b"},
		"Mutable":     {"A map changes after it was handed on.", `{{ $c := dict }}{{ define "h" }}{{ .v.b }}{{ end }}{{ range list 1 2 }}{{ include "h" $c }}{{ $_ := set $c "v" $.Values.a }}{{ end }}`, "", "a: {b: 1, x: 1}", "a.x"},
		"Merge":       {"A map that is merged from two is both.", `{{ $m := mustMergeOverwrite (deepCopy .Values.a) .Values.b }}{{ $m.c }}`, "", "{a: {c: 1}, b: {c: 1, d: 1}}", "b.d"},
		"Set":         {"Values that a template sets are read where they are from.", `{{ $_ := set .Values "a" (default dict .Values.old) }}{{ .Values.a.b }}`, "", "{a: {b: 1}, old: {b: 1, x: 1}}", "old.x"},
		"Recursive":   {"A helper that walks through anything.", `{{ define "w" }}{{ range $k, $v := . }}{{ if kindIs "map" $v }}{{ include "w" $v }}{{ else }}{{ $v }}{{ end }}{{ end }}{{ end }}{{ include "w" .Values.a }}`, "", "{a: {b: {c: {d: {e: 1}}}}, f: 1}", "f"},
		"Walk":        {"A variable that walks down along a path reads anything.", `{{ $at := .Values }}{{ range splitList "." "a.b" }}{{ $at = index $at . }}{{ end }}`, "", "a: {b: 1, c: 1}", ""},
		"Tpl":         {"Templates in values read values.", `{{ tpl .Values.a . }}`, "", "{a: '{{ .Values.b.c }}', b: {c: 1, d: 1}}", "b.d"},
		"TplDefault":  {"So do templates in defaults.", `{{ tpl (toYaml .Values.a) $ }}`, "a: ['{{ .Values.b }}']", "{b: 1, c: 1}", "c"},
		"TplLiteral":  {"And those in templates.", `{{ tpl "{{ .Values.a }}" . }}`, "", "{a: 1, c: 1}", "c"},
		"TplNot":      {"Without tpl, braces are text.", `{{ .Values.a }}`, "", "{a: '{{ .Values.b }}', b: 1}", "b"},
		"BasePath":    {"A template that includes another file.", `{{ include (print $.Template.BasePath "/_h.yaml") . }}`, "", "a: 1", "a"},
		"Coalesced":   {"What is read if something else is missing.", `{{ default .Values.a.b .Values.c }}{{ coalesce .Values.d .Values.e }}{{ ternary .Values.f .Values.g true }}{{ .Values.h | default "x" | quote }}`, "", "{a: {b: 1}, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1}", "i"},
		"All":         {"Where all values are handed on, any is read perhaps.", `{{ toYaml .Values }}`, "abc: 1", "{abd: 1, xyz: 1}", "abd perhaps near abc"},
		"OddNames":    {"Names with dots and slashes are in brackets.", `{{ .Values.a }}`, "", "{x.y/z: 1}", "[x.y/z]"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &reads.Chart{Name: "c", Path: "c", Templates: []reads.File{{Name: "templates/t.yaml", Data: []byte(tc.template)}}, Values: parse(t, tc.defaults)}
			check(t, tc.reason, c, tc.values, tc.want)
		})
	}
}

// TestUnreadSubcharts checks that values reach subcharts, under their aliases, and
// that those for all charts do.
func TestUnreadSubcharts(t *testing.T) {
	library := []reads.File{{Name: "templates/_lib.tpl", Data: []byte(`{{ define "lib.image" }}{{ .Values.image.tag }}{{ end }}`)}}
	sub := func(name string) *reads.Chart {
		return &reads.Chart{Name: name, Path: "c/charts/" + name, Values: parse(t, "port: 80"), Imports: []string{"exports.data"}, Subcharts: []*reads.Chart{
			{Name: "lib", Path: "c/charts/" + name + "/charts/lib", Templates: library}},
			Templates: []reads.File{{Name: "templates/t.yaml", Data: []byte(`{{ .Values.port }}{{ .Values.global.registry }}{{ include "lib.image" . }}`)}}}
	}
	c := &reads.Chart{Name: "c", Path: "c", Conditions: []string{"one.enabled", "extra.use"}, Tags: []string{"front"}, Subcharts: []*reads.Chart{sub("one"), sub("two")},
		Templates: []reads.File{{Name: "templates/t.yaml", Data: []byte(`{{ .Values.name }}{{ .Subcharts.two.Values.shared }}`)}}}
	for name, tc := range map[string]struct{ reason, values, want string }{
		"Alias":     {"Each alias has its values.", "{two: {port: 1}, onee: {port: 1}}", "onee near one"},
		"Below":     {"A typo in a subchart's values.", "{one: {prot: 1}}", "one.prot near one.port"},
		"Own":       {"A parent's values are not the subchart's.", "{one: {name: 1}, port: 1}", "one.name near name, port"},
		"Global":    {"Values for all charts are read by any of them.", "{global: {registry: x, registyr: y}, one: {global: {registry: x, other: 1}}}", "global.registyr, one.global.other"},
		"Condition": {"Helm reads what switches subcharts.", "{one: {enabled: true}, two: {enabled: true}, extra: {use: true}, tags: {front: true, back: true}}", "tags.back, two.enabled near one.enabled"},
		"Library":   {"Helpers of a library read the values of who uses them.", "{one: {image: {tag: 1, tga: 1}}}", "one.image.tga"},
		"Subcharts": {"A parent looks into a subchart.", "{two: {shared: 1}, one: {shared: 1}}", "one.shared near two.shared"},
		"Imports":   {"What the parent imports is read perhaps.", "{one: {exports: {data: {x: 1}}}}", ""},
	} {
		t.Run(name, func(t *testing.T) { check(t, tc.reason, c, tc.values, tc.want) })
	}
}

// TestUnreadAtOnce checks that what one set of values makes templates read does not
// count for another, and that several goroutines may ask.
func TestUnreadAtOnce(t *testing.T) {
	c := &reads.Chart{Name: "c", Path: "c", Templates: []reads.File{{Name: "templates/t.yaml", Data: []byte(`{{ tpl .Values.text . }}`)}}}
	r, err := reads.Analyze(c)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			with := describe(r.Unread(parse(t, "{text: '{{ .Values.other }}', other: 1}")))
			without := describe(r.Unread(parse(t, "{text: 'x', other: 1}")))
			if with != "" || without != "other" {
				t.Errorf("unread with the template %q, without %q", with, without)
			}
		})
	}
	wg.Wait()
}

// TestAnalyzeErrors checks that a template that does not parse is an error.
func TestAnalyzeErrors(t *testing.T) {
	_, err := reads.Analyze(&reads.Chart{Name: "c", Path: "c", Templates: []reads.File{{Name: "templates/t.yaml", Data: []byte(`{{ if }}`)}}})
	if err == nil || !strings.Contains(err.Error(), "c/templates/t.yaml") {
		t.Errorf("Analyze: %v", err)
	}
}

func check(t *testing.T, reason string, c *reads.Chart, values, want string) {
	t.Helper()
	r, err := reads.Analyze(c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, describe(r.Unread(parse(t, values)))); diff != "" {
		t.Errorf("%s (-want +got):\n%s", reason, diff)
	}
}

func describe(unread []reads.Unread) string {
	out := make([]string, 0, len(unread))
	for _, u := range unread {
		s := string(u.Path)
		if u.Perhaps {
			s += " perhaps"
		}
		if u.Nearest != "" {
			s += " near " + string(u.Nearest)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	v := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// FuzzAnalyze checks that no template keeps the analysis busy or makes it panic.
func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{`{{ define "a" }}{{ include "a" (dict "x" .) }}{{ end }}{{ include "a" . }}`, `{{ $x := .Values }}{{ range . }}{{ $x = index $x . }}{{ end }}`,
		`{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}{{ merge .Values .Values }}`, `{{ include (printf "%s" .) . }}{{ tpl "{{ tpl .Values.x . }}" . }}`} {
		f.Add(s, "a: {b: [1]}")
	}
	f.Fuzz(func(t *testing.T, template, values string) {
		v := map[string]any{}
		if yaml.Unmarshal([]byte(values), &v) != nil {
			return
		}
		c := &reads.Chart{Name: "c", Path: "c", Values: v, Templates: []reads.File{{Name: "templates/t.yaml", Data: []byte(template)}}}
		r, err := reads.Analyze(c)
		if err != nil {
			return
		}
		if unread := r.Unread(v); len(unread) > 0 {
			t.Errorf("unread of the chart's own defaults: %v", unread)
		}
	})
}
