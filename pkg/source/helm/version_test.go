package helm_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// TestVersions checks that the versions that are written down are those of the modules:
// Helm links its command with the version of its client-go.
func TestVersions(t *testing.T) {
	version := func(module string) string {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", module).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	if got := version("helm.sh/helm/v3"); got != helm.Version {
		t.Errorf("Version is %s, and the module's is %s", helm.Version, got)
	}
	minor, _ := strings.CutPrefix(helm.KubeVersion, "v1.")
	minor, _, _ = strings.Cut(minor, ".")
	if got := version("k8s.io/client-go"); !strings.HasPrefix(got, "v0."+minor+".") {
		t.Errorf("KubeVersion is %s, and client-go is %s", helm.KubeVersion, got)
	}
}
