package cli_test

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// checkShown checks that output acts on no terminal, no log and no CI system.
func checkShown(t *testing.T, what, out string) {
	t.Helper()
	for _, r := range out {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || !utf8.ValidString(out) {
			t.Fatalf("%s prints %q", what, out)
		}
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.HasPrefix(line, "INJECTED") || strings.Contains(line, "##[") {
			t.Errorf("%s prints the line %q", what, line)
		}
	}
}

// hostile is a name that acts on what shows it. A newline begins a line of others.
const hostile = "a\nINJECTED\n::error::b\r\x1b[2J\u009b1m\u202ec ##[error]d"

// inYAML is hostile as YAML.
const inYAML = `"a\nINJECTED\n::error::b\r\e[2J\x9b1m\u202ec ##[error]d"`

// TestOutputIsEscaped runs commands on models and arguments with hostile names.
func TestOutputIsEscaped(t *testing.T) {
	const head = "---\napiVersion: gitopsgen.dev/v1alpha1\n"
	sound := head + "kind: Fleet\nmetadata: {name: shop}\n" + head + "kind: Cluster\nmetadata: {name: home}\n" +
		head + "kind: Environment\nmetadata: {name: prod}\nspec: {clusters: [home]}\n"
	models := map[string]string{
		"Sound": sound + head + "kind: App\nmetadata: {name: web}\nspec:\n  image: web:1\n  env: [{name: TEXT, value: " + inYAML + "}]\n" +
			"  annotations: {example.com/text: " + inYAML + "}\n  config: {files: {/etc/web/x.txt: " + inYAML + "}}\n",
		"Name":    sound + head + "kind: App\nmetadata: {name: " + inYAML + "}\nspec: {image: " + inYAML + "}\n",
		"Field":   sound + head + "kind: App\nmetadata: {name: web}\nspec: {" + inYAML + ": 1}\n",
		"Kind":    "apiVersion: gitopsgen.dev/v1alpha1\nkind: " + inYAML + "\nmetadata: {name: x}\n",
		"Cluster": sound + head + "kind: Cluster\nmetadata: {name: " + inYAML + "}\nspec: {server: " + inYAML + "}\n",
		"Syntax":  "apiVersion: \x1b[31m\n::error\n",
		"Bytes":   "a: \xff\xfe\n",
	}
	for name, model := range models {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			fleet, out := filepath.Join(dir, "fleet"), filepath.Join(dir, "out")
			if err := os.Mkdir(fleet, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(fleet, "f.yaml"), []byte(model), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"diff", "--output-dir", out}, {"diff", "--output-dir", out, "-o", "json"}, {"render", "--output-dir", out}, {"verify"}, {"verify", "--output-dir", out},
				{"build", "app/web", "--env", "prod"}, {"build", "app/web", "--env", "prod", "--spec"}, {"build", "app/" + hostile, "--env", "prod"},
				{"explain", "app/web", "--env", "prod"}, {"explain", "app/web", "--env", "prod", "-o", "json"}, {"explain", "app/web", hostile},
				{"render", "--output-dir", out, "--app", hostile}, {"set", hostile}, {"set", "web:" + hostile + "=x"}, {"set", "web:env[TEXT].value=" + hostile},
				{"graph"}, {"report", "secrets"}, {"publish", "--repo", hostile}, {"publish", "--repo", filepath.Join(dir, "none.git"), "--branch", hostile},
				{"render", "--output-dir", hostile}, {"render", hostile}, {"render", "--" + hostile}, {hostile}, {"explain", "rule/" + hostile}, {"diff", "-o", hostile},
			} {
				said, _ := run(append(args, "-f", fleet)...)
				checkShown(t, strings.Join(args, " "), said)
			}
			said, _ := run("verify", "-f", hostile)
			checkShown(t, "verify -f", said)
		})
	}
}

// TestHostileFileNames runs a fleet of which a file has such a name.
func TestHostileFileNames(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, strings.ReplaceAll(hostile, "/", "")+".yaml")
	if err := os.WriteFile(name, []byte("kind: x\n"), 0o644); err != nil {
		t.Skip("this file system has no such names")
	}
	said, code := run("verify", "-f", dir)
	if checkShown(t, "verify", said); code == cli.ExitClean {
		t.Errorf("it ends with %d", code)
	}
}

// FuzzNames checks that whatever bytes stand in names, output acts on nothing.
func FuzzNames(f *testing.F) {
	f.Add(hostile)
	f.Add("x\xff\xc2")
	f.Add("\n::set-output name=a::b")
	f.Fuzz(func(t *testing.T, name string) {
		if strings.HasPrefix(name, "-") || strings.Contains(name, "INJECTED") {
			return
		}
		for _, args := range [][]string{{"explain", "rule/" + name}, {"build", "app/" + name, "-f", "-"}, {"set", "x:" + name, "-f", "x"}, {name + "x"}} {
			var out, errs bytes.Buffer
			model := "apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata:\n  name: " + name + "\n"
			cli.Program{}.Run(context.Background(), args, cli.Streams{In: strings.NewReader(model), Out: &out, Err: &errs, Getenv: func(string) string { return "" }})
			checkShown(t, strings.Join(args, " "), out.String())
			checkShown(t, strings.Join(args, " "), errs.String())
		}
	})
}

// TestOneWriter checks that the package says nothing beside its writers.
func TestOneWriter(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "fmt" && (strings.HasPrefix(s.Sel.Name, "Fprint") || strings.HasPrefix(s.Sel.Name, "Print")) {
					t.Errorf("%s uses fmt.%s: print by Out.Printf or Err.Printf", file, s.Sel.Name)
				}
			}
			return true
		})
	}
}
