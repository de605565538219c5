package gitopsgen_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// banned are phrases that no user reads, and what to write instead.
var banned = []struct {
	phrase *regexp.Regexp
	use    string
}{
	{regexp.MustCompile(`\b(is|are|gives?|becomes?) no [%"A-Za-z]+`), "is not a valid, has no"},
	{regexp.MustCompile(`\btold\b`), "reported"},
	{regexp.MustCompile(`\bmade[- ]up\b`), "fake"},
	{regexp.MustCompile(`\bmend(s|ed|ing)?\b`), "fix"},
	{regexp.MustCompile(`\bwhereabouts\b`), "location"},
	{regexp.MustCompile(`\b(as|that) (it|they)? ?shall\b`), "is not, up to date"},
	{regexp.MustCompile(`\bfor ever\b`), "forever, endlessly"},
	{regexp.MustCompile(`\bbears\b`), "has"},
	{regexp.MustCompile(`\bwhom\b`), "what, who"},
	{regexp.MustCompile(`\bsave that\b`), "except that"},
	{regexp.MustCompile(`\b(is|are|not|of) ours\b`), "managed by gitopsgen, unmanaged"},
	{regexp.MustCompile(`\b(stands?|standing) (twice|beside|below|behind|there|in|at|here|already|around)\b`), "is, means"},
	{regexp.MustCompile(`\banew\b`), "again"},
	{regexp.MustCompile(`\b(lower|upper) case (letters|digits)\b`), "lowercase, uppercase"},
}

// fine are texts with such a phrase that say what they mean.
var fine = []*regexp.Regexp{
	regexp.MustCompile(`\b(is|are) no longer\b|\b[Tt]here (is|are) no\b`),
}

// public are the packages whose documentation users read.
var public = []string{"pkg/model", "pkg/load", "pkg/render", "pkg/object", "pkg/finding", "pkg/tree", "pkg/disk", "pkg/gitrepo", "pkg/cli", "pkg/feature", "pkg/view"}

// helpTexts is where the help of all commands is, as a user reads it.
const helpTexts = "pkg/cli/testdata/help"

// TestEnglish checks that what a user reads is plain English: the texts of all
// packages, the documentation of the public ones, the pages of the repository, and the
// help of the command.
func TestEnglish(t *testing.T) {
	for _, fault := range phrases(t, os.DirFS(".")) {
		t.Error(fault)
	}
}

