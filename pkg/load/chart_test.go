package load_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// chartFleet returns documents with an app whose chart is given.
func chartFleet(chart string) string {
	return "apiVersion: gitopsgen.dev/v1alpha1\nkind: Fleet\nmetadata: {name: shop}\n---\n" +
		"apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: web}\nspec:\n  chart:\n" + chart
}

// indented returns lines further to the right.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("      " + line)
	}
	return b.String()
}

// TestChartValuesTypes holds the types of values against what Helm does with a file:
// sigs.k8s.io/yaml reads it.
func TestChartValuesTypes(t *testing.T) {
	const values = `million: 1000000
exponent: 1e3
octal: 010
newOctal: 0o10
hex: 0x1F
binary: 0b11
under: 1_000
sexagesimal: 1:30
large: 12345678901234567890
float: 3.10
yes: yes
off: off
b1: on
b2: n
b3: y
b4: Yes
b5: TRUE
1: one
010: eight
1.5: float
none: null
tilde: ~
empty:
date: 2020-01-02
time: 2020-01-02T03:04:05Z
quoted: "1"
single: 'yes'
tagged: !!str 5
number: !!float 5
text: |
  1
folded: >-
  a
  b
plain: a
  b
dash: ---
dots: ...
version: 1.10.0
equals: =
infinite: text .inf
list: [1, yes, null, 0x1, {a: 010}]
map: {}
none2: []
base: &base {a: 1, b: {c: 2}}
merged: {<<: *base, a: 3}
several:
  <<: [*base, {b: 1, d: 4}]
  e: 5
alias: *base
`
	want := map[string]any{}
	if err := yaml.Unmarshal([]byte(values), &want); err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, load.File{Name: "f.yaml", Data: []byte(chartFleet("    values:\n" + indented(values)))})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, l.Fleet.Apps[0].Spec.Chart.Values); diff != "" {
		t.Errorf("values have other types than Helm gives them (-want +got):\n%s", diff)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if p := l.Positions[fieldpath.Path("apps[web].spec.chart.values").Key(key)]; p.IsZero() {
			t.Errorf("the value %s has no position", key)
		}
	}
}

// FuzzChartValue holds single values against what Helm does with a file.
func FuzzChartValue(f *testing.F) {
	for _, seed := range []string{"1", "010", "yes", "~", "0x", "1:30:1", "2020-01-02", "<<", "=", "+.inf", "1_0", "a b", "-", "'x'", "0o7", "1e5", "._1", "0b2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\n\r\u0085\u2028\u2029") || len(text) > 1000 {
			t.Skip("more than a line")
		}
		var want map[string]any
		wantErr := yaml.UnmarshalStrict([]byte("v: "+text), &want)
		l, err := load.Fleet(nil, load.File{Name: "f.yaml", Data: []byte(chartFleet("    values:\n      v: " + text + "\n"))})
		if err != nil || wantErr != nil || strings.ContainsAny(text, "!&*{[") {
			return // we may refuse more, and parsers differ in what they refuse
		}
		if diff := cmp.Diff(want, l.Fleet.Apps[0].Spec.Chart.Values); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	})
}

