package load_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// found returns the findings of an error.
func found(t *testing.T, err error) finding.List {
	t.Helper()
	var f *finding.ValidationError
	if !errors.As(err, &f) {
		t.Fatalf("no findings, but %v", err)
	}
	return f.List
}

// TestFindings checks what is refused, and where it is said to stand: what
// testdata/broken does not hold.
func TestFindings(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, spec string
		rule         string
		want         string
	}{
		"EmptyText":    {"An entry without text is a slip, and no empty text.", "{args: [a, null]}", "wrong-type", `a.yaml:8:18: apps[web].spec.args[1]: the entry is empty (write "" for an empty string)`},
		"EmptyEntry":   {"An empty entry of a list is a slip.", "\n  env:\n  -\n  - name: A", "wrong-type", "a.yaml:10:4: apps[web].spec.env[0]: the entry is empty (write it, or remove the dash)"},
		"Tag":          {"Tags of one's own are refused.", "{image: !ref web}", "custom-tag", "a.yaml:8:15: apps[web].spec.image: the tag !ref is not supported (remove the tag)"},
		"MappingTag":   {"Those of mappings too.", "{labels: !ref {a: b}}", "custom-tag", "a.yaml:8:16: apps[web].spec.labels: the tag !ref is not supported (remove the tag)"},
		"ObjectTag":    {"And those inside of objects.", "{objects: [{a: [!ref b]}]}", "custom-tag", "a.yaml:8:23: apps[web].spec.objects[0].a[0]: the tag !ref is not supported (remove the tag)"},
		"ObjectNull":   {"A null in an object would vanish.", "{objects: [{data: {a: null}}]}", "wrong-type", `a.yaml:8:29: apps[web].spec.objects[0].data.a: an object must not contain nulls (write a value such as "", or remove the field)`},
		"ObjectTwice":  {"A key stands once in an object.", "{objects: [{a: b, a: c}]}", "duplicate-key", "a.yaml:8:25: apps[web].spec.objects[0].a: the key is duplicated; it is first used in line 8 (remove one of them)"},
		"ObjectMerge":  {"Merge keys are refused in objects.", "{objects: [{<<: {a: b}}]}", "wrong-type", "a.yaml:8:19: apps[web].spec.objects[0]: a key must be a string; merge keys are not supported (write the fields out)"},
		"MapTwice":     {"A key stands once in a map.", "{labels: {a.b/c: d, a.b/c: e}}", "duplicate-key", "a.yaml:8:27: apps[web].spec.labels[a.b/c]: the key is duplicated; it is first used in line 8 (remove one of them)"},
		"AppField":     {"The fields of App have its paths.", "{runsIn: [1]}", "wrong-type", `a.yaml:8:17: apps[web].runsIn[0]: expected a string, but YAML reads this as a number (put it in quotes: "1")`},
		"Override":     {"So have those of overrides.", "{environments: {prod: {clusters: {tokyo: {imgae: x}}}}}", "unknown-field", "a.yaml:8:49: apps[web].environments[prod].clusters[tokyo].imgae: the field does not exist (did you mean image?)"},
		"Range":        {"A number fits its type.", "{replicas: 99999999999}", "wrong-type", "a.yaml:8:18: apps[web].spec.replicas: the number is out of range (write an integer from -2147483648 to 2147483647)"},
		"Fraction":     {"A count has no fraction.", "{replicas: 1.5}", "wrong-type", "a.yaml:8:18: apps[web].spec.replicas: expected an integer, found a decimal number (write an integer)"},
		"IntOrString":  {"A port is a number or a name.", "{readiness: {httpGet: {port: 80.5}}}", "invalid-value", "a.yaml:8:36: apps[web].spec.readiness.httpGet.port: this is not a valid integer or string (write an integer, or a string such as 25% or the name of a port)"},
		"Columns":      {"Columns count characters.", `{labels: {"ä€": b}, imgae: x}`, "unknown-field", "a.yaml:8:27: apps[web].spec.imgae: the field does not exist (did you mean image?)"},
		"Cycle":        {"An alias cannot be part of what it names.", "{objects: [&a {b: *a}]}", "alias-bomb", "a.yaml:8:25: the alias *a is part of the value that it refers to (write the value out)"},
		"Anchor":       {"What no anchor names is found.", "{image: *web}", "yaml-syntax", "a.yaml:8:15: invalid YAML: unknown anchor 'web' referenced (fix the syntax)"},
		"Manifest":     {"A file that is named is there.", "{manifests: [a.yaml]}", "manifest", `a.yaml:8:20: apps[web].manifests[0]: "a.yaml" is not a valid path of a file here (set the path of a YAML file, relative to this one)`},
		"JSONPatchTag": {"The value of an operation is plain.", "{patches: [{json: [{op: add, path: /a, value: !x 1}]}]}", "custom-tag", "a.yaml:8:53: apps[web].spec.patches[0].json[0].value: the tag !x is not supported (remove the tag)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load.Fleet(nil, app(tc.spec))
			list := found(t, err)
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if list[0].Rule != tc.rule {
				t.Errorf("%s: the rule is %s, want %s", tc.reason, list[0].Rule, tc.rule)
			}
		})
	}
}

