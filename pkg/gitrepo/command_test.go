package gitrepo_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// run runs the command and returns its exit code and all that it prints.
func run(t testing.TB, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Program{Version: "v0.0.0-test"}.Run(context.Background(), args,
		cli.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Getenv: func(key string) string { return env[key] }})
	return code, stdout.String(), stderr.String()
}

// scaffold returns the directory of a small fleet.
func scaffold(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fleet")
	if code, _, errs := run(t, nil, "init", dir); code != 0 {
		t.Fatal(errs)
	}
	return dir
}

// edit replaces a text in the fleet's app.
func edit(t testing.TB, fleet, old, text string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(fleet, "web.yaml"))
	if err != nil || !strings.Contains(string(data), old) {
		t.Fatalf("web.yaml does not hold %q: %v", old, err)
	}
	write(t, fleet, "web.yaml", strings.Replace(string(data), old, text, 1))
}

// TestCommand publishes, publishes a change, publishes again, and sees what a
// person reverts.
func TestCommand(t *testing.T) {
	fleet, repo, cache := scaffold(t), bare(t), t.TempDir()
	args := func(command string, more ...string) []string {
		return append([]string{command, "-f", fleet, "--repo", repo, "--cache-dir", cache}, more...)
	}
	env := map[string]string{"SOURCE_DATE_EPOCH": "1700000000", "GIT_AUTHOR_NAME": "Bot", "GIT_AUTHOR_EMAIL": "bot@example.com"}
	if code, out, errs := run(t, env, args("publish")...); code != 0 || strings.TrimSpace(out) != git(t, repo, "rev-parse", "main") {
		t.Fatalf("exit code %d, %q\n%s", code, out, errs)
	}
	edit(t, fleet, "replicas: 3", "replicas: 5")
	if code, out, _ := run(t, env, args("diff")...); code != 1 || !strings.Contains(out, "spec.replicas: 3 -> 5") {
		t.Errorf("diff exits with %d: %s", code, out)
	}
	if code, _, errs := run(t, env, args("publish")...); code != 0 {
		t.Fatal(errs)
	}
	stat := git(t, repo, "show", "--numstat", "--format=%an <%ae> %at%n%B", "main")
	want := `Bot <bot@example.com> 1700000000
Update apps/web in prod

apps/web prod: 1 changed, 0 added, 0 deleted

Gitopsgen-Version: v0.0.0-test


1	1	.gitopsgen/apps/web/envs/prod.yaml
1	1	apps/web/overlays/prod/kustomization.yaml`
	if diff := cmp.Diff(want, stat); diff != "" {
		t.Errorf("the second commit (-want +got):\n%s", diff)
	}
	if code, out, errs := run(t, env, args("publish")...); code != 0 || out != "" || !strings.Contains(errs, "nothing changed") {
		t.Errorf("publishing again: exit code %d, %q\n%s", code, out, errs)
	}
	if code, _, errs := run(t, env, args("verify")...); code != 0 {
		t.Errorf("verify: %s", errs)
	}
	work := clone(t, repo)
	git(t, work, "revert", "--no-edit", "HEAD")
	git(t, work, "push", "-q")
	if code, out, _ := run(t, env, args("diff")...); code != 1 || !strings.Contains(out, "spec.replicas: 3 -> 5") {
		t.Errorf("after a revert, diff exits with %d: %s", code, out)
	}
	if code, out, errs := run(t, env, args("publish", "--app", "web", "--env", "prod", "-m", "Once more")...); code != 0 || out == "" {
		t.Errorf("a narrowed publish exits with %d: %s", code, errs)
	}
	if s := git(t, repo, "show", "-s", "--format=%s", "main"); s != "Once more" {
		t.Errorf("the subject is %q", s)
	}
	if got := git(t, repo, "rev-parse", "main^{tree}"); got != git(t, repo, "rev-parse", "main~2^{tree}") {
		t.Error("the tree is not that of before the revert")
	}
}

// TestOlder publishes a model's commits out of order. The environment cannot allow
// it: that has to be said each time.
func TestOlder(t *testing.T) {
	fleet, repo := scaffold(t), bare(t)
	publish := func(more ...string) (int, string) {
		code, _, errs := run(t, map[string]string{"GITOPSGEN_ALLOW_OLDER": "true"}, append([]string{"publish", "-f", fleet, "--repo", repo, "--cache-dir", "none"}, more...)...)
		return code, errs
	}
	git(t, fleet, "init", "-q")
	for _, replicas := range []string{"4", "5"} {
		edit(t, fleet, "replicas: ", "replicas: "+replicas+" # ")
		git(t, fleet, "add", "-A")
		git(t, fleet, "commit", "-qm", replicas)
	}
	if code, errs := publish(); code != 0 {
		t.Fatal(errs)
	}
	git(t, fleet, "checkout", "-q", "HEAD~1")
	if code, errs := publish(); code != 2 || !strings.Contains(errs, "generated from a newer model") {
		t.Errorf("an older model: exit code %d: %s", code, errs)
	}
	if code, errs := publish("--allow-older"); code != 0 {
		t.Errorf("--allow-older: exit code %d: %s", code, errs)
	}
}

