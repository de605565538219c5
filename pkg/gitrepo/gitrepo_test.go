package gitrepo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// git runs the git command in a directory, without the user's configuration.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=person", "GIT_AUTHOR_EMAIL=person@example.com", "GIT_COMMITTER_NAME=person", "GIT_COMMITTER_EMAIL=person@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// bare returns an empty bare repository that takes pushes.
func bare(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "config.git")
	git(t, ".", "init", "-q", "--bare", "-b", "main", dir)
	git(t, dir, "config", "http.receivepack", "true")
	git(t, dir, "config", "receive.fsckObjects", "true")
	return dir
}

// clone clones a repository and checks it.
func clone(t testing.TB, repo string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "clone")
	git(t, ".", "clone", "-q", repo, dir)
	git(t, dir, "fsck", "--strict")
	return dir
}

// treeOf returns a tree with inventories; the first two parts of a path are its
// unit, and below overlays the fourth is its environment.
func treeOf(t testing.TB, files map[string]string) *tree.Tree {
	t.Helper()
	var list []tree.File
	for p, data := range files {
		parts := strings.Split(p, "/")
		owner := tree.Owner{Unit: parts[0] + "/" + parts[1]}
		if parts[2] == "overlays" {
			owner.Environment = parts[3]
		}
		list = append(list, tree.File{Path: p, Data: []byte(data), Owner: owner})
	}
	plain, err := tree.New(list)
	if err != nil {
		t.Fatal(err)
	}
	full, err := inventory.With(plain, inventory.Meta{Generator: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// open opens the main branch of a repository.
func open(t testing.TB, r gitrepo.Remote) *gitrepo.Repo {
	t.Helper()
	if r.Branch == "" {
		r.Branch = "main"
	}
	if r.Timeout == 0 {
		r.Timeout = 5 * time.Minute
	}
	repo, err := gitrepo.Open(r)
	if err != nil {
		t.Fatal(err)
	}
	return repo
}

// change returns what brings a branch to files.
func change(t testing.TB, files map[string]string, o ownership.Options) func(*gitrepo.Tip) (gitrepo.Change, error) {
	want := treeOf(t, files)
	return func(*gitrepo.Tip) (gitrepo.Change, error) {
		return gitrepo.Change{Tree: want, Options: o, Commit: func(p ownership.Plan) (gitrepo.Commit, error) {
			return said("publish\n\n" + p.String()), nil
		}}, nil
	}
}

// said returns a commit with a message.
func said(message string) gitrepo.Commit {
	bot := gitrepo.Person{Name: "bot", Email: "bot@example.com"}
	return gitrepo.Commit{Author: bot, Committer: bot, Time: time.Unix(1700000000, 0).UTC(), Message: message}
}

func publish(t testing.TB, r gitrepo.Remote, files map[string]string, o ownership.Options) (gitrepo.Outcome, error) {
	t.Helper()
	return open(t, r).Apply(context.Background(), false, change(t, files, o))
}

var (
	first  = map[string]string{"apps/a/base/x.yaml": "1\n", "apps/a/base/sub/y.yaml": "1\n", "apps/b/base/x.yaml": "1\n"}
	second = map[string]string{"apps/a/base/x.yaml": "2\n", "apps/a/base/sub/y.yaml": "1\n", "apps/b/base/z.yaml": "1\n"}
)

// files returns the regular files of a directory, but for git's own and for
// inventories.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, p := range strings.Fields(git(t, dir, "ls-files")) {
		if strings.HasPrefix(p, ".gitopsgen/") || strings.Contains(p, "/.gitopsgen/") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			continue // a submodule
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		out[p] = string(data)
	}
	return out
}

// TestPublish publishes three times over each transport, with and without a
// cache, and lets the git command judge.
func TestPublish(t *testing.T) {
	for name, remote := range map[string]func(t *testing.T, repo string) gitrepo.Remote{
		"Path": func(_ *testing.T, repo string) gitrepo.Remote { return gitrepo.Remote{URL: repo} },
		"File": func(_ *testing.T, repo string) gitrepo.Remote { return gitrepo.Remote{URL: "file://" + repo} },
		"HTTP": func(t *testing.T, repo string) gitrepo.Remote {
			return gitrepo.Remote{URL: serveHTTP(t, repo, "").URL, Auth: gitrepo.Basic(user, password)}
		},
		"TLS": func(t *testing.T, repo string) gitrepo.Remote {
			s, ca := serveTLS(t, repo)
			return gitrepo.Remote{URL: s.URL, Auth: gitrepo.Basic(user, password), CABundle: ca}
		},
		"SSH":   func(t *testing.T, repo string) gitrepo.Remote { return serveSSH(t, repo) },
		"Agent": serveAgent,
	} {
		for _, cache := range []string{"", t.TempDir()} {
			t.Run(fmt.Sprintf("%s/cache=%t", name, cache != ""), func(t *testing.T) {
				repo := bare(t)
				r := remote(t, repo)
				r.CacheDir, r.Path = cache, "deploy"
				for i, want := range []map[string]string{first, second, second, first} {
					out, err := publish(t, r, want, ownership.Options{MaxDeletePercent: 50})
					if err != nil {
						t.Fatalf("publish %d: %v", i, err)
					}
					if (out.Commit == "") != (i == 2) {
						t.Fatalf("publish %d made the commit %q: %v", i, out.Commit, out.Plan)
					}
					if i == 1 { // a person's work, beside ours
						work := clone(t, repo)
						write(t, work, "README.md", "mine\n")
						write(t, work, "deploy/apps/b/mine.sh", "#!/bin/sh\n")
						if err := errors.Join(os.Chmod(filepath.Join(work, "deploy/apps/b/mine.sh"), 0o755), os.Symlink("README.md", filepath.Join(work, "link"))); err != nil {
							t.Fatal(err)
						}
						write(t, work, "deploy/apps/b/.gitattributes", "*.bin filter=lfs\n")
						git(t, work, "add", "-A")
						git(t, work, "update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("12", 20)+",deploy/apps/b/module")
						git(t, work, "commit", "-qm", "mine")
						git(t, work, "push", "-q")
					}
				}
				work := clone(t, repo)
				got := files(t, work)
				for p, data := range first {
					if got["deploy/"+p] != data {
						t.Errorf("%s holds %q, want %q", p, got["deploy/"+p], data)
					}
				}
				for p, mode := range map[string]string{"deploy/apps/b/mine.sh": "100755", "link": "120000", "deploy/apps/b/module": "160000", "README.md": "100644", "deploy/apps/b/.gitattributes": "100644"} {
					if s := git(t, work, "ls-files", "-s", p); !strings.HasPrefix(s, mode) {
						t.Errorf("the person's %s did not survive: %q", p, s)
					}
				}
				if len(got) != len(first)+4 {
					t.Errorf("there are %v", got)
				}
				if n := git(t, work, "rev-list", "--count", "HEAD"); n != "4" {
					t.Errorf("there are %s commits, want 4", n)
				}
			})
		}
	}
}

func write(t testing.TB, dir, name, data string) {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(data), 0o600)); err != nil {
		t.Fatal(err)
	}
}
