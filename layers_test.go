package gitopsgen_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/gitopsgen/gitopsgen/"

// layers holds the layer of each package; imports go to lower layers only, or
// to a package of the same layer that is listed before. pkg/feature/* are the
// rooms that import no other.
var layers = []struct {
	layer    int
	packages []string
}{
	{0, []string{"pkg/internal/escape", "pkg/kind", "pkg/fieldpath", "pkg/internal/imageref", "pkg/internal/credential", "pkg/finding", "pkg/rules", "pkg/fill", "pkg/model", "pkg/object", "pkg/tree", "templates"}},
	{1, []string{"pkg/layout", "pkg/inventory", "pkg/ownership", "pkg/load", "pkg/internal/edit", "pkg/internal/schema", "pkg/view", "pkg/source", "pkg/source/helm/reads", "pkg/source/helm", "pkg/report"}},
	{2, []string{"pkg/feature/part", "pkg/feature", "pkg/feature/*", "pkg/feature/network/netpoltest"}},
	{3, []string{"pkg/resolve", "pkg/validate", "pkg/kustomize"}},
	{4, []string{"pkg/argocd/expand", "pkg/argocd", "pkg/graph", "pkg/prove", "pkg/diff", "pkg/explain", "pkg/features", "pkg/internal/featurestest"}},
	{5, []string{"pkg/render"}},
	{6, []string{"pkg/disk", "pkg/gitrepo", "pkg/charts"}},
	{8, []string{"pkg/cli", "cmd/gitopsgen", "pkg/internal/schema/internal/docgen"}},
}

// allowed are the packages that only some may import.
var allowed = map[string][]string{
	"sigs.k8s.io/kustomize": {"pkg/kustomize"},
	"os":                    {"pkg/disk", "pkg/gitrepo", "pkg/charts", "pkg/cli"},
	"github.com/go-git":     {"pkg/gitrepo"},
	"helm.sh/helm":          {"pkg/source/helm"},
	"net":                   {"pkg/gitrepo", "pkg/cli"},
	"os/exec":               {"pkg/cli"},
	"math/rand":             {},
	"math/rand/v2":          {"pkg/gitrepo"},
}

// programs, and what only tests import, are not part of the library and may import
// what they need.
var programs = []string{"cmd/gitopsgen", "pkg/internal/schema/internal/docgen", "pkg/internal/featurestest"}

// TestLayers checks that imports go downwards, and that the pure packages open
// nothing.
func TestLayers(t *testing.T) {
	for _, fault := range faults(t, os.DirFS(".")) {
		t.Error(fault)
	}
}