// TestRaceCommand lets eight commands, each narrowed to an app of its own, publish
// at once, round after round.
func TestRaceCommand(t *testing.T) {
	const publishers = 8
	repo := bare(t)
	app := func(p int) string { return fmt.Sprintf("app-%d", p) }
	fleets := make([]string, publishers)
	for p := range publishers {
		fleets[p] = scaffold(t)
		web, err := os.ReadFile(filepath.Join(fleets[p], "web.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for q := range publishers {
			write(t, fleets[p], app(q)+".yaml", strings.Replace(string(web), "name: web", "name: "+app(q), 1))
		}
	}
	if code, _, errs := run(t, nil, "publish", "-f", fleets[0], "--repo", repo, "--cache-dir", "none"); code != 0 {
		t.Fatal(errs)
	}
	for round := range *rounds {
		var wg sync.WaitGroup
		for p := range publishers {
			wg.Go(func() {
				file := filepath.Join(fleets[p], app(p)+".yaml")
				data, err := os.ReadFile(file)
				if err != nil {
					t.Error(err)
					return
				}
				write(t, fleets[p], app(p)+".yaml", strings.Replace(string(data), "replicas: ", fmt.Sprintf("replicas: %d # ", 10+round), 1))
				if code, out, errs := run(t, nil, "publish", "-f", fleets[p], "--repo", repo, "--app", app(p), "--cache-dir", "none"); code != 0 || out == "" {
					t.Errorf("round %d, %s: exit code %d: %s", round, app(p), code, errs)
				}
			})
		}
		wg.Wait()
	}
	work := clone(t, repo)
	for p := range publishers {
		if k := files(t, work)["apps/"+app(p)+"/overlays/prod/kustomization.yaml"]; !strings.Contains(k, fmt.Sprintf("count: %d\n", 9+*rounds)) {
			t.Errorf("the change of %s is lost:\n%s", app(p), k)
		}
	}
	if n := git(t, work, "rev-list", "--count", "HEAD"); n != fmt.Sprint(1+publishers**rounds) || git(t, work, "rev-list", "--merges", "HEAD") != "" {
		t.Errorf("there are %s commits", n)
	}
}

// TestSameTree checks that where a tree goes does not change it.
func TestSameTree(t *testing.T) {
	fleet := scaffold(t)
	trees := map[string]bool{}
	for _, branch := range []string{"main", "other/branch"} {
		for range 2 {
			repo := bare(t)
			if code, _, errs := run(t, nil, "publish", "-f", fleet, "--repo", repo, "--branch", branch, "--cache-dir", "none"); code != 0 {
				t.Fatal(errs)
			}
			trees[git(t, repo, "rev-parse", branch+"^{tree}")] = true
		}
	}
	if len(trees) != 1 {
		t.Errorf("there are %d trees: %v", len(trees), trees)
	}
}

// TestNoCredential looks for a credential in all that a publish prints and keeps,
// however it is given and whatever goes wrong.
func TestNoCredential(t *testing.T) {
	fleet := scaffold(t)
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	asToken := base64.StdEncoding.EncodeToString([]byte("x-access-token:" + password))
	tokenFile := filepath.Join(t.TempDir(), "token")
	write(t, filepath.Dir(tokenFile), "token", password+"\n")
	config := filepath.Join(t.TempDir(), "gitconfig")
	write(t, filepath.Dir(config), "gitconfig", "[credential]\n\thelper = \"!f() { echo username="+user+"; echo password="+password+"; }; f\"\n")
	ways := map[string]struct {
		env    map[string]string
		args   []string
		helper bool
	}{
		"Token":    {map[string]string{"GITOPSGEN_TOKEN": password}, []string{"--username", user}, false},
		"Password": {map[string]string{"GITOPSGEN_PASSWORD": password, "GITOPSGEN_USERNAME": user}, nil, false},
		"File":     {nil, []string{"--username", user, "--token-file", tokenFile}, false},
		"Helper":   {nil, nil, true},
	}
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_ = r.Header.Write(w) // a server that tells what it was sent
		}
	}
	servers := map[string]func(t *testing.T, repo string) *httptest.Server{
		"Works":     func(t *testing.T, repo string) *httptest.Server { return serveHTTP(t, repo, "") },
		"Forbidden": func(t *testing.T, repo string) *httptest.Server { return serveHTTP(t, repo, "receive-pack") },
		"Wrong":     func(*testing.T, string) *httptest.Server { return httptest.NewServer(echo(http.StatusUnauthorized)) },
		"Refused":   func(*testing.T, string) *httptest.Server { return httptest.NewServer(echo(http.StatusForbidden)) },
		"Broken": func(*testing.T, string) *httptest.Server {
			return httptest.NewServer(echo(http.StatusInternalServerError))
		},
		"Nonsense": func(*testing.T, string) *httptest.Server { return httptest.NewServer(echo(http.StatusOK)) },
		"Hung": func(t *testing.T, _ string) *httptest.Server {
			return httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-r.Context().Done():
				case <-time.After(2 * time.Second):
				}
			}))
		},
	}
	for way, w := range ways {
		for name, serve := range servers {
			t.Run(way+"/"+name, func(t *testing.T) {
				t.Setenv("GIT_CONFIG_GLOBAL", "/dev/null")
				if w.helper {
					t.Setenv("GIT_CONFIG_GLOBAL", config)
				}
				repo, cache := bare(t), t.TempDir()
				s := serve(t, repo)
				defer s.Close()
				args := append([]string{"publish", "-f", fleet, "--repo", s.URL, "--cache-dir", cache}, w.args...)
				if name == "Hung" {
					args = append(args, "--timeout", "300ms")
				}
				code, out, errs := run(t, w.env, args...)
				if (code == 0) != (name == "Works") {
					t.Fatalf("exit code %d\n%s", code, errs)
				}
				kept := out + errs + contents(t, cache) + contents(t, repo)
				for _, secret := range []string{password, basic, asToken} {
					if strings.Contains(kept, secret) {
						t.Errorf("the credential stands in %s", kept)
					}
				}
			})
		}
	}
	for _, address := range []string{
		"https://" + user + ":" + password + "@git.example.com/x.git", "https://" + password + "@git.example.com/x.git",
		"https://" + user + ":%zz" + password + "@git.example.com/x.git", "ssh://" + user + ":" + password + "@git.example.com/x.git",
		user + ":" + password + "@git.example.com:x.git", "ftp://" + user + ":" + password + "@git.example.com/x.git",
	} {
		code, out, errs := run(t, nil, "publish", "-f", fleet, "--repo", address)
		if code == 0 || strings.Contains(out+errs, password) || !strings.Contains(errs, "contains a login") {
			t.Errorf("%s: exit code %d, %s", address, code, errs)
		}
	}
}

