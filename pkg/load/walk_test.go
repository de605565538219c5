package load_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// document returns a document of an app without a spec.
func document(app string) string {
	return "apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: " + app + "}\n"
}

// directory returns a file system; contents that begin with -> are links.
func directory(files map[string]string) fs.FS {
	out := fstest.MapFS{}
	for name, data := range files {
		mode := fs.FileMode(0o644)
		if target, ok := strings.CutPrefix(data, "->"); ok {
			data, mode = target, fs.ModeSymlink
		}
		out[name] = &fstest.MapFile{Data: []byte(data), Mode: mode}
	}
	return out
}

// TestDirectory checks which files of a directory are read, and what is said
// about those that are not.
func TestDirectory(t *testing.T) {
	const outside = " (replace it with its target, pass the target with -f too, or start the name of the link with a dot)"
	for name, tc := range map[string]struct {
		reason string
		files  map[string]string
		want   []string // the names of the files that are read
		said   string
	}{
		"ConfigMap": {"A mounted ConfigMap consists of links into a hidden directory.", map[string]string{
			"..2026_11_21/web.yaml": document("web"), "..data": "->..2026_11_21", "web.yaml": "->..data/web.yaml"},
			[]string{"fleet/web.yaml"}, ""},
		"Projected": {"So do the directories of a projected volume.", map[string]string{
			"..2026_11_21/apps/web.yaml": document("web"), "..data": "->..2026_11_21", "apps": "->..data/apps"},
			[]string{"fleet/apps/web.yaml"}, ""},
		"Once": {"A file is read once, by its own name if it has one.", map[string]string{
			"a.yaml": "->web.yaml", "apps": "->services", "services/api.yaml": document("api"), "web.yaml": document("web"), "z.yml": "->web.yaml"},
			[]string{"fleet/services/api.yaml", "fleet/web.yaml"}, ""},
		"Chart": {"The directory of a chart is none of a model's, even if no app names it.", map[string]string{
			"charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "charts/web/templates/service.yaml": "{{ if }}", "charts/web/ci/values.yaml": "a: 1\n", "web.yaml": document("web")},
			[]string{"fleet/web.yaml"}, ""},
		"Named": {"A document may have the name of a chart's file.", map[string]string{"apps/Chart.yaml": document("chart"), "apps/web.yaml": document("web")},
			[]string{"fleet/apps/Chart.yaml", "fleet/apps/web.yaml"}, ""},
		"Cycle": {"A link to a parent directory ends.", map[string]string{"apps/up": "->..", "apps/web.yaml": document("web")},
			[]string{"fleet/apps/web.yaml"}, ""},
		"Circle": {"Links that lead to each other are reported.", map[string]string{"a": "->b", "b": "->a", "web.yaml": document("web")},
			nil, "fleet/a: the symbolic link is part of a cycle of links" + outside + "\nfleet/b: the symbolic link is part of a cycle of links" + outside},
		"Outside": {"What leads outside could be anything.", map[string]string{"apps": "->../shared/apps", "web.yaml": document("web")},
			nil, "fleet/apps: the symbolic link points outside of the directory" + outside},
		"Through": {"A link may lead outside on its way.", map[string]string{"apps/web.yaml": "->../../fleet/w.yaml", "w.yaml": document("web")},
			nil, "fleet/apps/web.yaml: the symbolic link points outside of the directory" + outside},
		"Absolute": {"An absolute path is one from outside.", map[string]string{"api.yaml": "->/etc/fleet/api.yaml", "web.yaml": document("web")},
			nil, "fleet/api.yaml: the symbolic link points to an absolute path, and so outside of the directory" + outside},
		"Dangling": {"What is missing is named.", map[string]string{"api.yaml": "->apps/api.yaml", "web.yaml": document("web")},
			nil, "fleet/api.yaml: the symbolic link points to fleet/apps/api.yaml, which cannot be read: file does not exist" + outside},
		"Hidden": {"What begins with a dot is passed over, links too.", map[string]string{".api.yaml": "->/etc", ".git/x.yaml": "a: b", "web.yaml": document("web")},
			[]string{"fleet/web.yaml"}, ""},
		"Manifests": {"What a document names in manifests is no document, under any name.", map[string]string{
			"raw/all.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", "legacy.yaml": "->raw/all.yaml", "web.yaml": document("web") + "spec: {manifests: [legacy.yaml]}\n"},
			[]string{"fleet/web.yaml"}, ""},
		"Extension": {"A document under another name would be deleted from the clusters.", map[string]string{"web.yaml.bak": document("web"), "api.json": `{"apiVersion": "gitopsgen.dev/v1alpha1"}`, "web.yaml": document("web")},
			nil, "fleet/api.json: the file contains a document of gitopsgen.dev/v1alpha1, but is not read because of its extension (rename it to end in .yaml, or move it out of the directory of the fleet)\n" +
				"fleet/web.yaml.bak: the file contains a document of gitopsgen.dev/v1alpha1, but is not read because of its extension (rename it to end in .yaml, or move it out of the directory of the fleet)"},
		"Prose": {"A text that quotes a document is none.", map[string]string{"README.md": "# Our fleet\n\nWrite this:\n\n```yaml\n" + document("web") + "```\n", "schema.json": `{"properties": {"apiVersion": {"const": "gitopsgen.dev/v1alpha1"}}}`, "web.yaml": document("web")},
			[]string{"fleet/web.yaml"}, ""},
		"Pipe":     {"What is no file is not waited for.", map[string]string{"web.yaml": document("web"), "x/pipe.yaml": "|"}, nil, "fleet/x/pipe.yaml: this is not a regular file (replace it with a regular file, or start its name with a dot)"},
		"Empty":    {"A directory without files is a slip.", map[string]string{"notes.txt": ""}, nil, "fleet: the directory contains no YAML files (pass the directory of the fleet)"},
		"Comments": {"So is one where all is commented out.", map[string]string{"a.yaml": "# a\n", "b.yaml": "---\n"}, nil, "fleet: there are no documents (pass the files or the directory of the fleet)"},
		"OneOfTwo": {"A file that says nothing beside others is none.", map[string]string{"a.yaml": "# a\n", "web.yaml": document("web")}, []string{"fleet/a.yaml", "fleet/web.yaml"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := directory(tc.files)
			for _, f := range fsys.(fstest.MapFS) {
				if string(f.Data) == "|" {
					f.Mode = fs.ModeNamedPipe
				}
			}
			files, err := load.FS(fsys, "fleet")
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			if _, err := load.Fleet(&model.Fleet{}, files...); err != nil {
				said = err.Error()
			}
			if diff := cmp.Diff(tc.said, said); diff != "" {
				t.Errorf("%s Findings (-want +got):\n%s", tc.reason, diff)
			}
			var names []string
			for _, f := range files {
				names = append(names, f.Name)
			}
			if tc.want != nil {
				if diff := cmp.Diff(tc.want, names); diff != "" {
					t.Errorf("%s Files (-want +got):\n%s", tc.reason, diff)
				}
			}
		})
	}
}

// TestNoDocument checks that a file by itself says something.
func TestNoDocument(t *testing.T) {
	_, err := load.Fleet(&model.Fleet{}, load.File{Name: "stdin"}, load.File{Name: "web.yaml", Data: []byte(document("web"))})
	if diff := cmp.Diff("stdin: there are no documents (pass the files or the directory of the fleet)", err.Error()); diff != "" {
		t.Error(diff)
	}
}

// TestManifestPositions finds what is wrong with manifests in their own files.
func TestManifestPositions(t *testing.T) {
	for name, tc := range map[string]struct{ reason, data, want string }{
		"Syntax":  {"A mistake is where it was made.", "a: b\na: [\n", "fleet/raw/all.yaml:2:1: invalid YAML: did not find expected node content (fix the syntax)"},
		"Object":  {"So is an object that is none.", "---\napiVersion: v1\nkind: Service\n", `fleet/raw/all.yaml:2:1: apps[web].spec.objects[0]: object "Service/": metadata.name is missing or not a string (write a complete Kubernetes object)`},
		"Item":    {"Lists are taken apart.", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n- {kind: Service}\n", `fleet/raw/all.yaml:5:3: apps[web].spec.objects[1]: object "Service/": apiVersion is missing or not a string (write a complete Kubernetes object)`},
		"Text":    {"A text is no object.", "hello\n", "fleet/raw/all.yaml:1:1: apps[web].spec.objects[0]: this is not a Kubernetes object (write a complete Kubernetes object)"},
		"Missing": {"A missing file is named in full.", "", "fleet/web.yaml:4:20: apps[web].manifests[0]: the file fleet/raw/all.yaml cannot be read: file does not exist (set the path of a YAML file, relative to this one)"},
		"Nulls":   {"What the API server prints is accepted.", "apiVersion: v1\nkind: Service\nmetadata: {name: a, creationTimestamp: null}\nstatus: null\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"web.yaml": document("web") + "spec: {manifests: [raw/all.yaml]}\n", "raw/all.yaml": tc.data}
			if tc.data == "" {
				delete(files, "raw/all.yaml")
			}
			read, err := load.FS(directory(files), "fleet")
			if err != nil {
				t.Fatal(err)
			}
			l, err := load.Fleet(&model.Fleet{}, read...)
			got := ""
			if err != nil {
				got = err.Error()
			} else if pos := l.Positions["apps[web].spec.objects[0]"].String(); pos != "fleet/raw/all.yaml:1:1" {
				t.Errorf("the object is at %s", pos)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDirectoryBounds checks that a directory that is not that of a fleet is not
// read to its end.
func TestDirectoryBounds(t *testing.T) {
	many := func(n int, ext string, data []byte) fs.FS {
		out := fstest.MapFS{"fleet.yaml": {Data: []byte("apiVersion: gitopsgen.dev/v1alpha1\nkind: Fleet\nmetadata: {name: shop}\n")}}
		for i := range n {
			out[fmt.Sprintf("d%02d/%d.%s", i%100, i, ext)] = &fstest.MapFile{Data: data}
		}
		return out
	}
	large := bytes.Repeat([]byte(" "), load.MaxFile)
	for name, tc := range map[string]struct {
		reason string
		files  fs.FS
		said   string
	}{
		"Files":  {"Somebody named a directory of dependencies.", many(200_000, "txt", nil), "more than 200000 files"},
		"Fewer":  {"Many files are no harm.", many(150_000, "txt", nil), ""},
		"YAML":   {"Or one of dumps.", many(17, "yaml", large), "larger than 256 MiB"},
		"Binary": {"Or one of images.", many(65, "bin", large), "larger than 1 GiB"},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := load.FS(tc.files, "fleet")
			if err != nil {
				t.Fatal(err)
			}
			_, err = load.Fleet(nil, files...)
			if tc.said == "" && err != nil || tc.said != "" && (err == nil || !strings.Contains(err.Error(), tc.said) || !strings.Contains(err.Error(), "fleet: ")) {
				t.Errorf("%s: error %v, want %q", tc.reason, err, tc.said)
			}
		})
	}
	t.Run("Manifests", func(t *testing.T) {
		names := strings.TrimSuffix(strings.Repeat("m.txt, ", 40), ", ")
		f := app("{manifests: [" + names + "]}")
		opened := 0
		f.Open = func(string) ([]byte, error) { opened++; return large, nil }
		if _, err := load.Fleet(nil, f); err == nil || strings.Count(err.Error(), "256 MiB") != 1 || opened > 17 {
			t.Errorf("one file that is named again and again is read %d times: error %v", opened, err)
		}
	})
}
