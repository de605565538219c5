package disk_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// treeOf returns a tree with inventories; the owner of a file is its first two
// parts and, below overlays, its environment.
func treeOf(t testing.TB, files map[string]string, extensions ...string) *tree.Tree {
	t.Helper()
	var list []tree.File
	for p, data := range files {
		parts := strings.Split(p, "/")
		o := tree.Owner{Unit: strings.Join(parts[:2], "/")}
		if len(parts) > 4 {
			o.Environment = parts[3]
		}
		list = append(list, tree.File{Path: p, Data: []byte(data), Owner: o})
	}
	bare, err := tree.New(list)
	if err != nil {
		t.Fatal(err)
	}
	full, err := inventory.With(bare, inventory.Meta{Generator: "test", Extensions: extensions})
	if err != nil {
		t.Fatal(err)
	}
	return full
}

func read(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func contents(t *tree.Tree) map[string]string {
	out := map[string]string{}
	for _, f := range t.Files() {
		out[f.Path] = string(f.Data)
	}
	return out
}

func write(t testing.TB, dir, name, data string) {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	first  = map[string]string{"apps/a/base/x.yaml": "1", "apps/a/overlays/dev/y.yaml": "1", "apps/b/base/x.yaml": "1", "apps/c/base/x.yaml": "1"}
	second = map[string]string{"apps/a/base/x.yaml": "2", "apps/a/overlays/dev/y.yaml": "1", "apps/b/base/z.yaml": "1", "apps/c/base/x.yaml": "1"}
)

func TestApply(t *testing.T) {
	for name, tc := range map[string]struct {
		reason  string
		prepare func(t *testing.T, dir string)
		want    map[string]string
		options ownership.Options
		err     string
		keeps   map[string]string // what has to stand afterwards
	}{
		"Changes":  {reason: "Owned files are written, deleted and left.", want: second},
		"Foreign":  {reason: "Foreign files survive.", prepare: func(t *testing.T, dir string) { write(t, dir, "apps/b/base/mine.yaml", "m") }, want: second, keeps: map[string]string{"apps/b/base/mine.yaml": "m"}},
		"Edited":   {reason: "A file that a person edited stops the run.", prepare: func(t *testing.T, dir string) { write(t, dir, "apps/a/base/x.yaml", "m") }, want: second, err: "edited by hand", keeps: map[string]string{"apps/a/base/x.yaml": "m", "apps/b/base/x.yaml": "1"}},
		"Force":    {reason: "Unless told otherwise.", prepare: func(t *testing.T, dir string) { write(t, dir, "apps/a/base/x.yaml", "m") }, want: second, options: ownership.Options{Force: true}},
		"Deleted":  {reason: "A file that a person deleted is written again.", prepare: func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "apps/c/base/x.yaml")) }, want: second},
		"InTheWay": {reason: "A foreign file at a wanted path stops the run.", prepare: func(t *testing.T, dir string) { write(t, dir, "apps/b/base/z.yaml", "m") }, want: second, err: "does not manage", keeps: map[string]string{"apps/b/base/z.yaml": "m"}},
		"Adopted":  {reason: "A foreign file of the wanted content is taken over.", prepare: func(t *testing.T, dir string) { write(t, dir, "apps/b/base/z.yaml", "1") }, want: second},
		"Guard":    {reason: "A run that deletes too much stops.", want: map[string]string{"apps/a/base/x.yaml": "1"}, err: "would delete 3 of 4 owned files"},
		"Allowed":  {reason: "Unless told otherwise.", want: map[string]string{"apps/a/base/x.yaml": "1"}, options: ownership.Options{AllowDelete: true}},
		"Empty":    {reason: "A run that empties a tree stops.", want: map[string]string{}, err: "would delete 4 of 4 owned files"},
		"Link": {reason: "Nothing is written through a link.", prepare: func(t *testing.T, dir string) {
			outside := t.TempDir()
			if err := errors.Join(os.RemoveAll(filepath.Join(dir, "apps/b")), os.Symlink(outside, filepath.Join(dir, "apps/b"))); err != nil {
				t.Fatal(err)
			}
		}, want: second, err: "not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			tc.options.MaxDeletePercent = 30
			if _, err := disk.Apply(context.Background(), dir, treeOf(t, first), tc.options); err != nil {
				t.Fatal(err)
			}
			if tc.prepare != nil {
				tc.prepare(t, dir)
			}
			want := treeOf(t, tc.want)
			_, err := disk.Apply(context.Background(), dir, want, tc.options)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("%s: error %v, want %q", tc.reason, err, tc.err)
				}
			} else if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			got := read(t, dir)
			for p, data := range tc.keeps {
				if got[p] != data {
					t.Errorf("%s: %s is %q, want %q", tc.reason, p, got[p], data)
				}
				if tc.err == "" {
					delete(got, p)
				}
			}
			if tc.err != "" {
				return
			}
			if diff := cmp.Diff(contents(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			again, err := disk.Apply(context.Background(), dir, want, tc.options)
			if err != nil || !again.IsEmpty() {
				t.Errorf("a second run: %v, %v", again, err)
			}
		})
	}
}

