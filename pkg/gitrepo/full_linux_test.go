package gitrepo_test

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// TestFullDisk lets the file system of the cache, and then that of the server,
// fill: a publish works without a cache, and a server without room stays at the
// old commit until it has some.
func TestFullDisk(t *testing.T) {
	mount := func(kib int) string {
		t.Helper()
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
			t.Skipf("mounting a small file system: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		return dir
	}
	repo := bare(t)
	r := gitrepo.Remote{URL: repo, CacheDir: mount(16)}
	for g := range 3 {
		if out, err := publish(t, r, generation(g), ownership.Options{}); err != nil || out.Commit == "" {
			t.Fatalf("with a full cache: %v", err)
		}
	}
	clone(t, repo)

	small := mount(200)
	git(t, ".", "init", "-q", "--bare", "-b", "main", small)
	git(t, small, "config", "gc.auto", "0")
	r = gitrepo.Remote{URL: small, CacheDir: t.TempDir()}
	if _, err := publish(t, r, first, ownership.Options{}); err != nil {
		t.Fatal(err)
	}
	before := git(t, small, "rev-parse", "main")
	many := generation(0)
	for p, data := range first {
		many[p] = data
	}
	_, err := publish(t, r, many, ownership.Options{})
	if err == nil || git(t, small, "rev-parse", "main") != before {
		t.Fatalf("a full server took the commit: %v", err)
	}
	t.Log(err)
	if err := syscall.Mount("tmpfs", small, "tmpfs", syscall.MS_REMOUNT, "size=40m"); err != nil {
		t.Fatal(err)
	}
	if out, err := publish(t, r, many, ownership.Options{}); err != nil || out.Commit == "" {
		t.Fatalf("once there is room: %v", err)
	}
	clone(t, small)
}
