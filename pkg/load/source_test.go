package load_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// configMap returns an object in YAML.
func configMap(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n"
}

// fromFleet is the document of an app whose objects come from a directory.
const fromFleet = "apiVersion: gitopsgen.dev/v1alpha1\nkind: Fleet\nmetadata: {name: shop}\n---\n" +
	"apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: web}\nspec:\n  source: {path: raw}\n"

// TestSource checks which objects come from a directory, where they stand, and what
// is refused.
func TestSource(t *testing.T) {
	const fix = " (set the path of a directory below this file's, with plain YAML of Kubernetes objects)"
	for name, tc := range map[string]struct {
		reason string
		files  map[string]string
		want   []string // the objects with their positions
		said   string
	}{
		"Order": {"Files are read in the order of their names, those below too.", map[string]string{
			"raw/b.yml": configMap("b"), "raw/a/z.yaml": configMap("az"), "raw/c.json": `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}`, "raw/a.yaml": configMap("a")},
			[]string{"a f/raw/a.yaml:1:1", "az f/raw/a/z.yaml:1:1", "b f/raw/b.yml:1:1", "c f/raw/c.json:1:1"}, ""},
		"List": {"A List is what it contains; several documents are several objects.", map[string]string{
			"raw/a.yaml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n" + configMap("b") + "---\n# nothing\n"},
			[]string{"a f/raw/a.yaml:4:3", "b f/raw/a.yaml:6:1"}, ""},
		"Other": {"Other files are not objects, and neither is what begins with a dot.", map[string]string{
			"raw/a.yaml": configMap("a"), "raw/README.md": "apiVersion", "raw/.b.yaml": "{", "raw/.git/c.yaml": "{"},
			[]string{"a f/raw/a.yaml:1:1"}, ""},
		"Link": {"A mounted ConfigMap consists of links to files.", map[string]string{
			"raw/..data": "->..2026", "raw/..2026/a.yaml": configMap("a"), "raw/a.yaml": "->..data/a.yaml"},
			[]string{"a f/raw/a.yaml:1:1"}, ""},
		"Outside": {"A link must not leave the directory.", map[string]string{"raw/a.yaml": "->../../secret.yaml"}, nil,
			"f/fleet.yaml:9:18: apps[web].spec.source.path: the directory f/raw cannot be read: the symbolic link a.yaml points outside of the directory" + fix},
		"LinkToDirectory": {"What a link to a directory contains must not be forgotten.", map[string]string{"raw/a.yaml": configMap("a"), "raw/b": "->../other", "other/b.yaml": "# b\n"}, nil,
			"f/fleet.yaml:9:18: apps[web].spec.source.path: the directory f/raw cannot be read: the symbolic link b points to a directory" + fix},
		"Missing": {"A directory that is not there would delete everything.", nil, nil,
			"f/fleet.yaml:9:18: apps[web].spec.source.path: the directory f/raw cannot be read: file does not exist" + fix},
		"File": {"A file is not a directory.", map[string]string{"raw": configMap("a")}, nil,
			"f/fleet.yaml:9:18: apps[web].spec.source.path: the directory f/raw cannot be read: it is not a directory" + fix},
		"Empty": {"So would one without objects.", map[string]string{"raw/notes.txt": "x", "raw/a.yaml": "# later\n"}, nil,
			"f/fleet.yaml:9:18: apps[web].spec.source.path: the directory f/raw contains no Kubernetes objects" + fix},
		"Kustomization": {"A kustomization says more than its files.", map[string]string{"raw/a.yaml": configMap("a"), "raw/x/kustomization.yaml": "resources: []\n"}, nil,
			"f/fleet.yaml:9:18: apps[web].spec.source.path: raw/x/kustomization.yaml makes raw/x a kustomization, which is not a directory of plain YAML (build it with kustomize and use what it prints, or remove the file)"},
		"Model": {"A document of the model would be applied to the cluster.", map[string]string{"raw/a.yaml": document("api")}, nil,
			"f/raw/a.yaml:1:1: apps[web].spec.source.objects: a document of the model is in the directory of a source (move it out of the directory of the source)"},
		"Syntax": {"Errors stand where they are.", map[string]string{"raw/a.yaml": configMap("a") + "data: [\n", "raw/b.yaml": "kind: ConfigMap\n"}, nil,
			"f/raw/a.yaml:4:1: invalid YAML: did not find expected node content (fix the syntax)\n" +
				"f/raw/b.yaml:1:1: apps[web].spec.source.objects[0]: object \"ConfigMap/\": apiVersion is missing or not a string (write a complete Kubernetes object)"},
		"Large": {"A file has a size.", map[string]string{"raw/a.yaml": strings.Repeat("#", load.MaxFile+1)}, nil,
			"f/raw/a.yaml:1:1: the file is larger than 16 MiB (split it)"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"fleet.yaml": fromFleet}
			maps.Copy(files, tc.files)
			read, err := load.FS(directory(files), "f")
			if err != nil {
				t.Fatal(err)
			}
			l, err := load.Fleet(nil, read...)
			if err != nil {
				if diff := cmp.Diff(tc.said, err.Error()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				return
			}
			var got []string
			for _, w := range view.WholeObjects("apps[web].spec.source.objects", l.Fleet.Apps[0].Spec.Source.Objects) {
				got = append(got, view.Text(w.Object, "metadata", "name")+" "+l.Positions.At(w.At).String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestSourcePath checks which paths of directories are refused.
func TestSourcePath(t *testing.T) {
	for _, p := range []string{"..", "../raw", "raw/../..", "/etc", ".", "raw/", "./raw", ""} {
		data := strings.Replace(fromFleet, "path: raw", fmt.Sprintf("path: %q", p), 1)
		read, err := load.FS(directory(map[string]string{"fleet.yaml": data, "raw/a.yaml": configMap("a")}), "f")
		if err != nil {
			t.Fatal(err)
		}
		_, err = load.Fleet(nil, read...)
		if want := fmt.Sprintf("%q is not a valid path of a directory here", p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("path %q: %v", p, err)
		}
	}
}

// TestSourceOfLayers checks that each layer has the objects of its own directory, and
// that no file of theirs is a document.
func TestSourceOfLayers(t *testing.T) {
	data := fromFleet + "  environments: {prod: {source: {path: edge}, clusters: {oslo: {source: {path: oslo}}}}}\n"
	read, err := load.FS(directory(map[string]string{"apps/fleet.yaml": data,
		"apps/raw/a.yaml": configMap("a"), "apps/edge/a.yaml": configMap("b"), "apps/oslo/a.yaml": configMap("c")}), "f")
	if err != nil {
		t.Fatal(err)
	}
	if len(read) != 1 {
		t.Errorf("%d files are documents, want 1", len(read))
	}
	l, err := load.Fleet(nil, read...)
	if err != nil {
		t.Fatal(err)
	}
	app := l.Fleet.Apps[0]
	var got []string
	for _, s := range []*model.Source{app.Spec.Source, app.Environments["prod"].Source, app.Environments["prod"].Clusters["oslo"].Source} {
		for _, o := range s.Objects {
			got = append(got, s.Path+"/"+view.Text(o, "metadata", "name"))
		}
	}
	if diff := cmp.Diff([]string{"raw/a", "edge/b", "oslo/c"}, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

// TestReadDirectory reads a directory for a Go program.
func TestReadDirectory(t *testing.T) {
	s, err := load.Directory(directory(map[string]string{"raw/a.yaml": configMap("a"), "raw/b.yaml": configMap("b")}), "raw")
	if err != nil || len(s.Objects) != 2 || s.Path != "raw" {
		t.Errorf("%v, %v", s, err)
	}
	_, err = load.Directory(directory(map[string]string{"raw/a.yaml": "- x\n"}), "raw")
	if list := found(t, err); len(list) != 1 || list[0].Position.String() != "raw/a.yaml:1:1" {
		t.Errorf("%v", list)
	}
}
