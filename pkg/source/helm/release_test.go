package helm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// chartOf returns a chart of files, whose names and texts take turns. It has a
// Chart.yaml, unless there is one.
func chartOf(t *testing.T, files ...string) *helm.Chart {
	t.Helper()
	var all []helm.File
	if !slices.Contains(files, "Chart.yaml") {
		all = append(all, helm.File{Name: "Chart.yaml", Data: []byte(chartYAML)})
	}
	for i := 0; i < len(files); i += 2 {
		all = append(all, helm.File{Name: files[i], Data: []byte(files[i+1])})
	}
	c, err := helm.LoadFiles(all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// configMap is a template that shows an expression.
func configMap(expression string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  shown: {{ " + expression + " | quote }}\n"
}

func shown(t *testing.T, c *helm.Chart, r helm.Release) string {
	t.Helper()
	r.Name, r.Namespace, r.KubeVersion = "x", "x", kubeVersion
	out, err := c.Render(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	data, _ := out.Objects[0].Object["data"].(map[string]any)
	return fmt.Sprint(data["shown"])
}

// TestValues checks which types templates see, whatever those of a Go program are, and
// what null does.
func TestValues(t *testing.T) {
	type size int
	for name, tc := range map[string]struct {
		reason     string
		value      any
		expression string
		want       string
	}{
		"Int":      {"A number is what a values file would contain.", 1000000, ".Values.v", "1e+06"},
		"Small":    {"A small one too.", int64(3), `printf "%T %v" .Values.v .Values.v`, "float64 3"},
		"Float":    {"A fraction stays.", 1.5, ".Values.v", "1.5"},
		"Named":    {"A type of a program is its JSON.", size(4), `printf "%T %v" .Values.v .Values.v`, "float64 4"},
		"Struct":   {"So is a struct.", struct{ A []int }{[]int{1}}, "toJson .Values.v", `{"A":[1],"a":1}`},
		"Strings":  {"So is a list of strings.", []string{"a"}, `printf "%T" .Values.v`, "[]interface {}"},
		"Map":      {"Maps are merged.", map[string]any{"b": 2}, "toJson .Values.v", `{"a":1,"b":2}`},
		"Null":     {"null removes a default.", nil, `hasKey .Values "v"`, "false"},
		"Null key": {"Also deep inside.", map[string]any{"a": nil}, "toJson .Values.v", "{}"},
		"List":     {"Lists are replaced.", []any{nil, 1}, "toJson .Values.v", "[null,1]"},
	} {
		t.Run(name, func(t *testing.T) {
			c := chartOf(t, "values.yaml", "v: {a: 1}\n", "templates/a.yaml", configMap(tc.expression))
			values := map[string]any{"v": tc.value}
			if got := shown(t, c, helm.Release{Values: values}); got != tc.want {
				t.Errorf("%s %s = %s, want %s", tc.reason, tc.expression, got, tc.want)
			}
			if diff := cmp.Diff(map[string]any{"v": tc.value}, values); diff != "" {
				t.Errorf("Render changed the values (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCapabilities pins what templates see of a cluster and of Helm: an update of a
// module must not change it unseen.
func TestCapabilities(t *testing.T) {
	for name, tc := range map[string]struct{ reason, expression, want string }{
		"Version": {"The version of Kubernetes is that of the release.", `printf "%s %s %s" .Capabilities.KubeVersion.Version .Capabilities.KubeVersion.Major .Capabilities.KubeVersion.Minor`, "v1.36 1 36"},
		"Helm":    {"That of Helm is that of its release, and nothing is of our build.", "toJson .Capabilities.HelmVersion", `{"version":"v3.22.0","git_tree_state":"clean"}`},
		"APIs": {"API versions are sorted, and those of the release come last.", `join " " .Capabilities.APIVersions`,
			"admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1 apiextensions.k8s.io/v1 apiextensions.k8s.io/v1beta1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 x/v1 x/v1/Y"},
		"Release": {"It is the first installation.", `printf "%v %v %v %s" .Release.IsInstall .Release.IsUpgrade .Release.Revision .Release.Service`, "true false 1 Helm"},
		"Network": {"Nothing is looked up.", `printf "%s|%v" (getHostByName "localhost") (lookup "v1" "Namespace" "" "")`, "|map[]"},
		"Environ": {"Nor is the environment.", `tpl "{{ env \"PATH\" }}" .`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := chartOf(t, "templates/a.yaml", configMap(tc.expression))
			if name == "Environ" {
				if _, err := c.Render(context.Background(), helm.Release{Name: "x", Namespace: "x", KubeVersion: "1.36"}); err == nil || !strings.Contains(err.Error(), `function "env" not defined`) {
					t.Errorf("%s %v", tc.reason, err)
				}
				return
			}
			got := shown(t, c, helm.Release{APIVersions: []string{"x/v1", "x/v1/Y"}})
			if name == "APIs" { // the list is long: its ends, and its length
				all := strings.Fields(got)
				if len(all) != 57+2 {
					t.Errorf("%d API versions: %s", len(all), got)
				}
				got = strings.Join(append(all[:9:9], all[len(all)-2:]...), " ")
			}
			if got != tc.want {
				t.Errorf("%s %s = %s, want %s", tc.reason, tc.expression, got, tc.want)
			}
		})
	}
}

// TestErrors checks what is said where a chart does not render.
func TestErrors(t *testing.T) {
	const name = "templates/a.yaml"
	for title, tc := range map[string]struct {
		reason string
		files  []string
		change func(r *helm.Release)
		want   string
	}{
		"Syntax":     {"A template that is not valid names its line.", []string{name, "a\n{{ if }}\n"}, nil, "a/templates/a.yaml:2: missing value for if"},
		"Unknown":    {"A function that is unknown names its line.", []string{name, "\n\n{{ nope }}"}, nil, `a/templates/a.yaml:3: function "nope" not defined`},
		"Fail":       {"fail says what the chart says.", []string{name, `{{ fail "set\n\tthis" }}`}, nil, "a/templates/a.yaml:1: set this"},
		"Escaped":    {"What it says is escaped.", []string{name, `{{ fail "\x1b[31mred\u202e" }}`}, nil, `a/templates/a.yaml:1: \u001b[31mred\u202e`},
		"Required":   {"So does required.", []string{name, `{{ required "v is required" .Values.v }}`}, nil, "a/templates/a.yaml:1: v is required"},
		"Notes":      {"Notes are rendered too.", []string{"templates/NOTES.txt", `{{ fail "no" }}`}, nil, "a/templates/NOTES.txt:1: no"},
		"Nil":        {"A value that is missing is named.", []string{name, "\n{{ .Values.a.b }}"}, nil, `a/templates/a.yaml:2: executing "a/templates/a.yaml" at <.Values.a.b>: nil pointer evaluating interface {}.b`},
		"Included":   {"In what is included, its place is named too.", []string{name, `{{ include "x" . }}`, "templates/_x.tpl", "\n{{ define \"x\" }}\n{{ .Values.a.b }}{{ end }}"}, nil, `a/templates/a.yaml:1: in a/templates/_x.tpl:3: executing "x" at <.Values.a.b>: nil pointer evaluating interface {}.b`},
		"No include": {"So is a template that does not exist.", []string{name, `{{ include "x" . }}`}, nil, `a/templates/a.yaml:1: executing "a/templates/a.yaml" at <include "x" .>: error calling include: template: no template "x" associated with template "gotpl"`},
		"YAML":       {"Invalid YAML names the line of the template.", []string{name, "{{ if true }}\nkind: A\nb: c: d\n{{ end }}"}, nil, "a/templates/a.yaml:3: this is not valid YAML: yaml: line 2: mapping values are not allowed in this context"},
		"Text":       {"Text is not an object.", []string{name, "# x\nwords\n"}, nil, "a/templates/a.yaml:1: the template prints text that is not a Kubernetes object"},
		"Kind":       {"An object has a kind.", []string{name, "apiVersion: v1\nmetadata: {name: x}\n"}, nil, "a/templates/a.yaml: an object has no kind"},
		"Version":    {"An object has an API version.", []string{name, "\nkind: A\n"}, nil, "a/templates/a.yaml:2: an object of kind A has no apiVersion"},
		"Annotation": {"An annotation is a text.", []string{name, "kind: A\nmetadata: {annotations: {a: [1]}}\n"}, nil, "a/templates/a.yaml: an object is not one of Kubernetes: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field .metadata.annotations of type string"},
		"Items":      {"The items of a list are objects.", []string{name, "apiVersion: v1\nkind: List\nitems: [a]\n"}, nil, "a/templates/a.yaml:2: items[0] of the List is not a Kubernetes object"},
		"CRD":        {"A file of crds is YAML.", []string{"crds/a.yaml", "apiVersion: v1\nkind: A\n---\na: b: c\n"}, nil, "a/crds/a.yaml:4: this is not valid YAML: yaml: mapping values are not allowed in this context"},
		"Kubernetes": {"The chart fits the cluster.", []string{"Chart.yaml", chartYAML + "kubeVersion: '>=2'\n"}, nil, "a/Chart.yaml: the chart requires Kubernetes >=2, and the cluster has v1.36"},
		"Dependency": {"The chart has what it depends on.", []string{"Chart.yaml", chartYAML + "dependencies: [{name: b, version: 1.x.x, repository: ''}]\n"}, nil, `a/Chart.yaml: the chart depends on "b", which its charts/ does not contain`},
		"Library":    {"A library is not installed.", []string{"Chart.yaml", chartYAML + "type: library\n"}, nil, "a chart of type library cannot be installed: it has templates for other charts"},
		"Cluster":    {"The version of the cluster is one.", nil, func(r *helm.Release) { r.KubeVersion = "new" }, `"new" is not a version of Kubernetes`},
		"Release":    {"The name of a release is valid.", nil, func(r *helm.Release) { r.Name = "A_b" }, `"A_b" is not a valid release name`},
		"Value":      {"A value can be in a file.", nil, func(r *helm.Release) { r.Values = map[string]any{"f": func() {}} }, "a value of type func() cannot be in a values file"},
		"Panic":      {"A function that panics is an error.", []string{name, `{{ index (list 1) 5 }}`}, nil, `a/templates/a.yaml:1: executing "a/templates/a.yaml" at <index (list 1) 5>: error calling index: index out of range: 5`},
	} {
		t.Run(title, func(t *testing.T) {
			c := chartOf(t, tc.files...)
			r := helm.Release{Name: "x", Namespace: "x", KubeVersion: "1.36"}
			if tc.change != nil {
				tc.change(&r)
			}
			_, err := c.Render(context.Background(), r)
			var rendering *helm.Error
			if !errors.As(err, &rendering) || err.Error() != tc.want {
				t.Errorf("%s Render = %T %v, want %s", tc.reason, err, err, tc.want)
			}
		})
	}
}

// TestSchemas checks what is said of values by a schema, and that nothing is fetched.
func TestSchemas(t *testing.T) {
	sub := []string{"Chart.yaml", chartYAML + "dependencies: [{name: b, version: 1.x.x, repository: ''}]\n",
		"charts/b/Chart.yaml", strings.Replace(chartYAML, "name: a", "name: b", 1), "charts/b/values.schema.json", `{"properties": {"n": {"type": "integer"}}}`}
	for name, tc := range map[string]struct {
		reason string
		files  []string
		values map[string]any
		want   string
	}{
		"Fits":     {"Values that fit are used.", []string{"values.schema.json", `{"properties": {"a": {"type": "integer"}}}`}, map[string]any{"a": 1}, ""},
		"Type":     {"A value of another type is named.", []string{"values.schema.json", `{"properties": {"a": {"items": {"type": "integer"}}}}`}, map[string]any{"a": []any{1, "x"}}, "values do not fit the chart: a.1: got string, want integer"},
		"Required": {"What is missing is named.", []string{"values.schema.json", `{"required": ["a"]}`}, nil, "values do not fit the chart: missing property 'a'"},
		"Subchart": {"A path leads to the values of a subchart.", sub, map[string]any{"b": map[string]any{"n": "x"}}, "values do not fit the chart: b.n: got string, want integer"},
		"Default":  {"The chart's own values are checked too.", []string{"values.yaml", "a: x\n", "values.schema.json", `{"properties": {"a": {"type": "integer"}}}`}, nil, "values do not fit the chart: a: got string, want integer"},
		"Removed":  {"What null removes is not.", []string{"values.yaml", "a: x\n", "values.schema.json", `{"properties": {"a": {"type": "integer"}}}`}, map[string]any{"a": nil}, ""},
		"Remote":   {"What a schema refers to is not fetched.", []string{"values.schema.json", `{"$ref": "https://example.com/schema.json"}`}, nil, "a/values.schema.json: failing loading \"https://example.com/schema.json\": it refers to \"https://example.com/schema.json\", which is not part of the chart and is not fetched"},
		"File":     {"No file is read.", []string{"values.schema.json", `{"$ref": "file:///etc/passwd"}`}, nil, "a/values.schema.json: failing loading \"file:///etc/passwd\": it refers to \"file:///etc/passwd\", which is not part of the chart and is not fetched"},
		"Beside":   {"Nor one beside it.", []string{"values.schema.json", `{"$ref": "x.json"}`}, nil, "a/values.schema.json: failing loading \"file:///x.json\": it refers to \"file:///x.json\", which is not part of the chart and is not fetched"},
		"Dialect":  {"Nor a dialect.", []string{"values.schema.json", `{"$schema": "https://example.com/draft"}`}, nil, "a/values.schema.json: failing loading \"https://example.com/draft\": it refers to \"https://example.com/draft\", which is not part of the chart and is not fetched"},
		"Name":     {"A name that is no address stands for all values, as with Helm.", []string{"values.schema.json", `{"properties": {"a": {"$ref": "urn:example:a"}}}`}, map[string]any{"a": 1}, ""},
		"Invalid":  {"A schema is JSON.", []string{"values.schema.json", `{`}, nil, "a/values.schema.json: unexpected EOF"},
		"Loop":     {"One that refers to itself is an error.", []string{"values.schema.json", `{"$ref": "#"}`}, nil, `values do not fit the chart: both /$ref and resolve to "file:///values.schema.json#" causing reference cycle`},
	} {
		t.Run(name, func(t *testing.T) {
			c := chartOf(t, tc.files...)
			_, err := c.Render(context.Background(), helm.Release{Name: "x", Namespace: "x", KubeVersion: "1.36", Values: tc.values})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("%s Render = %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

// TestShared renders one chart in many goroutines, with values that turn its subcharts
// on and off, and compares each with a chart of its own. The race detector sees what
// they share.
func TestShared(t *testing.T) {
	shared := own(t, "shop")
	releases := make([]helm.Release, 24)
	for i := range releases {
		releases[i] = helm.Release{
			Name: fmt.Sprint("r", i%5), Namespace: "x", KubeVersion: "1.36", APIVersions: []string{fmt.Sprint("x/v", i)},
			Values: map[string]any{
				"tags": map[string]any{"fast": i%2 == 0}, "sessions": map[string]any{"enabled": i%3 == 0, "size": i},
				"queue": map[string]any{"workers": i + 1}, "labels": map[string]any{"n": fmt.Sprint(i)},
			},
		}
	}
	got := make([]*helm.Output, len(releases))
	var all sync.WaitGroup
	for i, r := range releases {
		all.Go(func() {
			out, err := shared.Render(context.Background(), r)
			if err != nil {
				t.Error(err)
				return
			}
			for _, o := range out.Objects {
				o.Object["metadata"].(map[string]any)["mine"] = int64(i) // objects belong to who asked for them
			}
			got[i] = out
		})
	}
	all.Wait()
	for i, r := range releases {
		want, err := own(t, "shop").Render(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range want.Objects {
			o.Object["metadata"].(map[string]any)["mine"] = int64(i)
		}
		if diff := cmp.Diff(want, got[i]); diff != "" {
			t.Errorf("release %d (-alone +shared):\n%s", i, diff)
		}
	}
}

// TestMetadata checks what a chart says of itself.
func TestMetadata(t *testing.T) {
	got := own(t, "shop").Metadata()
	var deps []string
	for _, d := range got.Dependencies {
		deps = append(deps, fmt.Sprint(d))
	}
	got.Dependencies = nil
	want := helm.Metadata{Name: "shop", Version: "1.2.3", AppVersion: "7.1", KubeVersion: ">=1.25.0-0", Description: "An umbrella with an alias, conditions, tags, imported values and a library"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Metadata (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"{cache ~1.0  sessions sessions.enabled,global.caches [] true}",
		"{cache >=1.0.0  pages  [fast] true}",
		"{queue 2.x.x   queue.enabled [slow] true}",
		"{common *    [] true}",
	}, deps); diff != "" {
		t.Errorf("Dependencies (-want +got):\n%s", diff)
	}
}