// TestFileFindings checks what is said about files as a whole.
func TestFileFindings(t *testing.T) {
	const doc = "---\napiVersion: gitopsgen.dev/v1alpha1\nkind: App\n"
	for name, tc := range map[string]struct{ reason, data, want string }{
		"UTF8":   {"A byte that is no text has a place.", fleet + "# ä\xff\n", "a.yaml:4:4: the file is not valid UTF-8 (save the file as UTF-8)"},
		"Size":   {"A file's size is bounded.", fleet + strings.Repeat("#\n", 9<<20), "a.yaml:1:1: the file is larger than 16 MiB (split it)"},
		"Number": {"A name is text.", fleet + doc + "metadata: {name: 1}\n", `a.yaml:7:18: metadata.name: expected a string, but YAML reads this as a number (put it in quotes: "1")`},
		"Spec":   {"A spec may be empty.", fleet + doc + "metadata: {name: a}\nspec:\n", ""},
		"Other":  {"Of what is not ours, one thing is said.", fleet + "---\napiVersion: v1\nkind: ConfigMap\ndata: {}\n", "a.yaml:5:13: this is not a document of gitopsgen.dev/v1alpha1 (write apiVersion: gitopsgen.dev/v1alpha1)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load.Fleet(&model.Fleet{}, load.File{Name: "a.yaml", Data: []byte(strings.Replace(tc.data, fleet, "# the fleet\n\n\n", 1))})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBounds refuses what is too large while it reads, and does not repeat it.
func TestBounds(t *testing.T) {
	long := strings.Repeat("a", 10<<20)
	for name, tc := range map[string]struct{ reason, data, want string }{
		"Name":     {"A name stands in every path and label.", document(long[:1025]), "a.yaml:3:18: the name has 1025 bytes, more than 1024 (shorten it)"},
		"Huge":     {"No text is so long, a name least of all.", document(long), "a.yaml:3:18: the value has 10485760 bytes, more than 1572864 (keep it elsewhere: a Kubernetes object cannot be that large)"},
		"Kind":     {"What is unknown is not repeated at length.", strings.Replace(document("web"), "App", long[:1<<20], 1), "a.yaml:2:7: the kind does not exist (use one of App, Cluster, Environment, Fleet, PlatformComponent)"},
		"Explicit": {"So does a key.", document("web") + "spec:\n  ? " + long + "\n  : b\n", "a.yaml:5:5: the name has 10485760 bytes, more than 1024 (shorten it)"},
		"Entry":    {"So does what names an entry of a list.", document("web") + "spec: {env: [{name: " + long[:1025] + ", value: b}]}\n", "a.yaml:4:21: the name has 1025 bytes, more than 1024 (shorten it)"},
		"Value":    {"No object of Kubernetes may be as large.", document("web") + "spec: {image: " + long + "}\n", "a.yaml:4:15: the value has 10485760 bytes, more than 1572864 (keep it elsewhere: a Kubernetes object cannot be that large)"},
		"Object":   {"Objects have the same bounds.", document("web") + "spec: {objects: [{data: {a: " + long + "}}]}\n", "a.yaml:4:29: the value has 10485760 bytes, more than 1572864 (keep it elsewhere: a Kubernetes object cannot be that large)"},
		"Depth":    {"A path grows with each level.", document("web") + "spec: {objects: [{a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}]}\n", "a.yaml:4:275: mappings and lists are nested more than 256 levels deep (reduce the nesting)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load.Fleet(&model.Fleet{}, load.File{Name: "a.yaml", Data: []byte(tc.data)})
			if diff := cmp.Diff(tc.want, fmt.Sprint(err)); diff != "" {
				t.Errorf("%s (-want +got):\n%.2000s", tc.reason, diff)
			}
		})
	}
}

// TestAliases reads aliases, but not those that multiply the input.
func TestAliases(t *testing.T) {
	l, err := load.Fleet(nil, app("\n  labels: &l {a: b}\n  annotations: *l\n  env: [&e {name: A, value: x}]\n  initContainers: [{name: i, env: [*e]}]"))
	if err != nil {
		t.Fatal(err)
	}
	spec := l.Fleet.Apps[0].Spec
	if spec.Annotations["a"] != "b" || *spec.InitContainers[0].Env[0].Value != "x" {
		t.Errorf("the aliases are lost: %+v", spec)
	}
	repeat := func(s string) string { return "[" + strings.Repeat(s+", ", 200) + "]" }
	spread := "\n  volumes:\n  - {name: a, secret: {items: &i " + repeat("{key: a, path: b}") + "}}\n  - {name: b, projected: {sources: &s " + repeat("{secret: {items: *i}}") + "}}\n"
	for i := range 20 {
		spread += fmt.Sprintf("  - {name: c%d, projected: {sources: *s}}\n", i)
	}
	_, err = load.Fleet(nil, app(spread))
	if list := found(t, err); len(list) != 1 || list[0].Rule != "alias-bomb" {
		t.Errorf("findings %v, want that of a bomb", list)
	}
}

// TestPositions checks where values of all kinds are said to stand.
func TestPositions(t *testing.T) {
	l, err := load.Fleet(nil, app(`
  project: shop
  labels: {a.b/c: d}
  env:
  - name: A
    value: x
  args: [a, b]
  objects:
  - data: {k: [v]}
  patches:
  - merge: {spec: null}
  environments:
    prod: {replicas: 2, clusters: {tokyo: {replicas: 3}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[fieldpath.Path]string{
		"name": "a.yaml:3:18", "apps[web]": "a.yaml:5:1", "apps[web].name": "a.yaml:7:18", "apps[web].project": "a.yaml:9:12",
		"apps[web].spec.labels[a.b/c]": "a.yaml:10:19", "apps[web].spec.env[A]": "a.yaml:12:5",
		"apps[web].spec.env[A].value": "a.yaml:13:12", "apps[web].spec.args[1]": "a.yaml:14:13",
		"apps[web].spec.objects[0].data.k[0]": "a.yaml:16:16", "apps[web].spec.patches[0].merge.spec": "a.yaml:18:19",
		"apps[web].environments[prod].replicas":                 "a.yaml:20:22",
		"apps[web].environments[prod].clusters[tokyo].replicas": "a.yaml:20:54",
	} {
		if got, ok := l.Positions[p]; !ok || got.String() != want {
			t.Errorf("%s stands at %s, want %s", p, got, want)
		}
	}
}

// TestFS leaves out what a document names as its manifests, also where another
// document cannot be read.
func TestFS(t *testing.T) {
	const doc = "apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: web}\nspec: {manifests: [legacy/all.yaml]}\n"
	fsys := fstest.MapFS{
		"apps/web.yaml":        {Data: []byte("a: b\na: c\n---\n" + doc)},
		"apps/legacy/all.yaml": {Data: []byte("kind: Service")},
		"apps/legacy/own.yml":  {Data: []byte("")},
		"apps/.git/x.yaml":     {Data: []byte("")},
		"apps/notes.txt":       {Data: []byte("")},
		"link.yaml":            {Mode: fs.ModeSymlink, Data: []byte("apps/notes.txt")},
	}
	files, err := load.FS(fsys, "fleet")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"fleet/apps/legacy/own.yml", "fleet/apps/web.yaml"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
