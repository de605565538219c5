package expand_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
)

// TestFilePatterns has what `git ls-files` and Argo CD's new rule answer.
func TestFilePatterns(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"a", "b/a", "b/b/a", "b/b/b.x", "c-d/a", "c/a.x", "c/d/e/a", ".h/a", "b/]", "b/-", "c/A", "c/0"} {
		files[name] = &fstest.MapFile{}
	}
	cases := map[string]struct {
		pattern  string
		globbing bool
		want     string
		err      string
	}{
		"star takes slashes":       {pattern: "b*a", want: "b/a b/b/a"},
		"question takes slashes":   {pattern: "b?a", want: "b/a"},
		"two stars are one":        {pattern: "c/**/a", want: "c/d/e/a"},
		"directory":                {pattern: "b/b", want: "b/b/a b/b/b.x"},
		"directory with slash":     {pattern: "./b//b/", want: "b/b/a b/b/b.x"},
		"file with slash":          {pattern: "a/", want: ""},
		"all":                      {pattern: "", want: ".h/a a b/- b/] b/a b/b/a b/b/b.x c-d/a c/0 c/A c/a.x c/d/e/a"},
		"class":                    {pattern: "b/[]-]", want: "b/- b/]"},
		"class that is negated":    {pattern: "c/[!a-z]", want: "c/0 c/A"},
		"class with a name":        {pattern: "c/[[:upper:][:digit:]]", want: "c/0 c/A"},
		"class of a slash":         {pattern: "b[/]a", want: "b/a"},
		"class without end":        {pattern: "b/[", want: ""},
		"class without such name":  {pattern: "c/[[:none:]]", want: ""},
		"escape":                   {pattern: `b/\]`, want: "b/]"},
		"escape at the end":        {pattern: `a\`, want: ""},
		"braces are no rule":       {pattern: "{a,b}", want: ""},
		"new: star is one":         {pattern: "*/a", globbing: true, want: ".h/a b/a c-d/a"},
		"new: two stars":           {pattern: "b/**/a", globbing: true, want: "b/a b/b/a"},
		"new: two stars, then one": {pattern: "**/*.x", globbing: true, want: "b/b/b.x c/a.x"},
		"new: braces":              {pattern: "{b,c/d/{e,f}}/a", globbing: true, want: "b/a c/d/e/a"},
		"new: class":               {pattern: "c/[!a-z]", globbing: true, want: "c/0 c/A"},
		"new: nothing below":       {pattern: "a/**", globbing: true, want: ""},
		"new: root":                {pattern: "**", globbing: true, err: "takes the directory"},
		"new: git's own":           {pattern: "*", globbing: true, err: "takes the directory"},
		"new: outside":             {pattern: "../*", globbing: true, err: "leads out of the repository"},
		"new: braces without end":  {pattern: "{a", globbing: true, err: "syntax error"},
		"new: many braces":         {pattern: strings.Repeat("{a,b}", 20), globbing: true, err: "more than 1000 patterns"},
		"long":                     {pattern: strings.Repeat("*a", 3000), err: "more than 4096 bytes"},
		"slow":                     {pattern: strings.Repeat("*a", 2000), want: ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			set := parse(t, "  generators: [{git: {repoURL: x, files: [{path: '"+tc.pattern+"'}]}}]\n  template: {metadata: {name: '{{.path.path}}/{{.path.filename}}'}}")
			got, err := expand.Applications(set, expand.World{Globbing: tc.globbing, Repo: func(string, string) (fs.FS, error) { return files, nil }})
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("got %v, want an error with %s", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(" "+strings.Join(names(got), " "), " ./", " ")[1:]); diff != "" && (tc.want != "" || len(got) > 0) {
				t.Errorf("%q (-want +got):\n%s", tc.pattern, diff)
			}
		})
	}
}
