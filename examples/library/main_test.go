package main

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/examples/internal/reach"
	"github.com/gitopsgen/gitopsgen/pkg/cli"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

var update = flag.Bool("update", false, "rewrite the expected tree")

// run runs the program and returns its exit code and what it said.
func run(t *testing.T, p cli.Program, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	p.Version = "devel"
	code := p.Run(t.Context(), args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Getenv: func(string) string { return "" }})
	return code, out.String()
}

func TestExpectedTree(t *testing.T) {
	dir := t.TempDir()
	if code, out := run(t, program(), "render", "--output-dir", dir, "--cache-dir", "none"); code != cli.ExitClean {
		t.Fatalf("render: exit %d: %s", code, out)
	}
	if *update {
		if err := errors.Join(os.RemoveAll("expected"), os.CopyFS("expected", os.DirFS(dir))); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, "expected"), read(t, dir)); diff != "" {
		t.Errorf("run go test ./examples/library -update and review (-expected +rendered):\n%s", diff)
	}
}

func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCheck(t *testing.T) {
	p := program()
	p.Fleet.Apps = append(p.Fleet.Apps, model.App{Name: "orphan", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "ghcr.io/acme/orphan:1"}}})
	code, out := run(t, p, "verify")
	if code != cli.ExitFindings || !strings.Contains(out, "apps[orphan].spec.labels: nobody owns this app") {
		t.Errorf("verify: exit %d: %s", code, out)
	}
}

// TestNetwork asks whether the policies of this fleet allow exactly what it declares.
func TestNetwork(t *testing.T) {
	if counts := reach.Ask(t, fleet(), program().Options...); counts["pods closed"] == 0 || counts["DNS open"] == 0 {
		t.Errorf("asked: %v", counts)
	}
}
