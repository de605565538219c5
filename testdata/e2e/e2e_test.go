package e2e

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// root is the repository.
var root = filepath.Join("..", "..")

func TestServerAcceptsExamples(t *testing.T) {
	client := startServer(t)
	for _, o := range operators {
		if err := o.install(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	}
	examples, err := filepath.Glob(filepath.Join(root, "examples", "*", "README.md"))
	if err != nil || len(examples) == 0 {
		t.Fatalf("finding the examples: %d, %v", len(examples), err)
	}
	fleets, err := filepath.Glob(filepath.Join(root, "testdata", "fleets", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range append(examples, fleets...) {
		if filepath.Base(input) == "README.md" {
			input = filepath.Dir(input)
		}
		t.Run(filepath.Base(input), func(t *testing.T) {
			targets := buildTargets(t, renderInput(t, input))
			var all []*unstructured.Unstructured
			for _, objects := range targets {
				all = append(all, objects...)
			}
			if err := client.prepare(t.Context(), all); err != nil {
				t.Fatal(err)
			}
			kinds := map[string]int{}
			for _, target := range slices.Sorted(maps.Keys(targets)) {
				for _, o := range targets[target] {
					what := fmt.Sprintf("%s: %s %s", target, o.GetKind(), o.GetName())
					warned, err := client.apply(t.Context(), o, metav1.DryRunAll)
					if err != nil {
						t.Errorf("%s: %v", what, err)
					}
					for _, w := range warned {
						t.Errorf("%s: warning: %s", what, w)
					}
					kinds[o.GetKind()]++
				}
			}
			if len(all) == 0 {
				t.Error("nothing was sent")
			}
			t.Logf("%d targets, %d objects sent: %v", len(targets), len(all), kinds)
		})
	}
}

// TestServerRefuses shows that the server is as strict as the suite needs it.
func TestServerRefuses(t *testing.T) {
	client := startServer(t)
	cases := map[string]struct {
		reason string
		object string
		want   string
	}{
		"UnknownField": {
			reason: "a field that no version of the kind has",
			object: `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: refused}, dat: {}}`,
			want:   "dat",
		},
		"WrongType": {
			reason: "a text where the schema wants a number",
			object: `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: refused}, spec: {replicas: "two"}}`,
			want:   "replicas",
		},
		"Invalid": {
			reason: "a value that validation refuses beyond the schema",
			object: `{apiVersion: v1, kind: Service, metadata: {name: a, namespace: refused}, spec: {ports: [{port: 70000}]}}`,
			want:   "spec.ports[0].port",
		},
		"NoNamespace": {
			reason: "an object that would land in whatever namespace is the default",
			object: `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`,
			want:   "has no namespace",
		},
		"PodSecurity": {
			reason: "a pod template that the namespace's level would refuse; the server warns",
			object: `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a, namespace: refused}, spec: {
				selector: {matchLabels: {a: b}},
				template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}}`,
			want: "would violate PodSecurity",
		},
	}
	namespace, err := decode([]byte(`{apiVersion: v1, kind: Namespace, metadata: {name: refused, labels: {
		pod-security.kubernetes.io/warn: restricted}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.prepare(t.Context(), []*unstructured.Unstructured{namespace}); err != nil {
		t.Fatal(err)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			object, err := decode([]byte(tc.object))
			if err != nil {
				t.Fatal(err)
			}
			warned, err := client.apply(t.Context(), object, metav1.DryRunAll)
			got := fmt.Sprint(err, warned)
			if !strings.Contains(got, tc.want) {
				t.Errorf("%s: want %q in: %s", tc.reason, tc.want, got)
			}
		})
	}
}

// startServer starts a server for the test, and ends it in time to tell why
// the test did not.
func startServer(t *testing.T) *client {
	t.Helper()
	if os.Getenv("GITOPSGEN_E2E") == "" {
		t.Skip("slow; set GITOPSGEN_E2E=1")
	}
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-30*time.Second))
		t.Cleanup(cancel)
	}
	s, err := start(ctx, t.TempDir())
	t.Cleanup(s.stop)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newClient(s.config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// renderInput renders an example as its README says, or a fleet of testdata, and
// returns the directory.
func renderInput(t *testing.T, input string) string {
	t.Helper()
	dir := t.TempDir()
	rel, err := filepath.Rel(root, input)
	if err != nil {
		t.Fatal(err)
	}
	render := []string{"run", "./cmd/gitopsgen", "render", "--output-dir", dir, "-f"}
	args := append(render, rel)
	switch {
	case isDir(filepath.Join(input, "fleet")):
		args = append(render, filepath.Join(rel, "fleet"))
	case filepath.Base(filepath.Dir(input)) == "examples":
		args = []string{"run", "./" + filepath.ToSlash(rel), "render", "--output-dir", dir}
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return dir
}

// buildTargets builds every overlay under dir and reads every directory of
// rendered objects.
func buildTargets(t *testing.T, dir string) map[string][]*unstructured.Unstructured {
	t.Helper()
	targets := map[string][]*unstructured.Unstructured{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		target := filepath.ToSlash(rel)
		if _, ok := layout.ParseDir(target); !ok {
			return nil
		}
		if targets[target], err = build(p); err != nil {
			return fmt.Errorf("building %s: %w", target, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return targets
}

// build returns the objects of a directory: what kustomize makes of it, or the
// files themselves where it has no kustomization.
func build(dir string) ([]*unstructured.Unstructured, error) {
	if _, err := os.Stat(filepath.Join(dir, layout.Kustomization)); err != nil {
		return readObjects(dir)
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, err
	}
	var objects []*unstructured.Unstructured
	for _, r := range built.Resources() {
		data, err := r.MarshalJSON()
		if err != nil {
			return nil, err
		}
		o := &unstructured.Unstructured{}
		if err := o.UnmarshalJSON(data); err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, nil
}

func readObjects(dir string) ([]*unstructured.Unstructured, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var objects []*unstructured.Unstructured
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		o, err := decode(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// decode reads one object.
func decode(data []byte) (*unstructured.Unstructured, error) {
	o := &unstructured.Unstructured{}
	return o, yaml.UnmarshalStrict(data, &o.Object)
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
