package gitrepo_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
)

// TestModelRevision reads the revision of models as people and CI systems check
// them out, and compares it with revisions before and after it.
func TestModelRevision(t *testing.T) {
	source := t.TempDir()
	git(t, source, "init", "-q", "-b", "main")
	git(t, source, "config", "uploadpack.allowFilter", "true")
	var revisions []string
	for i := range 5 {
		t.Setenv("GIT_COMMITTER_DATE", fmt.Sprintf("2026-01-0%dT00:00:00Z", i+1))
		write(t, source, "fleet/fleet.yaml", strings.Repeat("x", i+1))
		git(t, source, "add", "-A")
		git(t, source, "commit", "-qm", "x")
		revisions = append(revisions, git(t, source, "rev-parse", "HEAD"))
	}
	cloned := func(args ...string) func(t *testing.T) string {
		return func(t *testing.T) string {
			dir := filepath.Join(t.TempDir(), "model")
			git(t, ".", append(append([]string{"clone", "-q"}, args...), "file://"+source, dir)...)
			git(t, dir, "checkout", "-q", "--detach", "HEAD")
			return filepath.Join(dir, "fleet")
		}
	}
	for name, tc := range map[string]struct {
		reason string
		dir    func(t *testing.T) string
		known  bool // whether commits after HEAD are there
	}{
		"Full":     {"A clone has all of the history.", cloned(), true},
		"Depth1":   {"A shallow clone may have one commit.", cloned("--depth", "1"), false},
		"Depth2":   {"Or two, and the history is cut off at the second.", cloned("--depth", "2"), false},
		"Partial":  {"Contents may be missing.", cloned("--filter=blob:none"), true},
		"Treeless": {"Trees, too.", cloned("--filter=tree:0"), true},
		"Sparse": {"A sparse checkout uses an extension of git's configuration.", func(t *testing.T) string {
			dir := cloned()(t)
			git(t, dir, "sparse-checkout", "set", "fleet")
			return dir
		}, true},
		"Worktree": {"A work tree shares the repository of another.", func(t *testing.T) string {
			dir := filepath.Join(t.TempDir(), "model")
			git(t, source, "worktree", "add", "-q", "--detach", dir)
			return dir
		}, true},
		"Shared": {"A clone may borrow all objects.", func(t *testing.T) string {
			dir := filepath.Join(t.TempDir(), "model")
			git(t, ".", "clone", "-q", "--shared", source, dir)
			return dir
		}, true},
		"Submodule": {"A model may be a submodule.", func(t *testing.T) string {
			dir := t.TempDir()
			git(t, dir, "init", "-q")
			git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "model")
			return filepath.Join(dir, "model", "fleet")
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := gitrepo.ModelRevision(tc.dir(t))
			if err != nil || r.Hash != revisions[4] {
				t.Fatalf("%s: revision %s, error %v", tc.reason, r.Hash, err)
			}
			tip := func(i int) *gitrepo.Tip {
				return &gitrepo.Tip{Trailers: map[string]string{gitrepo.TrailerRevision: revisions[i], gitrepo.TrailerTime: fmt.Sprintf("2026-01-0%dT00:00:00Z", i+1)}}
			}
			for i := range revisions {
				if err := r.CheckNewer(t.Context(), tip(i)); err != nil {
					t.Errorf("%s: the branch was made from revision %d of 5: %v", tc.reason, i+1, err)
				}
			}
			if older := r.Named(revisions[3]); tc.known || !older.Time.IsZero() {
				if err := older.CheckNewer(t.Context(), tip(4)); !errors.Is(err, gitrepo.ErrOlder) {
					t.Errorf("%s: the branch was made from a newer revision: %v", tc.reason, err)
				}
			}
		})
	}
}

// TestModelRevisionNone checks directories whose revision is not known.
func TestModelRevisionNone(t *testing.T) {
	if r, err := gitrepo.ModelRevision(t.TempDir()); err != nil || r.Hash != "" {
		t.Errorf("a directory without a repository has the revision %q: %v", r.Hash, err)
	}
	other := t.TempDir()
	git(t, other, "init", "-q", "--object-format=sha256")
	write(t, other, "x", "x")
	git(t, other, "add", "-A")
	git(t, other, "commit", "-qm", "x")
	if _, err := gitrepo.ModelRevision(other); err == nil || !strings.Contains(err.Error(), "--revision") {
		t.Errorf("a repository of SHA-256: error %v", err)
	}
	broken := t.TempDir()
	write(t, broken, ".git", "nonsense\n")
	if _, err := gitrepo.ModelRevision(broken); err == nil {
		t.Error("a broken .git file is no error")
	}
}
