package kustomize_test

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// files returns the files of a map from path to content.
func files(content map[string]string) []tree.File {
	var out []tree.File
	for p, data := range content {
		out = append(out, tree.File{Path: p, Data: []byte(data)})
	}
	slices.SortFunc(out, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	return out
}

const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: app\nspec:\n  type: ClusterIP\n"

// TestBuildRefuses checks that what could reach outside of the files, or into
// other builds, is an error before kustomize sees it.
func TestBuildRefuses(t *testing.T) {
	cases := map[string]struct {
		reason string
		files  map[string]string
		want   string // part of the error
	}{
		"OpenAPI":         {"it changes the whole process", map[string]string{"o/kustomization.yaml": "openapi: {version: v1.20.4}\n"}, "the field openapi"},
		"OpenAPICase":     {"kustomize ignores the case of fields", map[string]string{"o/kustomization.yaml": "OpenAPI: {version: v1.20.4}\n"}, "the field OpenAPI"},
		"Helm":            {"helm is a program", map[string]string{"o/kustomization.yaml": "helmCharts: [{name: a}]\n"}, "the field helmCharts"},
		"Generators":      {"plugins are programs", map[string]string{"o/kustomization.yaml": "generators: [a.yaml]\n"}, "the field generators"},
		"Transformers":    {"plugins are programs", map[string]string{"o/kustomization.yaml": "transformers: [a.yaml]\n"}, "o/a.yaml is not allowed"},
		"Validators":      {"plugins are programs", map[string]string{"o/kustomization.yaml": "validators: [a.yaml]\n"}, "the field validators"},
		"CRDs":            {"they change what merges how", map[string]string{"o/kustomization.yaml": "crds: [a.yaml]\n"}, "the field crds"},
		"Configurations":  {"they change what transformers reach", map[string]string{"o/kustomization.yaml": "configurations: [a.yaml]\n"}, "the field configurations"},
		"Secrets":         {"no secret stands in the tree", map[string]string{"o/kustomization.yaml": "secretGenerator: [{name: a}]\n"}, "the field secretGenerator"},
		"Bases":           {"deprecated fields print", map[string]string{"o/kustomization.yaml": "bases: [../b]\n"}, "the field bases"},
		"CommonLabels":    {"deprecated fields print", map[string]string{"o/kustomization.yaml": "commonLabels: {a: b}\n"}, "the field commonLabels"},
		"Vars":            {"deprecated fields print", map[string]string{"o/kustomization.yaml": "vars: [{name: A}]\n"}, "the field vars"},
		"URL":             {"network", map[string]string{"o/kustomization.yaml": "resources: [https://example.org/a.yaml]\n"}, "is not a path inside"},
		"Git":             {"git is a program", map[string]string{"o/kustomization.yaml": "resources: [git@github.com:a/b]\n"}, "is not a path inside"},
		"GitHub":          {"kustomize clones it without a scheme", map[string]string{"o/kustomization.yaml": "resources: [GitHub.com/a/b]\n"}, "is not a path inside"},
		"GitQuery":        {"git is a program", map[string]string{"o/kustomization.yaml": "components: [\"a/b?ref=main\"]\n"}, "is not a path inside"},
		"Absolute":        {"not in the tree", map[string]string{"o/kustomization.yaml": "resources: [/etc]\n"}, "is not a path inside"},
		"Escape":          {"not in the tree", map[string]string{"o/kustomization.yaml": "resources: [../../b]\n"}, "leaves the tree"},
		"PatchURL":        {"kustomize fetches patches", map[string]string{"o/kustomization.yaml": "patches: [{path: \"https://example.org/p\"}]\n"}, "patches.path"},
		"PatchURLCase":    {"kustomize ignores the case of fields", map[string]string{"o/kustomization.yaml": "patches: [{PATH: \"https://example.org/p\"}]\n"}, "patches.path"},
		"FilesURL":        {"kustomize fetches files", map[string]string{"o/kustomization.yaml": "configMapGenerator: [{name: a, files: [\"k=https://example.org/p\"]}]\n"}, "configMapGenerator.files"},
		"EnvsURL":         {"kustomize fetches files", map[string]string{"o/kustomization.yaml": "configMapGenerator: [{name: a, envs: [\"https://example.org/p\"]}]\n"}, "configMapGenerator.envs"},
		"EnvURL":          {"kustomize fetches files", map[string]string{"o/kustomization.yaml": "configMapGenerator: [{name: a, env: \"https://example.org/p\"}]\n"}, "configMapGenerator.env"},
		"ReplacementURL":  {"kustomize fetches files", map[string]string{"o/kustomization.yaml": "replacements: [{path: \"https://example.org/p\"}]\n"}, "replacements.path"},
		"NoText":          {"a path is text", map[string]string{"o/kustomization.yaml": "resources: [{a: b}]\n"}, "is not a path inside"},
		"NoKustomization": {"there is nothing to build", map[string]string{"o/a.yaml": service}, "o is neither a file"},
		"Missing":         {"the parent is named", map[string]string{"o/kustomization.yaml": "resources: [../b]\n"}, "b is neither a file"},
		"OtherName":       {"kustomize reads these names too", map[string]string{"o/Kustomization": "vars: [{name: A}]\n"}, "the field vars"},
		"TwoNames":        {"kustomize takes one", map[string]string{"o/kustomization.yaml": "resources: []\n", "o/kustomization.yml": ""}, "in the same directory"},
		"InParent": {"parents are scanned too", map[string]string{
			"o/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yml": "openapi: {version: v1.20.4}\n"}, "b/kustomization.yml: the field openapi"},
		"InComponent": {"components are scanned too", map[string]string{
			"o/kustomization.yaml": "components: [../c]\n", "c/Kustomization": "kind: Component\nhelmCharts: []\n"}, "c/Kustomization: the field helmCharts"},
		"Duplicate":    {"which one counts is not settled", map[string]string{"o/kustomization.yaml": "resources: []\nresources: [a]\n"}, "is duplicated"},
		"TwoDocuments": {"kustomize reads the first alone", map[string]string{"o/kustomization.yaml": "resources: []\n---\nresources: []\n"}, "found a second one"},
		"OutsideFile":  {"files stand below the kustomization", map[string]string{"o/kustomization.yaml": "resources: [../a.yaml]\n", "a.yaml": service}, "kustomize build o"},
		"Cycle":        {"kustomize says so", map[string]string{"o/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../o]\n"}, "cycle"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for what, build := range map[string]func([]tree.File, string) ([]object.Object, error){"Build": kustomize.Build, "BuildUnhashed": kustomize.BuildUnhashed} {
				got, err := build(files(c.files), "o")
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: %s: want an error with %q, got %v, %v", c.reason, what, c.want, err, got)
				}
			}
		})
	}
}

