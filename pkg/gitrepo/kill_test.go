package gitrepo_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

var kills = flag.Int("kills", 8, "how many publishers TestKilled kills")

// generation returns many files of a generation.
func generation(g int) map[string]string {
	out := map[string]string{}
	for i := range 400 {
		out[fmt.Sprintf("apps/app-%d/base/x.yaml", i)] = strings.Repeat(fmt.Sprintf("generation: %d\n", g), 1+i%30)
	}
	return out
}

// TestKilled kills publishers at random moments. The branch is always at the old
// or the new commit, whole, and a later publish succeeds with the cache that was
// left.
func TestKilled(t *testing.T) {
	if repo := os.Getenv("GITOPSGEN_TEST_PUBLISH"); repo != "" {
		if _, err := publish(t, gitrepo.Remote{URL: repo, CacheDir: os.Getenv("GITOPSGEN_TEST_CACHE")}, generation(1), ownership.Options{}); err != nil {
			t.Fatal(err)
		}
		return
	}
	repo, cache := bare(t), t.TempDir()
	outcomes := map[string]int{}
	for i := range *kills {
		if _, err := publish(t, gitrepo.Remote{URL: repo, CacheDir: cache}, generation(0), ownership.Options{}); err != nil {
			t.Fatalf("the publish after kill %d: %v", i, err)
		}
		before := git(t, repo, "rev-parse", "main")
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
		cmd.Env = append(os.Environ(), "GITOPSGEN_TEST_PUBLISH="+repo, "GITOPSGEN_TEST_CACHE="+cache)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		time.Sleep(20 * time.Millisecond) // what the server does with a whole pack, it does alone
		if git(t, repo, "rev-parse", "main") == before {
			outcomes["before"]++
		} else {
			outcomes["after"]++
			if git(t, repo, "rev-parse", "main^") != before {
				t.Fatal("the branch is at neither commit")
			}
		}
		git(t, repo, "fsck", "--strict", "--connectivity-only")
	}
	clone(t, repo)
	t.Logf("%v", outcomes)
}

// TestCache damages the cache in all ways that a full disk or a crash may: it
// heals, and what is published is right.
func TestCache(t *testing.T) {
	for name, damage := range map[string]func(data []byte) []byte{
		"Empty":   func([]byte) []byte { return nil },
		"Cut":     func(data []byte) []byte { return data[:len(data)/2] },
		"Flipped": func(data []byte) []byte { data[len(data)/3] ^= 1; return data },
		"Noise":   func([]byte) []byte { return []byte(strings.Repeat("\xff\x01noise", 100)) },
	} {
		t.Run(name, func(t *testing.T) {
			repo, cache := bare(t), t.TempDir()
			r := gitrepo.Remote{URL: repo, CacheDir: cache}
			if _, err := publish(t, r, generation(0), ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			paths, err := filepath.Glob(filepath.Join(cache, "git-*"))
			if err != nil || len(paths) != 1 {
				t.Fatalf("the cache holds %v: %v", paths, err)
			}
			data, err := os.ReadFile(paths[0])
			if err != nil {
				t.Fatal(err)
			}
			write(t, cache, filepath.Base(paths[0]), string(damage(data)))
			one := generation(0)
			one["apps/app-7/base/x.yaml"] = "changed\n"
			if _, err := publish(t, r, one, ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			if got := files(t, clone(t, repo)); got["apps/app-7/base/x.yaml"] != "changed\n" || len(got) != len(one) {
				t.Errorf("the branch holds %d files", len(got))
			}
			if out, err := publish(t, r, one, ownership.Options{}); err != nil || out.Commit != "" {
				t.Errorf("publishing again: %v %v", out.Commit, err)
			}
		})
	}
}
