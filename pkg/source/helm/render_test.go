package helm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRender compares what the charts of testdata render, for each of their sets of
// values, with testdata/rendered. TestHelm shows that the helm command prints it.
func TestRender(t *testing.T) {
	dirs, err := filepath.Glob("testdata/charts/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no charts: ", err)
	}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		c := own(t, name)
		files, err := filepath.Glob(filepath.Join(dir, "ci/*-values.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range append([]string{""}, files...) {
			set := "defaults"
			if file != "" {
				set = filepath.Base(file[:len(file)-len("-values.yaml")])
			}
			t.Run(name+"/"+set, func(t *testing.T) {
				golden := filepath.Join("testdata/rendered", name+"-"+set+".yaml")
				got := printed(t, c, file)
				if *update {
					if err := os.WriteFile(golden, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", golden, diff)
				}
			})
		}
	}
}

// printed returns what a chart renders with a values file, if any, as text.
func printed(t *testing.T, c *helm.Chart, file string) []byte {
	t.Helper()
	r := helm.Release{Name: releaseName, Namespace: namespace, KubeVersion: kubeVersion, APIVersions: apiVersions}
	if file != "" {
		text, err := os.ReadFile(file)
		if err == nil {
			err = yaml.Unmarshal(text, &r.Values)
		}
		if err != nil {
			return fmt.Appendf(nil, "# values: %v\n", err)
		}
	}
	out, err := c.Render(context.Background(), r)
	if err != nil {
		return fmt.Appendf(nil, "# %T: %v\n", err, err)
	}
	var buf bytes.Buffer
	for _, o := range out.Objects {
		fmt.Fprintf(&buf, "---\n# %s:%d", o.Template, o.Line)
		if o.CRD {
			buf.WriteString(" CRD")
		}
		if o.Hook != nil {
			hook, err := json.Marshal(o.Hook)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&buf, " hook %s", hook)
		}
		buf.WriteString("\n")
		buf.Write(object.Marshal(map[string]any(o.Object)))
	}
	fmt.Fprintf(&buf, "---\n# notes: %q\n", out.Notes)
	return buf.Bytes()
}