// TestExtensions checks that what an extension made is not deleted by a program
// that lacks it.
func TestExtensions(t *testing.T) {
	dir := t.TempDir()
	if _, err := disk.Apply(context.Background(), dir, treeOf(t, first, "monitors"), ownership.Options{Extensions: []string{"monitors"}}); err != nil {
		t.Fatal(err)
	}
	less := map[string]string{"apps/a/base/x.yaml": "1", "apps/a/overlays/dev/y.yaml": "1", "apps/b/base/x.yaml": "1"}
	if _, err := disk.Apply(context.Background(), dir, treeOf(t, less), ownership.Options{MaxDeletePercent: 100}); err == nil || !strings.Contains(err.Error(), `"monitors"`) {
		t.Errorf("error %v", err)
	}
}

// many returns so many files of a generation.
func many(generation int) map[string]string {
	out := map[string]string{}
	for i := range 300 {
		if (i+generation)%10 > 0 {
			out[fmt.Sprintf("apps/app-%d/base/x.yaml", i)] = strings.Repeat(fmt.Sprintf("generation: %d\n", generation), 20)
		}
	}
	return out
}

var kills = flag.Int("kills", 20, "how many writing processes TestKilled kills")

// watchJournal returns what waits until a run has written its journal, or is over.
func watchJournal(t *testing.T, dir string) (underWay func()) {
	t.Helper()
	base := disk.JournalBase(t, dir)
	return func() {
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Microsecond) {
			for _, name := range []string{".undo.json", ".redo.json"} {
				if _, err := os.Lstat(base + name); err == nil {
					return
				}
			}
		}
	}
}

// TestKilled kills a writing process at random moments while it has a journal. Afterwards the directory
// is at the one generation or the other, once the next run has had a look.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("GITOPSGEN_TEST_APPLY"); dir != "" {
		_, err := disk.Apply(context.Background(), dir, treeOf(t, many(1)), ownership.Options{AllowDelete: true})
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	outcomes := map[string]int{}
	for range *kills {
		dir := t.TempDir()
		last := writeFirst(t, dir)
		underWay := watchJournal(t, dir)
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
		cmd.Env = append(os.Environ(), "GITOPSGEN_TEST_APPLY="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		underWay()
		time.Sleep(rand.N(last))
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		cut := read(t, dir)
		stands, err := disk.Open(dir)
		if interrupted := (*disk.InterruptedError)(nil); errors.As(err, &interrupted) {
			if diff := cmp.Diff(cut, read(t, dir)); diff != "" {
				t.Fatalf("reading wrote (-before +after):\n%s", diff)
			}
			outcomes["cut off"]++
			if err := disk.Recover(dir); err != nil {
				t.Fatal(err)
			}
			stands, err = disk.Open(dir)
		}
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, dir)
		switch {
		case cmp.Equal(got, contents(treeOf(t, many(0)))):
			outcomes["before"]++
		case cmp.Equal(got, contents(treeOf(t, many(1)))):
			outcomes["after"]++
		default:
			t.Fatalf("neither the one nor the other generation stands: %d files", stands.Tree().Len())
		}
		if _, err := disk.Apply(context.Background(), dir, treeOf(t, many(1)), ownership.Options{AllowDelete: true}); err != nil {
			t.Fatalf("the next run: %v", err)
		}
	}
	t.Logf("outcomes: %v", outcomes)
	if outcomes["cut off"]*2 < *kills {
		t.Errorf("only %d of %d kills were inside of a journal", outcomes["cut off"], *kills)
	}
}

// TestForgedInventory checks that inventories cannot name what is not ours.
func TestForgedInventory(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "precious.yaml", "mine")
	for name, line := range map[string]string{
		"Outside": "  ../escape: " + strings.Repeat("a", 40),
		"Git":     "  .git/config: " + strings.Repeat("a", 40),
		"NoID":    "  apps/a/base/x: short",
		"Foreign": "  CODEOWNERS: " + strings.Repeat("a", 40),
		"Other":   "  apps/b/base/x.yaml: " + strings.Repeat("a", 40),
		"Overlay": "  apps/a/overlays/prod/x.yaml: " + strings.Repeat("a", 40),
		"Notes":   "  apps/a/notes.md: " + strings.Repeat("a", 40),
		"NoFiles": "",
	} {
		write(t, dir, ".gitopsgen/apps/a/base.yaml", "apiVersion: gitopsgen.dev/v1alpha1\nkind: Inventory\nfiles:\n"+line+"\n")
		if _, err := disk.Open(dir); err == nil {
			t.Errorf("%s: the inventory was accepted", name)
		}
	}
}
