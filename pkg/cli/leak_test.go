package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// run runs a command and returns what it says and its exit code.
func run(args ...string) (said string, code int) {
	var b bytes.Buffer
	code = cli.Program{Version: "v0.0.0-test"}.Run(context.Background(), args,
		cli.Streams{In: strings.NewReader(""), Out: &b, Err: &b, Getenv: func(string) string { return "" }})
	return b.String(), code
}

// TestCommandsTellNoCredential runs every command that reads a fleet on one with
// a credential in it. None tells it or writes anything.
func TestCommandsTellNoCredential(t *testing.T) {
	dir := t.TempDir()
	fleet, out := filepath.Join(dir, "fleet"), filepath.Join(dir, "out")
	word := "hunter" + "22x"
	const head = "---\napiVersion: gitopsgen.dev/v1alpha1\n"
	write := func(value string) {
		if err := os.MkdirAll(fleet, 0o755); err != nil {
			t.Fatal(err)
		}
		data := head + "kind: Fleet\nmetadata: {name: shop}\n" + head + "kind: Cluster\nmetadata: {name: home}\n" +
			head + "kind: Environment\nmetadata: {name: prod}\nspec: {clusters: [home]}\n" +
			head + "kind: App\nmetadata: {name: web}\nspec:\n  image: web:1\n  env: [{name: DATABASE, value: \"" + value + "\"}]\n"
		if err := os.WriteFile(filepath.Join(fleet, "fleet.yaml"), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	secret := "postgres://app:" + word + "@db/app"
	write(secret)
	for _, args := range [][]string{
		{"render", "--output-dir", out}, {"diff", "--output-dir", out}, {"verify"}, {"verify", "--output-dir", out},
		{"build", "app/web", "--env", "prod"}, {"build", "app/web", "--env", "prod", "--spec"}, {"explain", "app/web", "--env", "prod"},
		{"report", "secrets"}, {"report", "secrets", "-o", "json"}, {"publish", "--repo", filepath.Join(dir, "config.git")},
	} {
		said, code := run(append(args, "-f", fleet)...)
		if code == cli.ExitClean || strings.Contains(said, word) {
			t.Errorf("%v ends with %d and says:\n%s", args, code, strings.ReplaceAll(said, word, "THE PASSWORD"))
		}
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}

	// A credential that somebody wrote into a file of ours is not told either.
	write("plain")
	if said, code := run("render", "-f", fleet, "--output-dir", out); code != cli.ExitClean {
		t.Fatal(said)
	}
	file := filepath.Join(out, "apps", "web", "base", "deployment.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(data, []byte("value: plain"), []byte("value: "+secret)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"diff"}, {"diff", "-o", "json"}, {"diff", "-o", "markdown"}, {"verify"}, {"render"}} {
		said, code := run(append(args, "-f", fleet, "--output-dir", out)...)
		if code == cli.ExitClean || strings.Contains(said, word) {
			t.Errorf("after an edit, %v ends with %d and says:\n%s", args, code, strings.ReplaceAll(said, word, "THE PASSWORD"))
		}
	}
}
