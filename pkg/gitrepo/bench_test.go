package gitrepo_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// large returns 25,000 files as a fleet of 1,000 apps in 5 environments has them.
func large() map[string]string {
	out := map[string]string{}
	for i := range 25000 {
		out[fmt.Sprintf("apps/app-%04d/overlays/env-%d/file-%d.yaml", i/25, i/5%5, i%5)] =
			fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-%d\n  labels:\n    app.kubernetes.io/name: app-%d\n    app.kubernetes.io/managed-by: gitopsgen\ndata:\n  key: %s\n", i, i, strings.Repeat(fmt.Sprint("value-", i, " "), 20))
	}
	return out
}

// BenchmarkFirst makes the first commit of 25,000 files, beside git.
func BenchmarkFirst(b *testing.B) {
	want := large()
	tree := treeOf(b, want)
	b.Run("publish", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			repo := unchecked(b)
			b.StartTimer()
			_, err := open(b, gitrepo.Remote{URL: repo}).Apply(context.Background(), false, func(*gitrepo.Tip) (gitrepo.Change, error) {
				return gitrepo.Change{Tree: tree, Commit: func(ownership.Plan) (gitrepo.Commit, error) { return said("first"), nil }}, nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(heapMiB(), "MiB")
	})
	b.Run("fast-import", func(b *testing.B) {
		var stream bytes.Buffer
		stream.WriteString("commit refs/heads/main\ncommitter bot <bot@example.com> 1700000000 +0000\ndata 5\nfirst\n")
		for _, f := range tree.Files() {
			fmt.Fprintf(&stream, "M 100644 inline %s\ndata %d\n%s\n", f.Path, len(f.Data), f.Data)
		}
		for range b.N {
			b.StopTimer()
			repo := bare(b)
			b.StartTimer()
			cmd := exec.Command("git", "fast-import", "--quiet")
			cmd.Dir, cmd.Stdin = repo, bytes.NewReader(stream.Bytes())
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
		}
	})
	b.Run("add-commit", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			work := b.TempDir()
			git(b, work, "init", "-q")
			for _, p := range slices.Sorted(maps.Keys(want)) {
				write(b, work, p, want[p])
			}
			b.StartTimer()
			git(b, work, "add", "-A")
			git(b, work, "commit", "-qm", "first")
		}
	})
}

// BenchmarkNext changes one file of 25,000 on an HTTP server, or none with a
// cache, beside git.
func BenchmarkNext(b *testing.B) {
	want, repo := large(), unchecked(b)
	s := serveHTTP(b, repo, "")
	r := gitrepo.Remote{URL: s.URL, Auth: gitrepo.Basic(user, password)}
	if _, err := publish(b, r, want, ownership.Options{}); err != nil {
		b.Fatal(err)
	}
	const name = "apps/app-0500/overlays/env-3/file-2.yaml"
	edits := 0 // each is another
	for _, cache := range []string{"", b.TempDir()} {
		b.Run(fmt.Sprintf("publish/one/cache=%t", cache != ""), func(b *testing.B) {
			r := r
			r.CacheDir = cache
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				edits++
				want[name] = fmt.Sprintf("edit: %d\n", edits)
				build := change(b, want, ownership.Options{})
				b.StartTimer()
				if out, err := open(b, r).Apply(context.Background(), false, build); err != nil || out.Commit == "" {
					b.Fatal(out.Plan, err)
				}
			}
			b.ReportMetric(heapMiB(), "MiB")
		})
		b.Run(fmt.Sprintf("publish/none/cache=%t", cache != ""), func(b *testing.B) {
			r := r
			r.CacheDir = cache
			build := change(b, want, ownership.Options{})
			b.ResetTimer()
			for range b.N {
				if out, err := open(b, r).Apply(context.Background(), false, build); err != nil || out.Commit != "" {
					b.Fatal(out.Plan, err)
				}
			}
		})
	}
	b.Run("git/one", func(b *testing.B) {
		address := strings.Replace(s.URL, "http://", "http://"+user+":"+password+"@", 1)
		for range b.N {
			edits++
			work := filepath.Join(b.TempDir(), "work")
			git(b, ".", "clone", "-q", "--depth", "1", address, work)
			if err := os.WriteFile(filepath.Join(work, name), fmt.Appendf(nil, "edit: %d\n", edits), 0o600); err != nil {
				b.Fatal(err)
			}
			git(b, work, "add", "-A")
			git(b, work, "commit", "-qm", "one")
			git(b, work, "push", "-q")
		}
	})
}

// unchecked returns a bare repository as git makes it by default.
func unchecked(b *testing.B) string {
	repo := bare(b)
	git(b, repo, "config", "--unset", "receive.fsckObjects")
	return repo
}

// heapMiB returns the memory that Go has from the system.
func heapMiB() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys) / (1 << 20)
}
