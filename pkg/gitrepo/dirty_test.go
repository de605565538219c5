package gitrepo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDirty publishes models that are not what is committed.
func TestDirty(t *testing.T) {
	const other = "apiVersion: gitopsgen.dev/v1alpha1\nkind: App\nmetadata: {name: api}\nspec: {image: \"api:1\", manifests: [raw/api.txt]}\n"
	const raw = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: legacy}\n"
	remove := func(t *testing.T, file string) {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		reason string
		change func(t *testing.T, fleet string)
		args   []string
		says   string // where it is refused
		dirty  bool
	}{
		"Clean":  {"What is committed has its revision.", func(*testing.T, string) {}, nil, "", false},
		"Edited": {"An edited file is none of the commit.", func(t *testing.T, fleet string) { edit(t, fleet, "replicas: ", "replicas: 4 # ") }, nil, "web.yaml", true},
		"New": {"A new one is neither.", func(t *testing.T, fleet string) {
			write(t, fleet, "new.yaml", strings.NewReplacer("name: api", "name: new", ", manifests: [raw/api.txt]", "").Replace(other))
		}, nil, "new.yaml", true},
		"Gone":      {"Without a file, its app would be deleted.", func(t *testing.T, fleet string) { remove(t, filepath.Join(fleet, "api.yaml")) }, []string{"--allow-delete"}, "api.yaml", true},
		"Manifests": {"Files that a document names are part of the model.", func(t *testing.T, fleet string) { write(t, fleet, "raw/api.txt", raw+"data: {a: b}\n") }, nil, "raw/api.txt", true},
		"Staged": {"What is staged is not committed.", func(t *testing.T, fleet string) {
			edit(t, fleet, "replicas: ", "replicas: 4 # ")
			git(t, fleet, "add", "-A")
		}, nil, "web.yaml", true},
		"Lines":   {"Line ends are git's business.", func(t *testing.T, fleet string) { write(t, fleet, "api.yaml", strings.ReplaceAll(other, "\n", "\r\n")) }, nil, "", false},
		"Beside":  {"What is not read does not count.", func(t *testing.T, fleet string) { write(t, fleet, "notes.txt", "x") }, nil, "", false},
		"Allowed": {"A flag lets it pass, and the commit says so.", func(t *testing.T, fleet string) { edit(t, fleet, "replicas: ", "replicas: 4 # ") }, []string{"--allow-dirty"}, "", true},
		"Dev":     {"Where nobody depends on it, the commit saying so is enough.", func(t *testing.T, fleet string) { edit(t, fleet, "replicas: ", "replicas: 4 # ") }, []string{"--env", "dev"}, "", true},
		"Named":   {"A revision that a flag names is compared too.", func(t *testing.T, fleet string) { edit(t, fleet, "replicas: ", "replicas: 4 # ") }, []string{"--revision", "HEAD"}, "web.yaml", true},
		"Foreign": {"What is not at hand is believed.", func(t *testing.T, fleet string) { edit(t, fleet, "replicas: ", "replicas: 4 # ") }, []string{"--revision", strings.Repeat("ab", 20)}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			fleet, repo := scaffold(t), bare(t)
			write(t, fleet, "api.yaml", other)
			write(t, fleet, "raw/api.txt", raw)
			git(t, fleet, "init", "-q")
			git(t, fleet, "add", "-A")
			git(t, fleet, "commit", "-qm", "x")
			args := append([]string{"publish", "-f", fleet, "--repo", repo, "--cache-dir", "none"}, tc.args...)
			if name == "Named" {
				args[len(args)-1] = git(t, fleet, "rev-parse", "HEAD")
			}
			tc.change(t, fleet)
			code, _, errs := run(t, map[string]string{"GITOPSGEN_ALLOW_DIRTY": "true"}, args...)
			if tc.says != "" {
				if code != 2 || !strings.Contains(errs, filepath.Join(fleet, tc.says)+"), and prod is production (commit them, or use --allow-dirty)") {
					t.Errorf("%s Exit code %d: %s", tc.reason, code, errs)
				}
				return
			}
			if code != 0 {
				t.Fatalf("%s Exit code %d: %s", tc.reason, code, errs)
			}
			body := git(t, repo, "show", "-s", "--format=%B", "main")
			if dirty := strings.Contains(body, "-dirty\n"); dirty != tc.dirty || !strings.Contains(body, "Gitopsgen-Revision: ") {
				t.Errorf("%s The commit says\n%s", tc.reason, body)
			}
		})
	}
}
