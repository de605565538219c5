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
	if code, out := run(t, program(), "render", "-f", "reports.yaml", "--output-dir", dir, "--cache-dir", "none"); code != cli.ExitClean {
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

// TestCost checks the settings of the feature cost as the command shows them.
func TestCost(t *testing.T) {
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	app := "apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: jobs}\nspec:\n  image: jobs:1\n  extensions:\n    cost: {budgets: 1}\n    costs: {}\n"
	if err := os.WriteFile(wrong, []byte(app), 0o600); err != nil {
		t.Fatal(err)
	}
	late := program()
	late.Fleet.Apps[0].Spec.Extensions = model.Extensions{"cost": &Cost{Alerts: []CostAlert{{Name: "late", Percent: 110}}}}
	for name, tc := range map[string]struct {
		program cli.Program
		args    []string
		want    []string
	}{
		"Strict": {program(), []string{"verify", "-f", wrong}, []string{
			"wrong.yaml:7:12: apps[jobs].spec.extensions[cost].budgets: the field does not exist (did you mean budget?)",
			"wrong.yaml:8:5: apps[jobs].spec.extensions[costs]: this program has no feature costs with settings (did you mean cost?)"}},
		"Check":  {late, []string{"verify"}, []string{"apps[catalog].spec.extensions[cost].alerts[late].percent: 110 is not a valid percentage (use a number from 1 to 100)"}},
		"Origin": {program(), []string{"explain", "app/reports", "-f", "reports.yaml", "--env", "prod", "data.budget"}, []string{"reports.yaml:20:19 apps[reports].environments[prod].extensions[cost].budget (app/prod)"}},
		"Rule":   {program(), []string{"explain", "app/search", "--env", "prod", "data.center"}, []string{"rule cost-center"}},
		"Schema": {program(), []string{"schema"}, []string{"Budget is what an environment may cost in a month, in euros."}},
	} {
		t.Run(name, func(t *testing.T) {
			_, out := run(t, tc.program, tc.args...)
			for _, want := range tc.want {
				if !strings.Contains(out, want) {
					t.Errorf("want %q, got:\n%.2000s", want, out)
				}
			}
		})
	}
}

// TestNetwork asks whether the policies of this fleet allow exactly what it declares.
func TestNetwork(t *testing.T) {
	if counts := reach.Ask(t, fleet(), program().Options...); counts["pods closed"] == 0 || counts["DNS open"] == 0 {
		t.Errorf("asked: %v", counts)
	}
}
