package gitrepo_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

var rounds = flag.Int("rounds", 2, "how many rounds TestRace runs")

// TestRace lets eight publishers, each with an app of its own, push to one branch
// at once, round after round: every change is there at the end, in one line of
// commits.
func TestRace(t *testing.T) {
	const publishers = 8
	repo := bare(t)
	git(t, repo, "config", "receive.denyNonFastForwards", "true")
	git(t, repo, "config", "core.logAllRefUpdates", "true")
	if _, err := publish(t, gitrepo.Remote{URL: repo}, map[string]string{"apps/base/base/x.yaml": "1\n"}, ownership.Options{}); err != nil {
		t.Fatal(err)
	}
	attempts := 0
	var mu sync.Mutex
	for round := range *rounds {
		var wg sync.WaitGroup
		for p := range publishers {
			wg.Go(func() {
				path := fmt.Sprintf("apps/app-%d/base/x.yaml", p)
				r := open(t, gitrepo.Remote{URL: repo})
				out, err := r.Apply(context.Background(), true, func(tip *gitrepo.Tip) (gitrepo.Change, error) {
					// A narrowed run: the other apps stay as they stand.
					stands, err := tip.Tree()
					if err != nil {
						return gitrepo.Change{}, err
					}
					files := map[string]string{}
					for _, f := range stands.Files() {
						if !strings.HasPrefix(f.Path, ".gitopsgen/") {
							files[f.Path] = string(f.Data)
						}
					}
					files[path] = fmt.Sprintf("round: %d\n", round)
					return change(t, files, ownership.Options{})(tip)
				})
				if err != nil {
					t.Errorf("round %d, publisher %d: %v", round, p, err)
				}
				mu.Lock()
				attempts += out.Attempts
				mu.Unlock()
			})
		}
		wg.Wait()
	}
	work := clone(t, repo)
	want := map[string]string{"apps/base/base/x.yaml": "1\n"}
	for p := range publishers {
		want[fmt.Sprintf("apps/app-%d/base/x.yaml", p)] = fmt.Sprintf("round: %d\n", *rounds-1)
	}
	if got := files(t, work); !maps.Equal(got, want) {
		t.Errorf("the branch holds %v, want %v", got, want)
	}
	if n := git(t, work, "rev-list", "--count", "HEAD"); n != fmt.Sprint(1+publishers**rounds) {
		t.Errorf("there are %s commits, want %d", n, 1+publishers**rounds)
	}
	if merges := git(t, work, "rev-list", "--merges", "HEAD"); merges != "" {
		t.Errorf("the history is not linear: %s", merges)
	}
	t.Logf("%d publishes took %d attempts", publishers**rounds, attempts)
}

