package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBuildHelpExample runs build with the pull requests that its own help
// gives as an example.
func TestBuildHelpExample(t *testing.T) {
	var example []string
	help, _ := run("build", "--help")
	for _, line := range strings.Split(help, "\n") {
		if strings.HasPrefix(line, "    - ") {
			example = append(example, line)
		}
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	fleet := write("fleet.yaml", `apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
spec:
  repository: {url: "https://git.example.com/shop.git"}
  delivery: {previews: {environment: dev, github: {owner: acme, repo: web}}}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Cluster
metadata: {name: one}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: dev}
spec: {clusters: [one]}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: web}
spec: {image: "ghcr.io/acme/web:1.0.0"}
`)
	out, _ := run("build", "appset/web-previews", "-f", fleet, "--pull-requests", write("requests.yaml", strings.Join(example, "\n")))
	if got := strings.Count(out, "kind: Application\n"); got != len(example) || got == 0 {
		t.Errorf("the %d pull requests of the help make %d Applications:\n%s", len(example), got, out)
	}
}