// TestChartFiles checks what is read beside the model, where it stands, and what is
// refused.
func TestChartFiles(t *testing.T) {
	const chart = "    path: charts/web\n"
	web := map[string]string{"charts/web/Chart.yaml": "name: web\nversion: 1.0.0\n", "charts/web/templates/a.yaml": "{{ not yaml }}: [\n", "charts/web/.helmignore": "*.md\n"}
	for name, tc := range map[string]struct {
		reason, chart string
		files         map[string]string
		values        map[string]any
		at            map[string]string // positions, by path below values
		read          []string          // of the chart
		said          string
	}{
		"Directory": {reason: "A directory is read as a whole, with names that begin with a dot; its templates are not YAML.", chart: chart, files: web,
			read: []string{".helmignore", "Chart.yaml", "templates/a.yaml"}},
		"Archive": {reason: "An archive is not unpacked.", chart: "    path: charts/web-1.0.0.tgz\n", files: map[string]string{"charts/web-1.0.0.tgz": "archive"}},
		"Values": {reason: "Later files win over earlier ones, and values over files; null is a value.", chart: "    valuesFiles: [a.yaml, values/b.yaml]\n    values: {a: {z: null}, l: [3]}\n",
			files:  map[string]string{"a.yaml": "a: {x: 1, w: 1, z: 1}\nl: [1, 1]\nk: 1\n", "values/b.yaml": "a: {w: 2}\nk: null\n"},
			values: map[string]any{"a": map[string]any{"x": 1., "w": 2., "z": nil}, "k": nil, "l": []any{3.}},
			at:     map[string]string{"[a][x]": "f/a.yaml:1:8", "[a][w]": "f/values/b.yaml:1:8", "[a][z]": "f/fleet.yaml:11:21", "[k]": "f/values/b.yaml:2:4", "[l][0]": "f/fleet.yaml:11:32"}},
		"Empty":    {reason: "A file of values can be empty.", chart: "    valuesFiles: [a.yaml]\n", files: map[string]string{"a.yaml": "# none\n"}},
		"Missing":  {reason: "A chart that is not there is reported where it is named.", chart: chart, said: "f/fleet.yaml:10:11: apps[web].spec.chart.path: the chart f/charts/web cannot be read: file does not exist (set the path of a packaged chart (.tgz), or of the directory of a chart, below the directory of this file)"},
		"NoChart":  {reason: "Not every directory is a chart.", chart: chart, files: map[string]string{"charts/web/values.yaml": "a: 1\n"}, said: "f/fleet.yaml:10:11: apps[web].spec.chart.path: the chart f/charts/web cannot be read: the directory contains no Chart.yaml (set the path of a packaged chart (.tgz), or of the directory of a chart, below the directory of this file)"},
		"Outside":  {reason: "A path stays below the model.", chart: "    path: ../web\n", said: `f/fleet.yaml:10:11: apps[web].spec.chart.path: "../web" is not a valid path of a chart here (set the path of a packaged chart (.tgz), or of the directory of a chart, below the directory of this file)`},
		"Link":     {reason: "So does a link in a chart.", chart: chart, files: map[string]string{"charts/web/Chart.yaml": "name: web\n", "charts/web/values.yaml": "->../../../secret.yaml"}, said: "f/fleet.yaml:10:11: apps[web].spec.chart.path: the chart f/charts/web cannot be read: the symbolic link values.yaml points outside of the directory (set the path of a packaged chart (.tgz), or of the directory of a chart, below the directory of this file)"},
		"NoValues": {reason: "A file of values that is not there is reported where it is named.", chart: "    valuesFiles: [a.yaml, b.yaml]\n", files: map[string]string{"a.yaml": ""}, said: "f/fleet.yaml:10:27: apps[web].spec.chart.valuesFiles[1]: the file f/b.yaml cannot be read: file does not exist (set the path of a YAML file of values below the directory of this file)"},
		"List":     {reason: "Values are a mapping.", chart: "    valuesFiles: [a.yaml]\n", files: map[string]string{"a.yaml": "- 1\n"}, said: "f/a.yaml:1:1: apps[web].spec.chart.values: expected a mapping, found a list (write a mapping: key: value)"},
		"Two":      {reason: "Helm reads one document of a file.", chart: "    valuesFiles: [a.yaml]\n", files: map[string]string{"a.yaml": "a: 1\n---\nb: 2\n"}, said: "f/a.yaml:3:1: apps[web].spec.chart.values: the file has several documents, of which Helm reads the first (keep one document in the file)"},
		"Twice":    {reason: "A key counts once, however it is written.", chart: "    values:\n      on: 1\n      true: 2\n", said: "f/fleet.yaml:12:7: apps[web].spec.chart.values[true]: the key is duplicated; it is first used in line 11 (remove one of them)"},
		"Tag":      {reason: "A tag of somebody's own has no meaning.", chart: "    values: {a: !secret x}\n", said: "f/fleet.yaml:10:17: apps[web].spec.chart.values[a]: the tag !secret is not supported (remove the tag)"},
		"Nothing":  {reason: "Without a chart, values can wait for one.", chart: "    values: {}\n", values: map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"fleet.yaml": chartFleet(tc.chart)}
			maps.Copy(files, tc.files)
			read, err := load.FS(directory(files), "f")
			if err != nil {
				t.Fatal(err)
			}
			l, err := load.Fleet(nil, read...)
			if err != nil || tc.said != "" {
				if diff := cmp.Diff(tc.said, errorText(err)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			c := l.Fleet.Apps[0].Spec.Chart
			if diff := cmp.Diff(tc.values, c.Values); diff != "" && len(tc.values)+len(c.Values) > 0 {
				t.Errorf("%s: values (-want +got):\n%s", tc.reason, diff)
			}
			for p, want := range tc.at {
				if got := l.Positions.At(fieldpath.Path("apps[web].spec.chart.values" + p)).String(); got != want {
					t.Errorf("%s: %s is at %s, not %s", tc.reason, p, got, want)
				}
			}
			checkChart(t, tc.reason, l, c, tc.read)
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// checkChart checks that what was read of a chart has its digest.
func checkChart(t *testing.T, reason string, l *load.Result, c *model.Chart, files []string) {
	t.Helper()
	if c.Path == "" {
		return
	}
	read, ok := l.Charts[c.Digest]
	if !ok || read.Digest() != c.Digest {
		t.Fatalf("%s: the digest is %q, and there are %d charts", reason, c.Digest, len(l.Charts))
	}
	var names []string
	for _, f := range read.Files {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff(files, names); diff != "" {
		t.Errorf("%s: files (-want +got):\n%s", reason, diff)
	}
}

// TestChartDigest checks that every byte of a chart, and every name, is part of the
// digest.
func TestChartDigest(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []load.Chart{
		{}, {Archive: []byte("a")}, {Files: []load.ChartFile{}},
		{Files: []load.ChartFile{{Name: "a", Data: []byte("b")}}}, {Files: []load.ChartFile{{Name: "ab"}}}, {Files: []load.ChartFile{{Name: "a"}, {Name: "b"}}},
	} {
		if d := c.Digest(); seen[d] {
			t.Errorf("%v has the digest of another chart", c)
		} else {
			seen[d] = true
		}
	}
}
