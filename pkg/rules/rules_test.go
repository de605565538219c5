package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
)

// finders are the functions whose first text is a rule's id.
var finders = []string{"Errorf", "Warnf", "errorf", "fileError", "Known", "conflict"}

// used returns the ids that the sources give to findings, each with its file.
func used(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	note := func(file string, e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if id, err := strconv.Unquote(lit.Value); err == nil {
				out[id] = file
			}
		}
	}
	err := fs.WalkDir(os.DirFS(".."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), "../"+p, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || !slices.Contains(finders, s.Sel.Name) || len(n.Args) < 3 {
					return true
				}
				if pkg, ok := s.X.(*ast.Ident); !ok || pkg.Name != "fmt" && pkg.Name != "t" {
					note(p, n.Args[0])
				}
			case *ast.CompositeLit:
				if s, ok := n.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Finding" {
					for _, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Rule" {
							note(p, kv.Value)
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEveryRuleIsDocumented checks that what the sources find has a rule, here or
// with a feature, that each rule is found by something, and that each says
// everything.
func TestEveryRuleIsDocumented(t *testing.T) {
	ids := used(t)
	if len(ids) < 40 {
		t.Errorf("only %d ids were found in the sources", len(ids))
	}
	all := slices.Concat(rules.All(), features.Default().Rules())
	slices.SortFunc(all, func(a, b rules.Rule) int { return strings.Compare(a.ID, b.ID) })
	for id, file := range ids {
		if !slices.ContainsFunc(all, func(r rules.Rule) bool { return r.ID == id }) {
			t.Errorf("%s: the rule %q is not documented", file, id)
		}
	}
	last := ""
	for _, r := range all {
		if ids[r.ID] == "" {
			t.Errorf("nothing finds the rule %q", r.ID)
		}
		if r.ID <= last {
			t.Errorf("the rule %q is not unique", r.ID)
		}
		if last = r.ID; r.Reason == "" || r.Fix == "" || r.Source == "" {
			t.Errorf("the rule %q does not say everything", r.ID)
		}
	}
}
