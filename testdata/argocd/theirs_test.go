package argocd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"
)

// world is what the cases look at.
var world = World{
	Projects: []string{"shop"},
	Clusters: []Cluster{
		{Name: "eu-prod", Server: "https://10.0.0.1", Labels: map[string]string{"env": "prod", "region": "eu"}},
		{Name: "us_Prod", Server: "https://10.0.0.2", Project: "shop", Labels: map[string]string{"env": "prod", "region": "us"},
			Annotations: map[string]string{"owner": "platform", "argocd.argoproj.io/refresh": "normal"}},
		{Name: "dev", Server: "https://10.0.0.3", Labels: map[string]string{"env": "dev"}},
	},
	Files: fstest.MapFS{
		"apps/web/overlays/prod/kustomization.yaml":    {Data: []byte("kind: Kustomization\n")},
		"apps/web/overlays/dev/kustomization.yaml":     {Data: []byte("kind: Kustomization\n")},
		"apps/api_v2/overlays/prod/kustomization.yaml": {Data: []byte("kind: Kustomization\n")},
		"apps/.hidden/overlays/prod/a.yaml":            {Data: []byte("a: 1\n")},
		"config.json":                                  {Data: []byte(`{"name": "root"}`)},
		"settings/eu/config.yaml":                      {Data: []byte("name: eu\nreplicas: 3\ndeep: {wide: true, list: [a, b]}\npath: lost\n")},
		"settings/broken.txt":                          {Data: []byte("text\n")},
		"settings/empty.yaml":                          {},
		"settings/us/config.yaml":                      {Data: []byte("- name: us-1\n- name: us-2\n")},
		"settings/us/west/config.yaml":                 {Data: []byte("name: west\n")},
		"settings/us/west/Other_File.yaml":             {Data: []byte("name: other\n")},
	},
	Pulls: []Pull{
		{Number: 7, Title: "Add search", Author: "ann", Branch: "feature/Search_box", Target: "main",
			Commit: "0123456789abcdef0123456789abcdef01234567", Labels: []string{"preview", "ui"}},
		{Number: 12, Title: "Fix", Author: "bob", Branch: "fix", Target: "release/1.0",
			Commit: "fedcba9876543210fedcba9876543210fedcba98", Labels: []string{"preview"}},
		{Number: 13, Title: "Long", Author: "bob", Branch: "a-very-long-name-of-a-branch-which-goes-on-and-on-for-more-than-fifty", Target: "main",
			Commit: "abc", Labels: nil},
	},
}

// expansion is a case: one document of the files in cases.
type expansion struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	// Spec is the set's. What it leaves out of goTemplate, goTemplateOptions and
	// template is that of defaults.
	Spec map[string]any `json:"spec"`
	// Clusters take the place of those of world, if they are not nil.
	Clusters []Cluster `json:"clusters"`
	// Want are parts of the Applications: what they say has to be there.
	Want []map[string]any `json:"want"`
	// Error is a part of the error.
	Error string `json:"error"`
	// Ours is how the library differs, where it is meant to.
	Ours *difference `json:"ours"`
}

// difference is one that is intended between Argo CD and the library.
type difference struct {
	Reason string `json:"reason"`
	// Error is a part of the library's error, with which there is no Application.
	Error string `json:"error"`
	// Adds are the names of Applications that Argo CD does not write; then the
	// library has no error.
	Adds []string `json:"adds"`
}

// defaults is what a spec need not say.
const defaults = `
goTemplate: true
goTemplateOptions: [missingkey=error]
template:
  metadata: {name: '{{.name}}'}
  spec:
    project: shop
    source: {repoURL: https://git.example.com/config.git, path: apps}
    destination: {name: in-cluster}
`

func TestExpansions(t *testing.T) {
	logrus.SetOutput(io.Discard)
	files, err := filepath.Glob(filepath.Join("cases", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("finding the cases: %d, %v", len(files), err)
	}
	for _, file := range files {
		for _, tc := range readCases(t, file) {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml")+"/"+tc.Name, func(t *testing.T) {
				set := map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet",
					"metadata": map[string]any{"name": "set", "namespace": namespace}, "spec": tc.Spec}
				w := world
				if tc.Clusters != nil {
					w.Clusters = tc.Clusters
				}
				got, err := theirs(t.Context(), set, w)
				tc.check(t, got, err)
				tc.compare(t, set, w, got, err)
			})
		}
	}
}

