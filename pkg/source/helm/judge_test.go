package helm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	kyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

var setCount = flag.Int("sets", 4, "sets of values for each chart in TestHelm; 0 is all that are known")

// The release that charts are rendered for.
const (
	releaseName = "try"
	namespace   = "trials"
	kubeVersion = "1.36"
)

var apiVersions = []string{"monitoring.coreos.com/v1", "monitoring.coreos.com/v1/ServiceMonitor"}

// TestHelm compares what charts render with what the helm command prints that
// GITOPSGEN_HELM names, if any: charts of testdata, those that lie in modules, and the
// archives in the directory that GITOPSGEN_CHARTS names. Both render the same objects
// in the same order, or both fail.
func TestHelm(t *testing.T) {
	binary := os.Getenv("GITOPSGEN_HELM")
	if binary == "" {
		t.Skip("set GITOPSGEN_HELM to a helm binary")
	}
	charts, compared, failed := 0, 0, 0
	for _, s := range subjects(t) {
		t.Run(s.name, func(t *testing.T) {
			c, err := s.load()
			if err != nil {
				t.Fatal(err)
			}
			charts++
			for _, values := range sets(t, s.name, s.files, *setCount) {
				t.Run(values.name, func(t *testing.T) {
					want, theirs := template(t, binary, s.path, values.text)
					got, ours := render(t, c, values.text)
					again, _ := render(t, c, values.text)
					compared++
					if (ours == nil) != (theirs == nil) {
						t.Fatalf("we return %v; helm: %v", ours, theirs)
					}
					if ours != nil {
						failed++
						t.Logf("we: %v\nhelm: %v", ours, theirs)
						return
					}
					for i := range max(len(want), len(got)) {
						if i >= len(want) || i >= len(got) {
							t.Fatalf("we render %d objects, helm %d", len(got), len(want))
						}
						// What is random differs between two renders of ours, and is not compared.
						mask(got[i].Object, again[i].Object, want[i].Object)
						if diff := cmp.Diff(want[i], got[i]); diff != "" {
							t.Errorf("object %d (-helm +gitopsgen):\n%s", i, diff)
						}
					}
				})
			}
		})
	}
	t.Logf("%d charts, %d sets of values, of which %d do not render", charts, compared, failed)
}

// subjects returns all charts that there are to try.
func subjects(t *testing.T) []subject {
	t.Helper()
	var out []subject
	dirs, err := filepath.Glob("testdata/charts/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no charts in testdata: ", err)
	}
	for _, dir := range dirs {
		out = append(out, fromDirectory(t, filepath.Base(dir), dir)...)
	}
	for _, m := range modules {
		out = append(out, fromDirectory(t, filepath.Base(m.dir), m.extract(t))...)
	}
	archives, err := filepath.Glob(filepath.Join(os.Getenv("GITOPSGEN_CHARTS"), "*.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archives {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, subject{
			name: filepath.Base(file), path: file, files: unpack(t, data),
			load: func() (*helm.Chart, error) { return helm.Load(data) },
		})
	}
	return out
}

// rendered is one object, in a form that two sides can be compared in.
type rendered struct {
	Template string
	Object   any
}

// template returns what the helm command prints for a chart.
func template(t *testing.T, binary, chart, values string) ([]rendered, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "values.yaml")
	if err := os.WriteFile(file, []byte(values), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "template", releaseName, chart, "--namespace", namespace, "--include-crds",
		"--kube-version", kubeVersion, "--api-versions", strings.Join(apiVersions, ","), "--values", file)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir()}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, errors.New(strings.TrimSpace(stderr.String()))
	}
	var out []rendered
	source := ""
	documents := kyaml.NewYAMLReader(bytesReader(stdout.Bytes()))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(document)) {
			if name, ok := strings.CutPrefix(line, "# Source: "); ok {
				source = strings.TrimSpace(name)
			}
		}
		var v any
		if err := yaml.Unmarshal(document, &v); err != nil {
			t.Fatal(err)
		}
		out = flattened(out, source, v)
	}
}

// flattened appends an object, or those of a list.
func flattened(out []rendered, source string, v any) []rendered {
	m, _ := v.(map[string]any)
	items, isList := m["items"].([]any)
	if kind, _ := m["kind"].(string); isList && strings.HasSuffix(kind, "List") {
		for _, item := range items {
			out = flattened(out, source, item)
		}
		return out
	}
	if v == nil {
		return out
	}
	return append(out, rendered{Template: source, Object: v})
}

// render returns what we render for a chart.
func render(t *testing.T, c *helm.Chart, values string) ([]rendered, error) {
	t.Helper()
	r := helm.Release{Name: releaseName, Namespace: namespace, KubeVersion: kubeVersion, APIVersions: apiVersions}
	if err := yaml.Unmarshal([]byte(values), &r.Values); err != nil {
		return nil, err
	}
	printed, err := c.Render(context.Background(), r)
	if err != nil {
		return nil, err
	}
	var out []rendered
	for _, o := range printed.Objects {
		out = append(out, rendered{Template: o.Template, Object: decoded(t, map[string]any(o.Object))})
	}
	return out, nil
}

// mask replaces what differs between a and b, in a and in c.
func mask(a, b, c any) {
	switch a := a.(type) {
	case map[string]any:
		b, _ := b.(map[string]any)
		c, _ := c.(map[string]any)
		for key, v := range a {
			if _, isText := v.(string); isText && b[key] != v && c[key] != nil {
				a[key], c[key] = "random", "random"
			}
			mask(v, b[key], c[key])
		}
	case []any:
		b, _ := b.([]any)
		c, _ := c.([]any)
		for i := 0; i < min(len(a), len(b), len(c)); i++ {
			mask(a[i], b[i], c[i])
		}
	}
}

// decoded returns a value in the types of package encoding/json.
func decoded(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, e := range v {
			out[key] = decoded(t, e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = decoded(t, e)
		}
		return out
	case int64:
		return float64(v)
	case object.Number:
		var f float64
		if err := json.Unmarshal([]byte(v), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	return v
}