// TestLayersFindsFaults plants imports that TestLayers has to find.
func TestLayersFindsFaults(t *testing.T) {
	for name, tc := range map[string]struct{ reason, file, imports, want string }{
		"Down":     {"A stage uses the model.", "pkg/render/x.go", module + "pkg/model", ""},
		"Up":       {"The model knows no stage.", "pkg/model/x.go", module + "pkg/render", "pkg/model/x.go imports pkg/render, which is not below it"},
		"Same":     {"A package does not import one that is listed after it.", "pkg/finding/x.go", module + "pkg/model", "pkg/finding/x.go imports pkg/model, which is not below it"},
		"Internal": {"Packages below internal are checked too.", "pkg/internal/x/x.go", module + "pkg/cli", "pkg/internal/x has no layer: add it to this test"},
		"Room":     {"A room uses what rooms share.", "pkg/feature/new/x.go", module + "pkg/feature/part", ""},
		"Rooms":    {"A room does not use another.", "pkg/feature/new/x.go", module + "pkg/feature/dns", "pkg/feature/new/x.go imports pkg/feature/dns, which is not below it"},
		"List":     {"Nor does it use the list of rooms.", "pkg/feature/new/x.go", module + "pkg/features", "pkg/feature/new/x.go imports pkg/features, which is not below it"},
		"Nowhere":  {"What has no layer is below nothing.", "pkg/render/x.go", module + "pkg/internal/x", "pkg/render/x.go imports pkg/internal/x, which has no layer"},
		"Example":  {"Examples use the library, and not the reverse.", "pkg/render/x.go", module + "examples/library", "pkg/render/x.go imports examples/library, which has no layer"},
		"Opens":    {"A pure package opens no file.", "pkg/render/x.go", "os", "pkg/render/x.go imports os, which only [pkg/disk pkg/gitrepo pkg/charts pkg/cli] may"},
		"Below":    {"A module is meant with all of its packages.", "pkg/render/x.go", "github.com/go-git/go-git/v5", "pkg/render/x.go imports github.com/go-git/go-git/v5, which only [pkg/gitrepo] may"},
		"Helm":     {"Importers of render link no Helm.", "pkg/feature/new/x.go", "helm.sh/helm/v3/pkg/engine", "pkg/feature/new/x.go imports helm.sh/helm/v3/pkg/engine, which only [pkg/source/helm] may"},
		"Program":  {"A program opens what it likes.", "pkg/internal/schema/internal/docgen/x.go", "os", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := faults(t, fstest.MapFS{tc.file: {Data: []byte("package x\nimport _ \"" + tc.imports + "\"\n")}})
			if diff := cmp.Diff(strings.Fields(tc.want), strings.Fields(strings.Join(got, " "))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// faults returns what is wrong with the imports of a module's files.
func faults(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	rank := ranks()
	var out []string
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || p == "examples" || len(d.Name()) > 1 && d.Name()[0] == '.') {
			return fs.SkipDir
		}
		pkg := path.Dir(p)
		if d.IsDir() || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") || pkg == "." {
			return nil
		}
		own, ok := rank(pkg)
		if !ok {
			out = append(out, pkg+" has no layer: add it to this test")
			return nil
		}
		imports, err := importsOf(fsys, p)
		if err != nil {
			return err
		}
		for _, imported := range imports {
			ours, isOurs := strings.CutPrefix(imported, module)
			at, known := rank(ours)
			switch {
			case isOurs && !known:
				out = append(out, p+" imports "+ours+", which has no layer")
			case isOurs && at >= own:
				out = append(out, p+" imports "+ours+", which is not below it")
			}
			if who, ok := reserved(pkg, imported); !ok {
				out = append(out, fmt.Sprintf("%s imports %s, which only %v may", p, imported, who))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ranks returns what ranks a package: those of a lower rank are below it.
func ranks() func(pkg string) (int, bool) {
	listed := map[string]int{}
	for _, l := range layers {
		for i, p := range l.packages {
			listed[p] = l.layer*100 + i
		}
	}
	return func(pkg string) (int, bool) {
		rank, ok := listed[pkg]
		if !ok && path.Dir(pkg) == "pkg/feature" {
			rank, ok = listed["pkg/feature/*"]
		}
		return rank, ok
	}
}

func importsOf(fsys fs.FS, file string) ([]string, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, data, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		out = append(out, imported)
	}
	return out, nil
}

// reserved returns who may import a package that only some may, and whether pkg
// may import it.
func reserved(pkg, imported string) (who []string, ok bool) {
	for prefix, who := range allowed {
		if imported == prefix || strings.Contains(prefix, ".") && strings.HasPrefix(imported, prefix+"/") {
			return who, slices.Contains(who, pkg) || slices.Contains(programs, pkg)
		}
	}
	return nil, true
}

// TestWeight checks what a program takes upon itself that imports the library:
// modules and packages outside of the standard library, ours among them.
func TestWeight(t *testing.T) {
	const maxModules, maxPackages = 45, 260
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./pkg/render").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages, modules := 0, map[string]bool{}
	for _, m := range strings.Fields(string(out)) {
		packages++
		modules[m] = true
	}
	if modules["helm.sh/helm/v3"] {
		t.Error("pkg/render links Helm: render gets a renderer of charts as an option")
	}
	t.Logf("pkg/render links %d modules, %d packages", len(modules), packages)
	if len(modules) > maxModules || packages > maxPackages || packages == 0 {
		t.Errorf("pkg/render links %d modules and %d packages, limits are %d and %d", len(modules), packages, maxModules, maxPackages)
	}
}

// readsApps are the files that go through the apps of a fleet as they were written.
// What one app comes out as reads others through a view, which notes it: what is
// remembered of an app goes stale where something reads past the view.
var readsApps = []string{
	"pkg/argocd/argocd.go",   // looks up the app itself
	"pkg/argocd/instance.go", // what all of a fleet shares
	"pkg/argocd/order.go",    // the order of all apps is part of each app's key
	"pkg/cli/completion.go",  // names for shells
	"pkg/feature/report.go",  // names for checks of layers, which are made in each run
	"pkg/graph/graph.go",
	"pkg/load/document.go", "pkg/load/load.go",
	"pkg/render/cache.go", "pkg/render/options.go", "pkg/render/render.go",
	"pkg/resolve/kinds.go", "pkg/resolve/resolve.go",
	"pkg/validate/argocd.go", "pkg/validate/layers.go", "pkg/validate/limits.go", "pkg/validate/validate.go",
}

// appsOf matches the apps of a fleet.
var appsOf = regexp.MustCompile(`([fF]leet(\(\))?|Model\(\)|\bf)\.Apps\b`)

// TestReadsOfApps checks that only known files go through the apps of a fleet.
func TestReadsOfApps(t *testing.T) {
	var got []string
	err := fs.WalkDir(os.DirFS("."), "pkg", func(p string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") || strings.HasSuffix(p, "_gen.go") {
			return err
		}
		text, err := os.ReadFile(p)
		for line := range strings.Lines(string(text)) {
			if code, _, _ := strings.Cut(line, "//"); appsOf.MatchString(code) && !strings.Contains(code, ".Apps()") && !slices.Contains(got, p) {
				got = append(got, p)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readsApps, got); diff != "" {
		t.Errorf("files that read the apps of a fleet: ask a view.View instead (-known +got):\n%s", diff)
	}
}
