package gitopsgen_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gitopsgen/gitopsgen/"

// layers holds the layer of each package; imports go to lower layers only, or
// to a package of the same layer that is listed before.
var layers = []struct {
	layer    int
	packages []string
}{
	{0, []string{"pkg/escape", "pkg/kind", "pkg/fieldpath", "pkg/imageref", "pkg/credential", "pkg/finding", "pkg/rules", "pkg/model", "pkg/object", "pkg/tree", "templates"}},
	{1, []string{"pkg/layout", "pkg/inventory", "pkg/ownership", "pkg/load", "pkg/edit", "pkg/schema", "pkg/resolve", "pkg/validate"}},
	{2, []string{"pkg/generate/part", "pkg/generate/access", "pkg/generate/config", "pkg/generate/storage", "pkg/generate/workload",
		"pkg/generate/network", "pkg/generate/network/netpoltest", "pkg/generate/scaling", "pkg/generate/extra", "pkg/generate/namespace", "pkg/generate/secrets",
		"pkg/generate/dns", "pkg/generate/certificate", "pkg/generate/traffic", "pkg/generate", "pkg/report", "pkg/audit"}},
	{3, []string{"pkg/kustomize"}},
	{4, []string{"pkg/argocd/expand", "pkg/argocd", "pkg/graph", "pkg/prove", "pkg/diff", "pkg/explain"}},
	{5, []string{"pkg/render"}},
	{6, []string{"pkg/disk", "pkg/gitrepo"}},
	{8, []string{"pkg/cli", "cmd/gitopsgen"}},
}

// allowed are the packages that only some may import.
var allowed = map[string][]string{
	"sigs.k8s.io/kustomize": {"pkg/kustomize"},
	"os":                    {"pkg/disk", "pkg/gitrepo", "pkg/cli"},
	"github.com/go-git":     {"pkg/gitrepo"},
	"net":                   {"pkg/gitrepo", "pkg/cli"},
	"os/exec":               {"pkg/cli"},
	"math/rand":             {},
	"math/rand/v2":          {"pkg/gitrepo"},
}

// TestLayers checks that imports go downwards, and that the pure packages open
// nothing.
func TestLayers(t *testing.T) {
	rank := map[string]int{}
	for _, l := range layers {
		for i, p := range l.packages {
			rank[p] = l.layer*100 + i
		}
	}
	err := fs.WalkDir(os.DirFS("."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == "examples" || d.Name() == "internal" || len(d.Name()) > 1 && d.Name()[0] == '.') {
			if d.IsDir() && err == nil {
				return fs.SkipDir
			}
			return err
		}
		pkg := path.Dir(p)
		if d.IsDir() || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") || pkg == "." {
			return nil
		}
		own, ok := rank[pkg]
		if !ok {
			t.Errorf("%s has no layer: add it to this test", pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(imported, module); ok && rank[ours] >= own {
				t.Errorf("%s imports %s, which is not below it", p, ours)
			}
			checkAllowed(t, p, pkg, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkAllowed(t *testing.T, file, pkg, imported string) {
	for prefix, who := range allowed {
		if imported != prefix && !(strings.Contains(prefix, ".") && strings.HasPrefix(imported, prefix+"/")) {
			continue
		}
		ok := strings.HasPrefix(pkg, "cmd/")
		for _, w := range who {
			ok = ok || pkg == w
		}
		if !ok {
			t.Errorf("%s imports %s, which only %v may", file, imported, who)
		}
	}
}

// TestWeight checks what a program takes upon itself that imports the library:
// modules and packages outside of the standard library, ours among them.
func TestWeight(t *testing.T) {
	const maxModules, maxPackages = 50, 250
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./pkg/render").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages, modules := 0, map[string]bool{}
	for _, m := range strings.Fields(string(out)) {
		packages++
		modules[m] = true
	}
	t.Logf("pkg/render links %d modules, %d packages", len(modules), packages)
	if len(modules) > maxModules || packages > maxPackages || packages == 0 {
		t.Errorf("pkg/render links %d modules and %d packages, limits are %d and %d", len(modules), packages, maxModules, maxPackages)
	}
}
