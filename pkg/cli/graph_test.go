package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// TestGraphOfMany draws a fleet that is too large for Mermaid.
func TestGraphOfMany(t *testing.T) {
	const head = "---\napiVersion: gitopsgen.dev/v1alpha1\n"
	var b strings.Builder
	b.WriteString(head + "kind: Fleet\nmetadata: {name: shop}\n" + head + "kind: Cluster\nmetadata: {name: one}\n" + head +
		"kind: Environment\nmetadata: {name: prod}\nspec: {clusters: [one]}\n" + head + "kind: App\nmetadata: {name: db}\nspec: {image: \"db:1\"}\n")
	for i := range 510 {
		fmt.Fprintf(&b, "%skind: App\nmetadata: {name: a%d}\nspec: {project: p%d, image: \"a:1\", talksTo: [{app: db}]}\n", head, i, i%3)
	}
	file := filepath.Join(t.TempDir(), "fleet.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	said, code := run("graph", "-f", file)
	for _, want := range []string{"the graph has 511 edges, and viewers of Mermaid take 500 ", `"p0: 170 apps"`, `"db"`, `|"170 calls"|`} {
		if code != cli.ExitClean || !strings.Contains(said, want) {
			t.Errorf("exit code %d, without %s:\n%s", code, want, said)
		}
	}
	if said, code = run("graph", "-f", file, "-o", "dot"); code != cli.ExitClean || !strings.Contains(said, "a509") || strings.Contains(said, "edges") {
		t.Errorf("for Graphviz: exit code %d\n%.500s", code, said)
	}
}