// TestBuildReadsDirectories checks that a build depends on the directories that
// it is said to read, and on no others.
func TestBuildReadsDirectories(t *testing.T) {
	content := map[string]string{
		"a/over/kustomization.yaml":             "resources: [../base]\ncomponents: [../../c]\nconfigMapGenerator:\n- name: app\n  behavior: merge\n  files: [kustomization.yaml=config/kustomization.yaml]\n",
		"a/over/config/kustomization.yaml":      "this: is no kustomization\n",
		"a/base/Kustomization":                  "resources: [service.yaml]\nconfigMapGenerator:\n- name: app\n  literals: [A=1]\n",
		"a/base/service.yaml":                   service,
		"c/kustomization.yaml":                  "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- path: p.yaml\n",
		"c/p.yaml":                              "apiVersion: v1\nkind: Service\nmetadata:\n  name: app\nspec:\n  type: NodePort\n",
		"other/kustomization.yaml":              "openapi: {}\n",
		"a/over-more/kustomization.yaml":        "helmCharts: []\n",
		"kustomization.yaml":                    "bases: [a]\n",
		"a/base/deeper/apart/kustomization.yml": "vars: []\n",
	}
	got, err := kustomize.Directories(files(content), "a/over")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a/base", "a/over", "c"}, got); diff != "" {
		t.Errorf("Directories (-want +got):\n%s", diff)
	}
	built, err := kustomize.Build(files(content), "a/over/")
	if err != nil {
		t.Fatal(err)
	}
	if len(built) != 2 {
		t.Errorf("want a ConfigMap and a Service, got %v", built)
	}
	unhashed, err := kustomize.BuildUnhashed(files(content), "a/over")
	if err != nil {
		t.Fatal(err)
	}
	rehashed, err := kustomize.Hashed(unhashed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(yamls(built), yamls(rehashed)); diff != "" {
		t.Errorf("Hashed(BuildUnhashed) is not Build (-want +got):\n%s", diff)
	}
}

func yamls(objects []object.Object) []string {
	var out []string
	for _, o := range objects {
		out = append(out, string(o.YAML()))
	}
	slices.Sort(out)
	return out
}

