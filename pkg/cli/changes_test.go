package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// many writes a fleet of some apps in two environments and returns its directory.
func many(t *testing.T, apps int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fleet")
	if said, code := run("init", dir); code != cli.ExitClean {
		t.Fatal(said)
	}
	web, err := os.ReadFile(filepath.Join(dir, "web.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range apps - 1 {
		name := fmt.Sprintf("app%02d", i)
		text := strings.Replace(string(web), "name: web\n", "name: "+name+"\n", 1)
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestManyChanges checks that a change of many apps is a line.
func TestManyChanges(t *testing.T) {
	fleet, out := many(t, 25), t.TempDir()
	render := func(args ...string) string {
		t.Helper()
		said, code := run(append([]string{"render", "-f", fleet, "--output-dir", out, "--cache-dir", "none"}, args...)...)
		if code != cli.ExitClean {
			t.Fatal(said)
		}
		return said
	}
	check := func(reason, want, got string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", reason, diff)
		}
	}
	check("Apps to which the same happens are one line.", `25 apps, 52 targets: proved 52, cached 0
+ apps/{app00, app01, app02, app03, app04 and 20 more} base, dev, prod
+ argocd/{hello, hello-platform, root-dev, root-prod}
+ clusters/local
+ .gitopsgen/{.gitattributes, README.md}
+ platform/namespaces dev, prod
wrote 376 files, deleted 0, left 0 unchanged
`, render())
	if said, code := run("set", "replicas", "-f", fleet, "--env", "prod", "web=5", "app03=6"); code != cli.ExitClean {
		t.Fatal(said)
	}
	check("A few have a line each, with their files on demand.", `25 apps, 52 targets: proved 52, cached 0
~ apps/app03 prod
    ~ apps/app03/overlays/prod/kustomization.yaml
~ apps/web prod
    ~ apps/web/overlays/prod/kustomization.yaml
wrote 4 files, deleted 0, left 372 unchanged
`, render("-v"))
	if err := os.Remove(filepath.Join(fleet, "app01.yaml")); err != nil {
		t.Fatal(err)
	}
	check("What is not there any more is reported as such.", `24 apps, 50 targets: proved 50, cached 0
- apps/app01 base, dev, prod
wrote 0 files, deleted 14, left 362 unchanged
`, render())
	check("If nothing changes, it says so.", "24 apps, 50 targets: proved 50, cached 0\nnothing changed: 362 files up to date\n", render())
	check("Quiet reports nothing.", "", render("-q"))
}