func readCases(t *testing.T, file string) []expansion {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []expansion
	for _, document := range bytes.Split(data, []byte("\n---\n")) {
		var tc expansion
		if err := yaml.UnmarshalStrict(document, &tc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		spec := map[string]any{}
		if err := yaml.Unmarshal([]byte(defaults), &spec); err != nil {
			t.Fatal(err)
		}
		for key, value := range tc.Spec {
			spec[key] = value
		}
		tc.Spec = spec
		out = append(out, tc)
	}
	return out
}

// check compares a result with what the case wants.
func (tc expansion) check(t *testing.T, got []map[string]any, err error) {
	t.Helper()
	if (err == nil) != (tc.Error == "") || err != nil && !strings.Contains(err.Error(), tc.Error) {
		t.Errorf("%s: got error %v, want %q", tc.Reason, err, tc.Error)
	}
	if len(got) != len(tc.Want) {
		data, _ := yaml.Marshal(got)
		t.Fatalf("%s: got %d Applications, want %d:\n%s", tc.Reason, len(got), len(tc.Want), data)
	}
	for i, want := range tc.Want {
		if diff := cmp.Diff(any(want), part(got[i], want)); diff != "" {
			t.Errorf("%s: Application %d (-want +got):\n%s", tc.Reason, i, diff)
		}
	}
}

// part returns of a value what has a counterpart in want. Numbers are float64,
// as in the cases.
func part(value, want any) any {
	switch v := value.(type) {
	case map[string]any:
		w, ok := want.(map[string]any)
		if !ok {
			return value
		}
		out := map[string]any{}
		for key := range w {
			if below, ok := v[key]; ok {
				out[key] = part(below, w[key])
			} else if w[key] == nil {
				out[key] = nil // wanted not to be there
			}
		}
		return out
	case []any:
		w, ok := want.([]any)
		if !ok || len(w) != len(v) {
			return value
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = part(v[i], w[i])
		}
		return out
	case int64:
		return float64(v)
	}
	return value
}

// compare compares our expansion of a set with theirs, in everything.
func (tc expansion) compare(t *testing.T, set map[string]any, w World, want []map[string]any, wantErr error) {
	t.Helper()
	got, err := ours(t.Context(), set, w)
	if d := tc.Ours; d != nil {
		switch {
		case d.Reason == "" || (d.Error == "") == (len(d.Adds) == 0):
			t.Errorf("ours needs a reason, and one of error and adds")
		case d.Error != "" && (err == nil || !strings.Contains(err.Error(), d.Error)):
			t.Errorf("%s: ours has error %v, want %q", d.Reason, err, d.Error)
		case d.Error != "":
			return
		}
		wantErr = nil
		left := len(got)
		got = slices.DeleteFunc(got, func(app map[string]any) bool { return slices.Contains(d.Adds, nameOf(app)) })
		if left-len(got) != len(d.Adds) {
			t.Errorf("%s: ours does not add %v", d.Reason, d.Adds)
		}
	}
	if (err == nil) != (wantErr == nil) {
		t.Errorf("ours has error %v, theirs %v", err, wantErr)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-theirs +ours:\n%s", diff)
	}
}

// TestCheck shows that a case can fail.
func TestCheck(t *testing.T) {
	app := map[string]any{"metadata": map[string]any{"name": "a"}, "spec": map[string]any{"size": int64(1), "list": []any{"a", "b"}}}
	cases := map[string]struct {
		reason, want string
		same         bool
	}{
		"Part":    {"what is not wanted is no matter", `{spec: {size: 1}}`, true},
		"Other":   {"another value", `{metadata: {name: b}}`, false},
		"Missing": {"a field that is not there", `{metadata: {labels: {}}}`, false},
		"Absent":  {"a field that must not be there, and is not", `{metadata: {labels: null}}`, true},
		"Present": {"a field that must not be there, and is", `{metadata: {name: null}}`, false},
		"Shorter": {"a list with one item less", `{spec: {list: [a]}}`, false},
		"List":    {"a list", `{spec: {list: [a, b]}}`, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			want := map[string]any{}
			if err := yaml.Unmarshal([]byte(tc.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(any(want), part(app, want)); (diff == "") != tc.same {
				t.Errorf("%s: %s", tc.reason, fmt.Sprint(diff))
			}
		})
	}
}