// TestConflict checks that a person's work stops a publish, is told of, and
// stays.
func TestConflict(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		edit   func(t *testing.T, work string)
		want   string
		force  bool
	}{
		"Edited": {"An edit of an owned file is told with what differs.", func(t *testing.T, work string) {
			write(t, work, "apps/a/base/x.yaml", "replicas: 5\n")
		}, "apps/a/base/x.yaml: this file was edited by hand: replicas: 5 -> 2", true},
		"Mode": {"So is another mode.", func(t *testing.T, work string) {
			if err := os.Chmod(filepath.Join(work, "apps/a/base/x.yaml"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "apps/a/base/x.yaml: this file was edited by hand: it is executable: replicas: 1 -> 2", true},
		"Link": {"And a link.", func(t *testing.T, work string) {
			if err := errors.Join(os.Remove(filepath.Join(work, "apps/a/base/x.yaml")), os.Symlink("../../b/base/x.yaml", filepath.Join(work, "apps/a/base/x.yaml"))); err != nil {
				t.Fatal(err)
			}
		}, "apps/a/base/x.yaml: this file was edited by hand: it is a link: ", true},
		"Directory": {"A directory with a person's files is never taken.", func(t *testing.T, work string) {
			if err := os.Remove(filepath.Join(work, "apps/a/base/x.yaml")); err != nil {
				t.Fatal(err)
			}
			write(t, work, "apps/a/base/x.yaml/mine.txt", "1\n")
		}, "apps/a/base/x.yaml: this is not a regular file", false},
		"Foreign": {"A foreign file in the way is refused.", func(t *testing.T, work string) {
			write(t, work, "apps/c/base/new.yaml", "mine: 1\n")
		}, "apps/c/base/new.yaml: gitopsgen does not manage this file: mine: - 1, ours: + 1", true},
	} {
		t.Run(name, func(t *testing.T) {
			repo := bare(t)
			one := map[string]string{"apps/a/base/x.yaml": "replicas: 1\n", "apps/b/base/x.yaml": "1\n"}
			if _, err := publish(t, gitrepo.Remote{URL: repo}, one, ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			work := clone(t, repo)
			tc.edit(t, work)
			git(t, work, "add", "-A")
			git(t, work, "commit", "-qm", "mine")
			git(t, work, "push", "-q")
			before := git(t, repo, "rev-parse", "main")
			two := map[string]string{"apps/a/base/x.yaml": "replicas: 2\n", "apps/b/base/x.yaml": "1\n", "apps/c/base/new.yaml": "ours: 1\n"}
			_, err := publish(t, gitrepo.Remote{URL: repo, CacheDir: t.TempDir()}, two, ownership.Options{})
			var conflict *ownership.ConflictError
			if !errors.As(err, &conflict) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: error %v, want %q", tc.reason, err, tc.want)
			}
			if after := git(t, repo, "rev-parse", "main"); after != before {
				t.Errorf("%s: the branch moved", tc.reason)
			}
			_, err = publish(t, gitrepo.Remote{URL: repo}, two, ownership.Options{Force: true})
			if (err == nil) != tc.force {
				t.Errorf("%s: with force: %v", tc.reason, err)
			}
			if staged := git(t, clone(t, repo), "ls-files", "-s", "apps/a/base/x.yaml"); tc.force && !strings.HasPrefix(staged, "100644 ") {
				t.Errorf("%s: forcing left %s", tc.reason, staged)
			}
		})
	}
}

// TestRefusals checks that what a server has against a push is told apart.
func TestRefusals(t *testing.T) {
	hook := func(script string) func(t *testing.T, repo string) gitrepo.Remote {
		return func(t *testing.T, repo string) gitrepo.Remote {
			write(t, repo, "hooks/pre-receive", "#!/bin/sh\n"+script)
			if err := os.Chmod(filepath.Join(repo, "hooks/pre-receive"), 0o700); err != nil {
				t.Fatal(err)
			}
			return gitrepo.Remote{URL: repo}
		}
	}
	for name, tc := range map[string]struct {
		reason string
		remote func(t *testing.T, repo string) gitrepo.Remote
		want   error
		says   string
	}{
		"Hook":      {"A hook's own words are passed on.", hook("echo no ticket >&2; exit 1"), gitrepo.ErrHook, "no ticket"},
		"Protected": {"A protected branch needs a pull request.", hook("echo 'GH006: Protected branch update failed' >&2; exit 1"), gitrepo.ErrProtected, "pull request"},
		"Hung":      {"A hook that hangs ends in time.", hook("sleep 5"), gitrepo.ErrTimeout, "--timeout"},
		"Login": {"A wrong password is told.", func(t *testing.T, repo string) gitrepo.Remote {
			return gitrepo.Remote{URL: serveHTTP(t, repo, "").URL, Auth: gitrepo.Basic(user, "wrong")}
		}, gitrepo.ErrLogin, "token"},
		"NoLogin": {"So is a missing one.", func(t *testing.T, repo string) gitrepo.Remote {
			return gitrepo.Remote{URL: serveHTTP(t, repo, "").URL}
		}, gitrepo.ErrLogin, "token"},
		"Forbidden": {"Reading is not writing.", func(t *testing.T, repo string) gitrepo.Remote {
			return gitrepo.Remote{URL: serveHTTP(t, repo, "receive-pack").URL, Auth: gitrepo.Basic(user, password)}
		}, gitrepo.ErrForbidden, "write permission"},
		"NotFound": {"A wrong path is told.", func(t *testing.T, _ string) gitrepo.Remote {
			return gitrepo.Remote{URL: filepath.Join(t.TempDir(), "none.git")}
		}, gitrepo.ErrNotFound, "address"},
		"HostKey": {"Another host key is refused.", func(t *testing.T, repo string) gitrepo.Remote {
			known, other := serveSSH(t, repo), serveSSH(t, repo)
			known.URL = other.URL
			return known
		}, gitrepo.ErrHostKey, "known_hosts"},
		"Key": {"So is another user's key.", func(t *testing.T, repo string) gitrepo.Remote {
			return otherKey(t, repo)
		}, gitrepo.ErrLogin, "key"},
		"ForbiddenSSH": {"A forge tells in its own words who may not write.", func(t *testing.T, repo string) gitrepo.Remote {
			write(t, repo, "denied", "ERROR: Permission to acme/config.git denied to bot.\n")
			return serveSSH(t, repo)
		}, gitrepo.ErrForbidden, "acme/config.git"},
		"ProtectedGitLab": {"Another forge has other words.", hook("echo 'GitLab: You are not allowed to push code to protected branches on this project.' >&2; exit 1"), gitrepo.ErrProtected, "pull request"},
		"WordsOfHook":     {"A hook may speak of permissions, too.", hook("echo images of that registry are not permitted >&2; exit 1"), gitrepo.ErrHook, "not permitted"},
		"NoGit": {"A page is no repository.", func(t *testing.T, _ string) gitrepo.Remote {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
			t.Cleanup(s.Close)
			return gitrepo.Remote{URL: s.URL}
		}, nil, "not a git server"},
		"Unknown": {"An authority that nobody knows can be named.", func(t *testing.T, repo string) gitrepo.Remote {
			s, _ := serveTLS(t, repo)
			return gitrepo.Remote{URL: s.URL}
		}, nil, "--ca-file"},
		"Down": {"A server may be down.", func(t *testing.T, _ string) gitrepo.Remote {
			s := httptest.NewServer(nil)
			s.Close()
			return gitrepo.Remote{URL: s.URL}
		}, nil, "whether the server is up"},
		"SHA256": {"Another kind of hashes is not known.", func(t *testing.T, _ string) gitrepo.Remote {
			other := filepath.Join(t.TempDir(), "other.git")
			git(t, ".", "init", "-q", "--bare", "--object-format=sha256", "-b", "main", other)
			git(t, other, "update-ref", "refs/heads/main", git(t, other, "commit-tree", "-m", "x", git(t, other, "mktree")))
			return gitrepo.Remote{URL: other}
		}, errors.ErrUnsupported, "SHA-1"},
		"CheckedOut": {"Pushing would leave a work tree behind.", func(t *testing.T, _ string) gitrepo.Remote {
			work := t.TempDir()
			git(t, work, "init", "-q", "-b", "main")
			git(t, work, "commit", "-q", "--allow-empty", "-m", "x")
			return gitrepo.Remote{URL: work}
		}, nil, "bare repository"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := bare(t)
			r := tc.remote(t, repo)
			if name == "Hung" {
				r.Timeout = 2 * time.Second
			}
			_, err := publish(t, r, first, ownership.Options{})
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) || !strings.Contains(fmt.Sprint(err), tc.says) {
				t.Errorf("%s: error %v, want %v with %q", tc.reason, err, tc.want, tc.says)
			}
			if refs := git(t, repo, "for-each-ref"); refs != "" && name != "Hung" {
				t.Errorf("%s: there is %s", tc.reason, refs)
			}
		})
	}
}
