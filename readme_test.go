package gitopsgen_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme runs every command of the README, but for the test command, which
// runs this, and the installation, which needs a published version.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	repo, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	bin := filepath.Join(work, "bin", "gitopsgen")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", bin, "./cmd/gitopsgen").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, example := range []string{"boutique", "multicluster"} {
		fleet := filepath.Join("examples", example, "fleet")
		if err := os.CopyFS(filepath.Join(work, fleet), os.DirFS(fleet)); err != nil {
			t.Fatal(err)
		}
	}
	ran, last := 0, ""
	for _, block := range strings.Split(string(data), "```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for line := range strings.Lines(block) {
			args := strings.Fields(line)
			dir := work
			switch {
			case len(args) == 0 || strings.HasPrefix(line, "go test") || strings.HasPrefix(line, "go install"):
				continue
			case args[0] == "go":
				dir = repo
				for i, a := range args {
					if strings.HasPrefix(a, "out/") {
						args[i] = filepath.Join(work, a)
					}
				}
			case args[0] == "gitopsgen":
				args[0] = bin
			}
			cmd := exec.Command(args[0], args[1:]...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(work, "cache"), "GOCACHE="+goCache(t))
			out, err := cmd.CombinedOutput()
			differs := len(args) > 1 && args[1] == "diff" && cmd.ProcessState.ExitCode() == 1
			if err != nil && !differs {
				t.Errorf("%s: %v\n%s", strings.TrimSpace(line), err, out)
			}
			ran, last = ran+1, string(out)
		}
	}
	if !strings.Contains(string(data), "```\n"+last+"```\n") {
		t.Errorf("the README does not show what its last command prints:\n%s", last)
	}
	if ran < 8 {
		t.Errorf("only %d commands were found", ran)
	}
	kustomization, err := os.ReadFile(filepath.Join(work, "out", "apps", "web", "overlays", "prod", "kustomization.yaml"))
	if err != nil || !strings.Contains(string(data), string(kustomization)) {
		t.Errorf("the README does not show the overlay that its commands write: %v\n%s", err, kustomization)
	}
}

// goCache returns Go's build cache, which stays where it is.
func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
