package expand_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
)

func TestErrors(t *testing.T) {
	list := `generators: [{list: {elements: [{app: a, m: {x: 1}}]}}]`
	cases := map[string]struct {
		reason, spec, want string
		change             func(*expand.World)
	}{
		"options":         {"an unknown option would stop Argo CD", list, `goTemplateOptions[0] is "x"`, nil},
		"missing key":     {"a parameter that is not there", `generators: [{list: {elements: [{a: a}]}}]`, `spec.generators[0].list, parameters 1: template.metadata.name: template: base:1:2: executing "base" at <.app>: map has no entry for key "app"`, nil},
		"syntax":          {"a template that cannot be parsed", list + "\n  templatePatch: '{{'", "templatePatch: spec.templatePatch: template: base:1", nil},
		"twice":           {"two Applications of one name", `generators: [{list: {elements: [{app: a}]}}, {list: {elements: [{app: a}]}}]`, "spec.generators[1].list, parameters 1: the name a is the same as that of spec.generators[0].list, parameters 1", nil},
		"no name":         {"an Application without a name", `generators: [{list: {elements: [{app: ""}]}}]`, "template.metadata.name is empty", nil},
		"no generator":    {"an entry of nothing", `generators: [{}]`, "spec.generators[0]: the entry has no generator", nil},
		"unknown":         {"a generator that does not exist", `generators: [{lists: {}}]`, "spec.generators[0].lists: unknown generator", nil},
		"scm":             {"a generator that is not expanded", `generators: [{scmProvider: {}}]`, "spec.generators[0].scmProvider: this generator depends", nil},
		"plugin":          {"a generator that is not expanded, within another", `generators: [{matrix: {generators: [{plugin: {}}, {list: {}}]}}]`, "spec.generators[0].matrix.generators[0].plugin", nil},
		"decision":        {"a generator that is not expanded", `generators: [{clusterDecisionResource: {}}]`, "clusterDecisionResource", nil},
		"no mapping":      {"a generator that is a text", `generators: [{list: x}]`, "spec.generators[0].list: this is not a mapping", nil},
		"three":           {"a matrix has two", `generators: [{matrix: {generators: [{list: {}}, {list: {}}, {list: {}}]}}]`, "a matrix has exactly two generators, not 3", nil},
		"two in one":      {"one kind an entry, within others", `generators: [{matrix: {generators: [{list: {}, clusters: {}}, {list: {}}]}}]`, "the entry has 2 generators", nil},
		"too deep":        {"matrix is nested once", `generators: [{matrix: {generators: [{matrix: {generators: [{matrix: {}}, {list: {}}]}}, {list: {}}]}}]`, "nested only once", nil},
		"one to merge":    {"a merge of one", `generators: [{merge: {mergeKeys: [a], generators: [{list: {}}]}}]`, "at least two generators", nil},
		"merge keys":      {"a merge without keys", `generators: [{merge: {generators: [{list: {}}, {list: {}}]}}]`, "mergeKeys is empty", nil},
		"merge twins":     {"elements that the keys do not tell apart", `generators: [{merge: {mergeKeys: [v.x], generators: [{list: {elements: [{v: {x: 1}}, {v: {x: 2}}]}}, {list: {}}]}}]`, `generators[0]: two elements have the same mergeKeys {"v.x":null}`, nil},
		"elementsYaml":    {"no list", `generators: [{list: {elementsYaml: 'a: b'}}]`, "elementsYaml is not a list", nil},
		"git empty":       {"git without patterns", `generators: [{git: {repoURL: x}}]`, "neither directories nor files", nil},
		"both parameters": {"a value within a matrix cannot be of both generators", `generators: [{matrix: {generators: [{list: {elements: [{s: a}]}}, {clusters: {values: {v: '{{.s}}{{.name}}'}}}]}}]`, `generators[1].clusters: cluster eu: values.v: template: base:1:2`, nil},
		"git unknown":     {"a repository that is not there", `generators: [{git: {repoURL: none, revision: v1, files: [{path: a}]}}]`, `reading none at "v1": there is no none`, nil},
		"git none":        {"no repositories", `generators: [{git: {repoURL: none, files: [{path: a}]}}]`, "no repository was given", func(w *expand.World) { w.Repo = nil }},
		"git pattern":     {"a malformed pattern", `generators: [{git: {repoURL: x, directories: [{path: '[' }]}}]`, "syntax error in pattern", nil},
		"git outside":     {"a pattern out of the repository", `generators: [{git: {repoURL: x, files: [{path: ../a}]}}]`, "use a path within the repository", nil},
		"git magic":       {"git's magic", `generators: [{git: {repoURL: x, files: [{path: ':!a'}]}}]`, "only * is a wildcard", nil},
		"git file":        {"a file of numbers", `generators: [{git: {repoURL: x, files: [{path: broken.yaml}]}}]`, "file broken.yaml: it is neither", nil},
		"git link":        {"a link may lead anywhere", `generators: [{git: {repoURL: x, files: [{path: link.yaml}]}}]`, "symbolic link", nil},
		"cluster twins":   {"two clusters of one name", `generators: [{clusters: {}}]`, "two clusters are named a", func(w *expand.World) { w.Clusters = []expand.Cluster{{Name: "a"}, {Name: "a"}} }},
		"label value":     {"labels are those of Kubernetes", `generators: [{clusters: {selector: {matchLabels: {a: 'b c'}}}}]`, "selector", nil},
		"selector key":    {"no key of a selector", `generators: [{list: {}, selector: {matchLabels: {'a b': c}}}]`, `spec.generators[0].selector: the key "a b"`, nil},
		"no forge":        {"pull requests of no forge", `generators: [{pullRequest: {}}]`, "no forge is set", nil},
		"filter":          {"a pattern that is none", `generators: [{pullRequest: {github: {}, filters: [{titleMatch: '('}]}}]`, "filters[0].titleMatch", nil},
		"function":        {"functions are those of text/template", list + "\n  templatePatch: '{{ upper .app }}'", `function "upper" not defined`, nil},
		"two keys":        {"keys that become one", list + "\n  x: y", "two keys become", nil},
		"patch type":      {"a label that is a number", list + "\n  templatePatch: 'metadata: {labels: {a: 1}}'", "metadata.labels is a number and must be a string", nil},
		"patch list":      {"a patch that is a list", list + "\n  templatePatch: '- a'", "it is not a mapping", nil},
		"patch JSON":      {"what starts with a brace is JSON", list + "\n  templatePatch: '{a: b}'", "it is not valid JSON", nil},
		"patch values":    {"Argo CD cannot merge within free values", list + "\n  templatePatch: 'spec: {source: {helm: {valuesObject: {a: {b: 1}}}}}'", "cannot merge a mapping or a list below valuesObject", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world
			if tc.change != nil {
				tc.change(&w)
			}
			template := plainTemplate
			switch name {
			case "two keys":
				template = "\n  template: {metadata: {name: a, labels: {'{{.app}}': x, a: why}}}"
			case "patch values":
				template = "\n  template: {metadata: {name: a}, spec: {source: {helm: {valuesObject: {a: {c: 1}}}}}}"
			}
			set := parse(t, "  "+tc.spec+template)
			if name == "options" {
				set = set.Clone()
				set.Map()["spec"].(map[string]any)["goTemplateOptions"] = []any{"x"}
			}
			got, err := expand.Applications(set, w)
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.HasPrefix(err.Error(), "ApplicationSet argocd/set: ") {
				t.Errorf("%s: got %v, %v\nwant an error with %s", tc.reason, names(got), err, tc.want)
			}
		})
	}
}

func TestNoGoTemplate(t *testing.T) {
	set := parse(t, "  generators: []"+plainTemplate).Clone()
	set.Map()["spec"].(map[string]any)["goTemplate"] = false
	if _, err := expand.Applications(set, world); err == nil || !strings.Contains(err.Error(), "set it to true") {
		t.Errorf("got %v", err)
	}
}

// TestFixture checks that pull requests are read from a file as people write it.
func TestFixture(t *testing.T) {
	var got []expand.PullRequest
	if err := yaml.UnmarshalStrict([]byte("- {number: 1, title: t, branch: b, targetBranch: m, headSHA: abc, author: a, labels: [x]}"), &got); err != nil {
		t.Fatal(err)
	}
	want := []expand.PullRequest{{Number: 1, Title: "t", Branch: "b", TargetBranch: "m", HeadSHA: "abc", Author: "a", Labels: []string{"x"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
