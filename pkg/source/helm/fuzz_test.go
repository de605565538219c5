package helm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	tmpl "text/template/parse"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/releaseutil"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

const fuzzed = "apiVersion: v2\nname: a\nversion: 1.0.0\n"

// tried renders a chart of files, if it can be read. What is said is one line that can
// be shown, and what is rendered is complete.
func tried(t *testing.T, files ...File) {
	t.Helper()
	c, err := LoadFiles(files)
	if err == nil {
		var out *Output
		out, err = c.Render(context.Background(), Release{Name: "x", Namespace: "x", KubeVersion: "1.36"})
		if err == nil {
			for _, o := range out.Objects {
				if o.Object["kind"] == nil || o.Object["apiVersion"] == nil || !strings.HasPrefix(o.Template, "a/") && c.Metadata().Name == "a" {
					t.Errorf("an object of %s: %v", o.Template, o.Object)
				}
			}
		}
	}
	if err != nil && escape.Line(err.Error()) != err.Error() {
		t.Errorf("an error is not one line that can be shown: %q", err)
	}
	var spent *BudgetError
	if errors.As(err, &spent) && spent.Running {
		t.Fatal(err)
	}
}

// FuzzArchive reads archives whose contents are anything.
func FuzzArchive(f *testing.F) {
	pack := func(headers ...tar.Header) []byte {
		var buf bytes.Buffer
		out := tar.NewWriter(&buf)
		for _, h := range headers {
			h.Size = int64(len(fuzzed))
			if err := out.WriteHeader(&h); err != nil {
				f.Fatal(err)
			}
			if _, err := out.Write([]byte(fuzzed)); err != nil {
				f.Fatal(err)
			}
		}
		if err := out.Close(); err != nil {
			f.Fatal(err)
		}
		return buf.Bytes()
	}
	f.Add(pack(tar.Header{Name: "a/Chart.yaml"}, tar.Header{Name: "a/templates/x.yaml"}))
	f.Add(pack(tar.Header{Name: "a/Chart.yaml"}, tar.Header{Name: "a/charts/b.tgz"}))
	f.Add(pack(tar.Header{Name: "a/../Chart.yaml"}, tar.Header{Name: `a\..`}, tar.Header{Name: "a/" + strings.Repeat("long", 50)}))
	f.Fuzz(func(t *testing.T, contents []byte) {
		var buf bytes.Buffer
		zip := gzip.NewWriter(&buf)
		if _, err := zip.Write(contents); err != nil {
			t.Fatal(err)
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
		for _, archive := range [][]byte{buf.Bytes(), contents} {
			r := &reader{}
			files, err := r.unpack(archive)
			if err != nil && escape.Line(err.Error()) != err.Error() {
				t.Errorf("an error is not one line that can be shown: %q", err)
			}
			names := map[string]bool{}
			for _, f := range files {
				if names[f.Name] || !filepath.IsLocal(f.Name) || strings.Contains(f.Name, `\`) {
					t.Errorf("the name %q", f.Name)
				}
				names[f.Name] = true
			}
		}
	})
}

// FuzzChart reads charts whose Chart.yaml and values are anything.
func FuzzChart(f *testing.F) {
	for _, name := range []string{"shop", "quirks"} {
		chart, err := os.ReadFile(filepath.Join("testdata/charts", name, "Chart.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		values, err := os.ReadFile(filepath.Join("testdata/charts", name, "values.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(chart), string(values))
	}
	f.Add(fuzzed+"dependencies: [{name: b, alias: c, import-values: [x, {child: y, parent: .}], condition: 'a.b,,c', tags: [1]}]", "a: {b: null}\nc: 1\n")
	f.Fuzz(func(t *testing.T, chart, values string) {
		tried(t, File{Name: "Chart.yaml", Data: []byte(chart)}, File{Name: "values.yaml", Data: []byte(values)},
			File{Name: "templates/a.yaml", Data: []byte("apiVersion: v1\nkind: A\nspec: {{ toJson .Values }}")},
			File{Name: "charts/b/Chart.yaml", Data: []byte(strings.Replace(fuzzed, "name: a", "name: b", 1))},
			File{Name: "charts/b/values.yaml", Data: []byte("exports: {x: {y: 1}}")})
	})
}

// FuzzSchema checks values by schemas that are anything.
func FuzzSchema(f *testing.F) {
	schema, err := os.ReadFile("testdata/charts/shop/values.schema.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(schema), "replicas: x")
	f.Add(`{"$ref": "https://example.com/x"}`, "")
	f.Add(`{"$ref": "#", "anyOf": [{"$ref": "urn:x"}], "patternProperties": {"(": true}}`, "a: [1]")
	f.Fuzz(func(t *testing.T, schema, values string) {
		tried(t, File{Name: "Chart.yaml", Data: []byte(fuzzed)}, File{Name: "values.yaml", Data: []byte(values)}, File{Name: "values.schema.json", Data: []byte(schema)})
	})
}

// costly are words with which a template could ask for too much.
var costly = []string{"until", "seq", "repeat", "rand", "gen", "bcrypt", "htpasswd", "derive", "indent", "tpl", "include", "template", "range", "printf", "wrap", "substr", "trunc", "abbrev", "encrypt"}

// FuzzTemplate renders templates that are anything but costly, and finds out how deep
// they are nested as Go does.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{
		"{{ if .Values.a }}{{ else if (and true (not .b)) }}{{ else with 1 }}{{ end }}", "{{- /* {{ */ -}}kind: {{ `}}` }}", "{{ \"\\\"}}\" | quote }}",
		"apiVersion: v1\nkind: A\n---\n{{ define \"x\" }}{{ end }}{{ block \"y\" . }}b: {{ .Chart.Name }}{{ end }}", "{{ '}' }}{{ \"\n }}{{(((1)))}}", "{{-3}}{{- 3 -}}", "a: &a [*a]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := tmpl.New("x")
		tree.Mode = tmpl.SkipFuncCheck
		sets := map[string]*tmpl.Tree{}
		if found := deepest(text); found <= maxNesting {
			if _, err := tree.Parse(text, "", "", sets); err == nil {
				for _, each := range append([]*tmpl.Tree{tree}, trees(sets)...) {
					if depth := depthOf(reflect.ValueOf(each.Root)); depth > found {
						t.Errorf("deepest(%q) = %d, and Go finds %d", text, found, depth)
					}
				}
			}
		}
		if slices.ContainsFunc(costly, func(word string) bool { return strings.Contains(text, word) }) {
			return
		}
		tried(t, File{Name: "Chart.yaml", Data: []byte(fuzzed)}, File{Name: "templates/a.yaml", Data: []byte(text)})
	})
}

func trees(sets map[string]*tmpl.Tree) []*tmpl.Tree {
	var out []*tmpl.Tree
	for _, tree := range sets {
		out = append(out, tree)
	}
	return out
}

// depthOf returns how deep the blocks and pipelines of a node are inside each other.
func depthOf(v reflect.Value) int {
	switch n := v.Interface().(type) {
	case *tmpl.ListNode:
		most := 0
		if n != nil {
			for _, each := range n.Nodes {
				most = max(most, depthOf(reflect.ValueOf(each)))
			}
		}
		return most
	case *tmpl.IfNode:
		return branch(&n.BranchNode)
	case *tmpl.RangeNode:
		return branch(&n.BranchNode)
	case *tmpl.WithNode:
		return branch(&n.BranchNode)
	case *tmpl.ActionNode:
		return pipe(n.Pipe)
	}
	return 0
}

func branch(n *tmpl.BranchNode) int {
	return 1 + max(pipe(n.Pipe), depthOf(reflect.ValueOf(n.List)), depthOf(reflect.ValueOf(n.ElseList)))
}

func pipe(n *tmpl.PipeNode) int {
	most := 0
	if n != nil {
		for _, command := range n.Cmds {
			for _, arg := range command.Args {
				if chain, ok := arg.(*tmpl.ChainNode); ok {
					arg = chain.Node
				}
				if inner, ok := arg.(*tmpl.PipeNode); ok {
					most = max(most, 1+pipe(inner))
				}
			}
		}
	}
	return most
}

// FuzzSplit compares how documents are separated with Helm.
func FuzzSplit(f *testing.F) {
	for _, text := range []string{"", "a", "---\na", "a\n---\nb", "a\n \n--- \n\n---\nb", "---\n---\n---", "----", "a\n----\nb", "a---\n---b\r\n---\fc", "\n---\n---a---\n---", "a\n\v---\nb\u00a0\n---\n\u00a0", "--\n---"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := releaseutil.SplitManifests(text)
		names := make([]string, 0, len(found))
		for name := range found {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			if releaseutil.BySplitManifestsOrder([]string{a, b}).Less(0, 1) {
				return -1
			}
			return 1
		})
		var want []string
		for _, name := range names {
			want = append(want, found[name])
		}
		if diff := cmp.Diff(want, split(text)); diff != "" {
			t.Errorf("split(%q) (-helm +gitopsgen):\n%s", text, diff)
		}
	})
}