// TestEnglishFindsFaults plants texts, and looks which of them TestEnglish finds.
func TestEnglishFindsFaults(t *testing.T) {
	for name, tc := range map[string]struct{ reason, file, text, want string }{
		"Literal":    {"A finding is read.", "pkg/report/x.go", "var x = \"%q is no CIDR\"", `pkg/report/x.go:2: "is no CIDR": write is not a valid, has no`},
		"Lines":      {"Help spans lines.", "pkg/cli/x.go", "var x = `that is\nno help`", `pkg/cli/x.go:2: "is no help": write is not a valid, has no`},
		"Longer":     {"Some phrases are idiomatic.", "pkg/report/x.go", "var x = \"it is no longer valid\"", ""},
		"Comment":    {"Comments of what is not exported are for developers.", "pkg/model/x.go", "// x is told.\nvar x = 1", ""},
		"Doc":        {"Those of the public packages are read.", "pkg/model/x.go", "// X is told.\nvar X = 1", `pkg/model/x.go:2: "told": write reported`},
		"Field":      {"So are those of fields.", "pkg/model/x.go", "type X struct {\n// A is\n// no field.\nA int\n}", `pkg/model/x.go:3: "is no field": write is not a valid, has no`},
		"Unexported": {"A field that is not exported is not read.", "pkg/model/x.go", "type X struct {\n// a is told.\na int\n}", ""},
		"Internal":   {"Other packages are not documented for users.", "pkg/report/x.go", "// X is told.\nvar X = 1", ""},
		"Test":       {"Tests are for developers.", "pkg/model/x_test.go", "var x = \"mend it\"", ""},
		"Help":       {"Help is read as a whole.", "pkg/cli/testdata/help/x.txt", "Flags:\n\n  mend\n  it", `pkg/cli/testdata/help/x.txt:4: "mend": write fix`},
		"Script":     {"Scripts of tests are not.", "pkg/cli/testdata/script/x.txt", "Mend it.", ""},
		"Page":       {"Pages are read.", "README.md", "Mend it, for\never.", `README.md:2: "for ever": write forever, endlessly`},
	} {
		t.Run(name, func(t *testing.T) {
			text := tc.text
			if path.Ext(tc.file) == ".go" {
				text = "package x\n" + text + "\n"
			} else {
				text = "\n" + text
			}
			got := phrases(t, fstest.MapFS{tc.file: {Data: []byte(text)}})
			if diff := cmp.Diff(tc.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// phrases returns where a user reads a phrase that is banned.
func phrases(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var out []string
	report := func(at, text string) {
		text = strings.Join(strings.Fields(text), " ")
		for _, f := range fine {
			text = f.ReplaceAllString(text, "")
		}
		for _, b := range banned {
			if found := b.phrase.FindString(text); found != "" {
				out = append(out, fmt.Sprintf("%s: %q: write %s", at, found, b.use))
			}
		}
	}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != helpTexts && path.Dir(p) == path.Dir(helpTexts):
			return fs.SkipDir
		case d.IsDir() && (d.Name() == "testdata" && p != path.Dir(helpTexts) || p == "examples" || len(d.Name()) > 1 && d.Name()[0] == '.'):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		switch {
		case p == "README.md", p == "CONTRIBUTING.md", strings.HasPrefix(p, "templates/"), path.Dir(p) == helpTexts:
			paragraphs(p, string(data), report)
		case path.Ext(p) == ".go" && !strings.HasSuffix(p, "_test.go"):
			return texts(p, data, report)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// paragraphs calls report for each paragraph of a page, with its first line.
func paragraphs(file, page string, report func(at, text string)) {
	line := 1
	for _, p := range strings.Split(page, "\n\n") {
		report(fmt.Sprintf("%s:%d", file, line+len(p)-len(strings.TrimLeft(p, "\n"))), p)
		line += strings.Count(p, "\n") + 2
	}
}

// texts calls report for each string of a Go file and, in a public package, for
// the documentation of what it exports.
func texts(file string, data []byte, report func(at, text string)) error {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, file, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	at := func(n ast.Node) string { return fmt.Sprintf("%s:%d", file, files.Position(n.Pos()).Line) }
	isPublic := slices.Contains(public, path.Dir(file)) || path.Dir(file) == "."
	doc := func(exported bool, groups ...*ast.CommentGroup) {
		for _, g := range groups {
			if isPublic && exported && g != nil {
				report(at(g), g.Text())
			}
		}
	}
	doc(true, f.Doc)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				report(at(n), text)
			}
		case *ast.GenDecl:
			doc(n.Tok != token.IMPORT && slices.ContainsFunc(n.Specs, isExported), n.Doc)
		case *ast.TypeSpec:
			doc(n.Name.IsExported(), n.Doc, n.Comment)
		case *ast.ValueSpec:
			doc(isExported(n), n.Doc, n.Comment)
		case *ast.Field:
			doc(slices.ContainsFunc(n.Names, (*ast.Ident).IsExported), n.Doc, n.Comment)
		case *ast.FuncDecl:
			doc(n.Name.IsExported(), n.Doc)
		}
		return true
	})
	return nil
}

// isExported reports whether a declaration has an exported name.
func isExported(s ast.Spec) bool {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Name.IsExported()
	case *ast.ValueSpec:
		return slices.ContainsFunc(s.Names, (*ast.Ident).IsExported)
	}
	return false
}