// TestBranches publishes an environment on a branch of its own: each branch gets
// one commit with its environments alone, and a narrowed run touches its own.
func TestBranches(t *testing.T) {
	for _, layout := range []string{"overlays", "rendered"} {
		t.Run(layout, func(t *testing.T) {
			fleet, repo := scaffold(t), bare(t)
			data, err := os.ReadFile(filepath.Join(fleet, "fleet.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(string(data), "  name: prod\nspec:\n", "  name: prod\nspec:\n  branch: env/prod\n", 1)
			text = strings.Replace(text, "  repository:\n", "  repository:\n    layout: "+layout+"\n", 1)
			write(t, fleet, "fleet.yaml", text)
			args := []string{"-f", fleet, "--repo", repo, "--cache-dir", "none"}
			code, out, errs := run(t, nil, append([]string{"publish"}, args...)...)
			if code != 0 || strings.Count(out, "\n") != 2 || !strings.HasPrefix(out, "main ") {
				t.Fatalf("exit code %d: %s%s", code, out, errs)
			}
			for branch, other := range map[string]string{"main": "prod", "env/prod": "dev"} {
				for _, p := range strings.Fields(git(t, repo, "ls-tree", "-r", "--name-only", branch)) {
					if branch == "main" && (strings.HasPrefix(p, "clusters/") || strings.HasPrefix(p, "argocd/roots/")) {
						continue // Argo CD starts from the repository's own branch
					}
					if strings.Contains(p, "/"+other+"/") || strings.HasSuffix(p, other+".yaml") {
						t.Errorf("%s holds %s", branch, p)
					}
				}
			}
			if code, _, errs := run(t, nil, append([]string{"verify"}, args...)...); code != 0 {
				t.Errorf("verify: %s", errs)
			}
			before := git(t, repo, "rev-parse", "main")
			edit(t, fleet, "replicas: 3", "replicas: 5")
			code, out, errs = run(t, nil, append([]string{"publish", "--env", "prod"}, args...)...)
			if code != 0 || !strings.HasPrefix(out, "env/prod ") || git(t, repo, "rev-parse", "main") != before {
				t.Errorf("a narrowed publish: exit code %d: %s%s", code, out, errs)
			}
			if code, out, errs := run(t, nil, append([]string{"publish"}, args...)...); code != 0 || out != "" {
				t.Errorf("publishing again: exit code %d: %s%s", code, out, errs)
			}
		})
	}
}

// contents returns all that stands in a directory, as one text.
func contents(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		b.WriteString(p)
		b.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