// TestBuildUnhashed checks which ConfigMaps count as generated.
func TestBuildUnhashed(t *testing.T) {
	const base = "configMapGenerator:\n- {name: a, literals: [A=1]}\n- {name: b, literals: [B=1], options: {disableNameSuffixHash: true}}\n"
	cases := map[string]struct {
		reason  string
		base    string
		overlay string
		want    map[string]bool
	}{
		"Own":         {"an entry's own option counts", base, "", map[string]bool{"a": true, "b": false}},
		"Global":      {"the file's option counts for all entries", base + "generatorOptions: {disableNameSuffixHash: true}\n", "", map[string]bool{"a": false, "b": false}},
		"GlobalFalse": {"false does not win over an entry", base + "generatorOptions: {disableNameSuffixHash: false, labels: {a: b}}\n", "", map[string]bool{"a": true, "b": false}},
		"OverlayOff":  {"options of an overlay are for its own entries", base, "generatorOptions: {disableNameSuffixHash: true}\n", map[string]bool{"a": true, "b": false}},
		"MergeOff": {"an overlay may switch the hash off", base,
			"configMapGenerator:\n- {name: a, behavior: merge, literals: [A=2], options: {disableNameSuffixHash: true}}\n", map[string]bool{"a": false, "b": false}},
		"MergeOn": {"an overlay cannot switch the hash on", base,
			"configMapGenerator:\n- {name: b, behavior: merge, literals: [B=2]}\n", map[string]bool{"a": true, "b": false}},
		"Replace": {"replacing is no different", base,
			"configMapGenerator:\n- {name: b, behavior: replace, literals: [B=2]}\n", map[string]bool{"a": true, "b": false}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			fs := files(map[string]string{"b/kustomization.yaml": c.base, "o/kustomization.yaml": "resources: [../b]\n" + c.overlay})
			unhashed, err := kustomize.BuildUnhashed(fs, "o")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]bool{}
			for _, o := range unhashed {
				got[o.Name()] = o.Generated()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
			if differences, err := kustomize.Prove(fs, "o", unhashed); err != nil || len(differences) > 0 {
				t.Errorf("%s: %v %v", c.reason, err, differences)
			}
		})
	}
}

// TestBuildAgrees holds what Build returns to what kustomize prints.
func TestBuildAgrees(t *testing.T) {
	for i := range 30 {
		w := world{rand.New(rand.NewPCG(uint64(i), 11))}
		from := w.objects(t, append(w.some(kinds...), "ServiceAccount"), "")
		to := w.mutated(t, from, "app-prod")
		base, err := kustomize.Base("apps/app", from)
		if err != nil {
			t.Fatal(err)
		}
		overlay, err := kustomize.Overlay{Unit: "apps/app", Parent: "../../base", Namespace: "app-prod", From: from, To: to}.Files()
		if err != nil {
			t.Fatal(err)
		}
		dir := layout.Overlay("apps/app", "prod")
		all := slices.Concat(place(base, layout.Base("apps/app")), place(overlay, dir))
		got, err := kustomize.Build(all, dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(printed(t, all, dir), jsons(t, got)); diff != "" {
			t.Fatalf("case %d (-kustomize +Build):\n%s", i, diff)
		}
	}
}

// printed returns what kustomize prints, as JSON documents in its order.
func printed(t *testing.T, all []tree.File, dir string) []string {
	t.Helper()
	fsys := filesys.MakeFsInMemory()
	for _, f := range all {
		if err := fsys.WriteFile(path.Join("/", f.Path), f.Data); err != nil {
			t.Fatal(err)
		}
	}
	k := krusty.MakeKustomizer(&krusty.Options{PluginConfig: types.DisabledPluginConfig(), LoadRestrictions: types.LoadRestrictionsRootOnly})
	m, err := k.Run(fsys, "/"+dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range m.Resources() {
		data, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, canonical(t, data))
	}
	return out
}

func jsons(t *testing.T, objects []object.Object) []string {
	t.Helper()
	var out []string
	for _, o := range objects {
		out = append(out, canonical(t, o.YAML()))
	}
	return out
}

// canonical returns YAML as JSON with sorted keys.
func canonical(t *testing.T, data []byte) string {
	t.Helper()
	data, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestBuildIsQuiet checks that kustomize writes nothing, from several
// goroutines at a time.
func TestBuildIsQuiet(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	t.Cleanup(func() { os.Stdout, os.Stderr = stdout, stderr })
	fs := files(map[string]string{
		"o/kustomization.yaml": "resources: [../b]\nnamespace: prod\nreplicas: []\nlabels: [{pairs: {a: b}}]\npatches: [{path: p.yaml}]\n",
		"o/p.yaml":             "apiVersion: v1\nkind: Service\nmetadata:\n  name: app\nspec:\n  type: null\n",
		"b/kustomization.yaml": "resources: [service.yaml]\nconfigMapGenerator: [{name: a, literals: [A=1]}]\n",
		"b/service.yaml":       service,
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if built, err := kustomize.Build(fs, "o"); err != nil || len(built) != 2 {
					t.Errorf("%v %v", built, err)
				}
			}
		})
	}
	wg.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	os.Stdout, os.Stderr = stdout, stderr
	said, err := io.ReadAll(r)
	if err != nil || len(said) > 0 {
		t.Errorf("kustomize wrote %q, %v", said, err)
	}
}
