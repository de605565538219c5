package gitopsgen_test

import (
	"fmt"
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
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// kindTables are the functions that name several of Kubernetes' own kinds, and
// why that is no knowledge of kinds.
var kindTables = map[string]string{
	"hookKind": "the rule is about hooks of Argo CD that hold what pods read",
}

// TestKindTables checks that what is known of kinds is in pkg/kind: no other
// package has a table of several of Kubernetes' own kinds, or a switch on them.
func TestKindTables(t *testing.T) {
	for _, fault := range tablesOfKinds(t, os.DirFS(".")) {
		t.Error(fault)
	}
}

// TestKindTablesFindsFaults plants tables that TestKindTables has to find.
func TestKindTablesFindsFaults(t *testing.T) {
	const fault = "pkg/x/x.go:2: a table of kinds belongs in pkg/kind"
	for name, tc := range map[string]struct{ reason, file, code, want string }{
		"Map":       {"A map by kinds is a table.", "pkg/x/x.go", `var x = map[string]bool{"Job": true, "Pod": true}`, fault},
		"List":      {"So is a list.", "pkg/x/x.go", `var x = []string{"apps/Deployment", "StatefulSet"}`, fault},
		"Switch":    {"And a switch.", "pkg/x/x.go", `func f(s string) { switch s { case "Job": case "Pod": } }`, fault},
		"One":       {"One kind is none.", "pkg/x/x.go", `var x = map[string]string{"kind": "Job", "Job": "Pod"}`, ""},
		"Operators": {"The kinds of operators belong to their packages.", "pkg/x/x.go", `var x = []string{"ScaledJob", "ScaledObject"}`, ""},
		"Table":     {"The table is one.", "pkg/kind/x.go", `var x = []string{"Job", "Pod"}`, ""},
		"Test":      {"Tests list what they like.", "pkg/x/x_test.go", `var x = []string{"Job", "Pod"}`, ""},
		"Generated": {"So do generated files.", "pkg/x/x_gen.go", `var x = []string{"Job", "Pod"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := tablesOfKinds(t, fstest.MapFS{tc.file: {Data: []byte("package x\n" + tc.code + "\n")}})
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// tablesOfKinds returns the places of tables of kinds and of switches on kinds.
func tablesOfKinds(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(fsys, "pkg", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || path.Dir(name) == "pkg/kind" ||
			strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, name, data, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && kindTables[function.Name.Name] != "" {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				if kindsIn(n) > 1 {
					out = append(out, fmt.Sprintf("%s:%d: a table of kinds belongs in pkg/kind", name, files.Position(n.Pos()).Line))
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// kindsIn returns how many of Kubernetes' own kinds a literal lists, as entries or
// as keys, or a switch has cases for.
func kindsIn(n ast.Node) int {
	var listed []ast.Expr
	switch n := n.(type) {
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				e = pair.Key
			}
			listed = append(listed, e)
		}
	case *ast.SwitchStmt:
		for _, c := range n.Body.List {
			listed = append(listed, c.(*ast.CaseClause).List...)
		}
	}
	return len(slices.DeleteFunc(listed, func(e ast.Expr) bool {
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		return err != nil || !builtinKinds[path.Base(text)]
	}))
}

// builtinKinds are the names of Kubernetes' own kinds.
var builtinKinds = func() map[string]bool {
	out := map[string]bool{}
	for n := range kind.All() {
		if kind.IsBuiltin(n) {
			out[n.Kind] = true
		}
	}
	return out
}()
