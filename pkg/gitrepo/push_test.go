package gitrepo_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// TestLocked publishes while another push holds the branch's lock for longer than
// the server waits.
func TestLocked(t *testing.T) {
	repo := bare(t)
	if _, err := publish(t, gitrepo.Remote{URL: repo}, first, ownership.Options{}); err != nil {
		t.Fatal(err)
	}
	write(t, repo, "refs/heads/main.lock", "")
	timer := time.AfterFunc(time.Second, func() { _ = os.Remove(filepath.Join(repo, "refs/heads/main.lock")) })
	defer timer.Stop()
	out, err := publish(t, gitrepo.Remote{URL: repo}, second, ownership.Options{MaxDeletePercent: 50})
	if err != nil || out.Commit != git(t, repo, "rev-parse", "main") || out.Attempts < 2 {
		t.Errorf("after %d attempts: %q, %v", out.Attempts, out.Commit, err)
	}
}

// TestDropped lets connections break before and after the server moved the
// branch, and lets it say nothing. A publish that says that it made a commit did,
// and one that fails can be run again.
func TestDropped(t *testing.T) {
	hook := func(name, script string) func(t *testing.T, repo string) gitrepo.Remote {
		return func(t *testing.T, repo string) gitrepo.Remote {
			write(t, repo, "hooks/"+name, "#!/bin/sh\n"+script)
			if err := os.Chmod(filepath.Join(repo, "hooks", name), 0o700); err != nil {
				t.Fatal(err)
			}
			return gitrepo.Remote{URL: repo}
		}
	}
	answer := func(push func(w http.ResponseWriter, forward func(http.ResponseWriter))) func(t *testing.T, repo string) gitrepo.Remote {
		return func(t *testing.T, repo string) gitrepo.Remote {
			git := backend(t, repo, "")
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "git-receive-pack") {
					git.ServeHTTP(w, r)
					return
				}
				push(w, func(w http.ResponseWriter) { git.ServeHTTP(w, r) })
			}))
			t.Cleanup(s.Close)
			return gitrepo.Remote{URL: s.URL, Auth: gitrepo.Basic(user, password)}
		}
	}
	for name, tc := range map[string]struct {
		reason string
		remote func(t *testing.T, repo string) gitrepo.Remote
		moved  bool
	}{
		"HookBefore":  {"A server dies before it moves the branch.", hook("pre-receive", "kill -9 $PPID"), false},
		"HookAfter":   {"A server dies after that.", hook("post-receive", "kill -9 $PPID"), true},
		"HookSlow":    {"A slow hook is waited for.", hook("pre-receive", "sleep 1"), true},
		"BreakBefore": {"A connection breaks before the server reads.", answer(func(http.ResponseWriter, func(http.ResponseWriter)) { panic(http.ErrAbortHandler) }), false},
		"BreakAfter": {"And after that, so that its answer is lost.", answer(func(_ http.ResponseWriter, forward func(http.ResponseWriter)) {
			forward(httptest.NewRecorder())
			panic(http.ErrAbortHandler)
		}), true},
		"Silent":    {"Something between swallows the push.", answer(func(http.ResponseWriter, func(http.ResponseWriter)) {}), false},
		"SilentYes": {"Or its answer.", answer(func(_ http.ResponseWriter, forward func(http.ResponseWriter)) { forward(httptest.NewRecorder()) }), true},
		"Gateway":   {"A gateway gives up.", answer(func(w http.ResponseWriter, _ func(http.ResponseWriter)) { w.WriteHeader(http.StatusBadGateway) }), false},
	} {
		t.Run(name, func(t *testing.T) {
			repo := bare(t)
			if _, err := publish(t, gitrepo.Remote{URL: repo}, first, ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			before := git(t, repo, "rev-parse", "main")
			r := tc.remote(t, repo)
			r.CacheDir = t.TempDir()
			out, err := publish(t, r, second, ownership.Options{MaxDeletePercent: 50})
			after := git(t, repo, "rev-parse", "main")
			if (err == nil) != tc.moved || (after != before) != tc.moved || tc.moved && out.Commit != after {
				t.Errorf("%s: %q, %v; the branch went from %s to %s", tc.reason, out.Commit, err, before, after)
			}
			if err := os.RemoveAll(filepath.Join(repo, "hooks")); err != nil {
				t.Fatal(err)
			}
			out, err = publish(t, gitrepo.Remote{URL: repo, CacheDir: r.CacheDir}, second, ownership.Options{MaxDeletePercent: 50})
			if err != nil || (out.Commit == "") != tc.moved {
				t.Errorf("%s: publishing again: %q, %v", tc.reason, out.Commit, err)
			}
			clone(t, repo)
		})
	}
}
