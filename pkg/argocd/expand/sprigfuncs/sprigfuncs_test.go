package sprigfuncs_test

import (
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand/sprigfuncs"
)

func TestMap(t *testing.T) {
	cases := map[string]struct {
		reason, template, want, err string
	}{
		"sprig":           {reason: "sprig's functions are there", template: `{{"a" | upper | repeat 2}}{{join "-" (list 1 2)}}{{seq 1 3}}`, want: "AA1-21 2 3"},
		"normalize":       {reason: "names become names of Kubernetes", template: `{{normalize "-Feat/X_y."}}`, want: "feat-x-y"},
		"slugify":         {reason: "a slug is cut at words", template: `{{slugify "feat/a_really+long+pull_request_name_to_test_argo_slugification_and_branch_name_shortening_feature"}}`, want: "feat-a-really-long-pull-request-name-to-test-argo"},
		"slugify anyhow":  {reason: "or in the middle of them", template: `{{slugify 23 false "feat/areallylongpullrequestnametotestargo"}}`, want: "feat-areallylongpullreq"},
		"slugify smart":   {reason: "the options come first", template: `{{slugify 10 true "feat/areallylong"}}`, want: "feat"},
		"slugify nothing": {reason: "a length that is none", template: `{{slugify "x" "a"}}`, err: "its argument 1 is x"},
		"toYaml":          {reason: "YAML has no newline at its end", template: `{{toYaml (dict "a" (list 1 2))}}`, want: "a:\n- 1\n- 2"},
		"fromYaml":        {reason: "YAML is read", template: `{{(fromYaml "a: {b: 1}").a.b}}{{index (fromYamlArray "[2]") 0}}`, want: "12"},
		"fromYaml broken": {reason: "what is no mapping is an error", template: `{{fromYaml "- a"}}`, err: "cannot unmarshal array"},
		"env":             {reason: "the environment is not for templates", template: `{{env "HOME"}}`, err: `function "env" not defined`},
		"certificates":    {reason: "what is another each time", template: `{{genCA "a" 1}}`, err: "genCA makes another result each time"},
		"indent":          {reason: "results are bounded", template: `{{indent 1000000000 "a"}}`, err: "indent would make more"},
		"replace":         {reason: "results are bounded", template: `{{replace "" (repeat 10000 "x") (repeat 10000 "x")}}`, err: "replace would make more"},
		"join":            {reason: "results are bounded", template: `{{join (repeat 100000 "x") (until 1000)}}`, err: "join would make more"},
		"untilStep":       {reason: "results are bounded", template: `{{untilStep 0 1000000000 1}}`, err: "untilStep would make more"},
		"seq":             {reason: "results are bounded", template: `{{seq 1 1 1000000000}}`, err: "seq would make more"},
		"randAlpha":       {reason: "results are bounded", template: `{{randAlpha 1000000000}}`, err: "randAlpha would make more"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			parsed, err := template.New("").Funcs(sprigfuncs.Map()).Parse(tc.template)
			if err == nil {
				err = parsed.Execute(&got, nil)
			}
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("%s: got %q, error %v, want %s", tc.reason, got.String(), err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"feat/X_y":                         "feat-x-y",
		" Ärger & Co@home ":                "arger-and-coathome",
		strings.Repeat("a", 60):            strings.Repeat("a", 50),
		strings.Repeat("word-", 12):        "word-word-word-word-word-word-word-word-word-word",
		"it's/" + strings.Repeat("b", 60):  "its",
		strings.Repeat("c", 50) + "/d-_-_": strings.Repeat("c", 50),
		"日本":                               "ri-ben",
	} {
		if got := sprigfuncs.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}
