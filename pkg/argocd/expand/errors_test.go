package expand_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
)

func TestErrors(t *testing.T) {
	many := "[" + strings.Repeat("{a: b},", 10_000) + "]"
	list := `generators: [{list: {elements: [{app: a, m: {x: 1}}]}}]`
	cases := map[string]struct {
		reason, spec, want string
		change             func(*expand.World)
	}{
		"options":         {"an unknown option would stop Argo CD", list, `goTemplateOptions[0] is "x"`, nil},
		"missing key":     {"a parameter that is not there", `generators: [{list: {elements: [{a: a}]}}]`, `spec.generators[0].list, parameters 1: template.metadata.name: template: base:1:2: executing "base" at <.app>: map has no entry for key "app"`, nil},
		"syntax":          {"a template that cannot be parsed", list + "\n  templatePatch: '{{'", "templatePatch: spec.templatePatch: template: base:1", nil},
		"twice":           {"two Applications of one name", `generators: [{list: {elements: [{app: a}]}}, {list: {elements: [{app: a}]}}]`, "spec.generators[1].list, parameters 1: the name a is also that of spec.generators[0].list, parameters 1", nil},
		"no name":         {"an Application without a name", `generators: [{list: {elements: [{app: ""}]}}]`, "template.metadata.name is empty", nil},
		"no generator":    {"an entry of nothing", `generators: [{}]`, "spec.generators[0]: this entry names no generator", nil},
		"unknown":         {"a generator that does not exist", `generators: [{lists: {}}]`, "spec.generators[0].lists: there is no such generator", nil},
		"scm":             {"a generator that is not expanded", `generators: [{scmProvider: {}}]`, "spec.generators[0].scmProvider: this generator asks", nil},
		"plugin":          {"a generator that is not expanded, within another", `generators: [{matrix: {generators: [{plugin: {}}, {list: {}}]}}]`, "spec.generators[0].matrix.generators[0].plugin", nil},
		"decision":        {"a generator that is not expanded", `generators: [{clusterDecisionResource: {}}]`, "clusterDecisionResource", nil},
		"no mapping":      {"a generator that is a text", `generators: [{list: x}]`, "spec.generators[0].list: this is no mapping", nil},
		"three":           {"a matrix has two", `generators: [{matrix: {generators: [{list: {}}, {list: {}}, {list: {}}]}}]`, "a matrix has two generators, not 3", nil},
		"two in one":      {"one kind an entry, within others", `generators: [{matrix: {generators: [{list: {}, clusters: {}}, {list: {}}]}}]`, "names 2 generators", nil},
		"too deep":        {"matrix is nested once", `generators: [{matrix: {generators: [{matrix: {generators: [{matrix: {}}, {list: {}}]}}, {list: {}}]}}]`, "nested once at most", nil},
		"one to merge":    {"a merge of one", `generators: [{merge: {mergeKeys: [a], generators: [{list: {}}]}}]`, "two generators or more", nil},
		"merge keys":      {"a merge without keys", `generators: [{merge: {generators: [{list: {}}, {list: {}}]}}]`, "mergeKeys is empty", nil},
		"merge twins":     {"elements that the keys do not tell apart", `generators: [{merge: {mergeKeys: [v.x], generators: [{list: {elements: [{v: {x: 1}}, {v: {x: 2}}]}}, {list: {}}]}}]`, `generators[0]: two elements have the mergeKeys {"v.x":null}`, nil},
		"elementsYaml":    {"no list", `generators: [{list: {elementsYaml: 'a: b'}}]`, "elementsYaml is no list", nil},
		"git empty":       {"git without patterns", `generators: [{git: {repoURL: x}}]`, "neither directories nor files", nil},
		"both parameters": {"a value within a matrix cannot be of both generators", `generators: [{matrix: {generators: [{list: {elements: [{s: a}]}}, {clusters: {values: {v: '{{.s}}{{.name}}'}}}]}}]`, `generators[1].clusters: cluster eu: values.v: template: base:1:2`, nil},
		"git unknown":     {"a repository that is not there", `generators: [{git: {repoURL: none, revision: v1, files: [{path: a}]}}]`, `reading none at "v1": there is no none`, nil},
		"git none":        {"no repositories", `generators: [{git: {repoURL: none, files: [{path: a}]}}]`, "no repository was given", func(w *expand.World) { w.Repo = nil }},
		"git pattern":     {"a malformed pattern", `generators: [{git: {repoURL: x, directories: [{path: '[' }]}}]`, "syntax error in pattern", nil},
		"git outside":     {"a pattern out of the repository", `generators: [{git: {repoURL: x, files: [{path: ../a}]}}]`, "leads out of the repository", nil},
		"git magic":       {"git's magic", `generators: [{git: {repoURL: x, files: [{path: ':!a'}]}}]`, "magic", nil},
		"git file":        {"a file of numbers", `generators: [{git: {repoURL: x, files: [{path: broken.yaml}]}}]`, "file broken.yaml: it is neither", nil},
		"git link":        {"a link may lead anywhere", `generators: [{git: {repoURL: x, files: [{path: link.yaml}]}}]`, "symbolic link", nil},
		"git dirs":        {"the new rule takes directories", `generators: [{git: {repoURL: x, files: [{path: 'apps/*'}]}}]`, "takes the directory apps/", func(w *expand.World) { w.Globbing = true }},
		"cluster twins":   {"two clusters of one name", `generators: [{clusters: {}}]`, "two clusters are called a", func(w *expand.World) { w.Clusters = []expand.Cluster{{Name: "a"}, {Name: "a"}} }},
		"label value":     {"labels are those of Kubernetes", `generators: [{clusters: {selector: {matchLabels: {a: 'b c'}}}}]`, "selector", nil},
		"selector key":    {"no key of a selector", `generators: [{list: {}, selector: {matchLabels: {'a b': c}}}]`, `spec.generators[0].selector: the key "a b"`, nil},
		"no forge":        {"pull requests of no forge", `generators: [{pullRequest: {}}]`, "no forge is named", nil},
		"filter":          {"a pattern that is none", `generators: [{pullRequest: {github: {}, filters: [{titleMatch: '('}]}}]`, "filters[0].titleMatch", nil},
		"slug":            {"a slug that is not known", `generators: [{pullRequest: {github: {}}}]`, `pull request 1: the branch "ä"`, func(w *expand.World) { w.Slug, w.PullRequests = nil, []expand.PullRequest{{Number: 1, Branch: "ä"}} }},
		"function":        {"functions come from outside", list + "\n  templatePatch: '{{ upper .app }}'", `function "upper" not defined`, func(w *expand.World) { w.Funcs = nil }},
		"bad function":    {"a function that is none", list, `the template function "x": this is no function`, func(w *expand.World) { w.Funcs = map[string]any{"x": 1} }},
		"two keys":        {"keys that become one", list + "\n  x: y", "two keys become", nil},
		"patch type":      {"a label that is a number", list + "\n  templatePatch: 'metadata: {labels: {a: 1}}'", "metadata.labels is a number and has to be a string", nil},
		"patch list":      {"a patch that is a list", list + "\n  templatePatch: '- a'", "it is no mapping", nil},
		"patch JSON":      {"what starts with a brace is JSON", list + "\n  templatePatch: '{a: b}'", "it is no JSON", nil},
		"patch values":    {"Argo CD cannot merge within free values", list + "\n  templatePatch: 'spec: {source: {helm: {valuesObject: {a: {b: 1}}}}}'", "cannot merge a mapping or a list below valuesObject", nil},
		"endless":         {"a loop without output ends", list + "\n  templatePatch: '{{range 9000000000000000000}}{{end}}'", "do too much", nil},
		"many nothings":   {"combinations that a selector drops are work too", `generators: [{matrix: {generators: [{list: {elementsYaml: '` + many + `'}}, {matrix: {generators: [{list: {elementsYaml: '` + many + `'}}, {list: {elements: [{z: a}]}}]}, selector: {matchLabels: {z: b}}}]}}]`, "do too much", nil},
		"recursion": {"templates that call one another end", list + `
  templatePatch: '{{define "a"}}{{if lt . 60}}{{template "a" (add . 1)}}{{template "a" (add . 1)}}{{end}}{{end}}{{template "a" 0}}'`, "do too much", nil},
		"much output": {"output is bounded", list + "\n  templatePatch: '{{range 9000000000000000000}}xxxxxxxxxxxxxxxxxxxxxxxxx{{end}}'", "more than 1048576 bytes", nil},
		"doubling": {"texts that grow are bounded", list + `
  templatePatch: '{{$x := "aaaaaaaa"}}{{range 64}}{{$x = print $x $x}}{{end}}'`, "more than 1048576 bytes", nil},
		"cycle": {"a value within itself", list + `
  templatePatch: '{{$d := dict}}{{$_ := set $d "a" $d}}{{$d}}'`, "nested more than", nil},
		"repeat":         {"texts out of nothing", list + "\n  templatePatch: '{{repeat 1000000000 .app}}'", "repeat would make more", nil},
		"until":          {"lists out of nothing", list + "\n  templatePatch: '{{until 100000000000}}'", "until would make more", nil},
		"printf":         {"widths", list + "\n  templatePatch: '{{printf \"%1000000d%1000000d\" 1 1}}'", "more than 1048576 bytes", nil},
		"printf star":    {"widths from arguments", list + "\n  templatePatch: '{{printf \"%*d%*d\" 1000000 1 1000000 1}}'", "more than 1048576 bytes", nil},
		"key generation": {"what is slow and another each time", list + "\n  templatePatch: '{{genPrivateKey \"rsa\"}}'", "not available here", nil},
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
