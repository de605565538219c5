package disk_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
)

// TestForgedJournal checks that nothing in the directory itself is obeyed, as a
// clone can bring it.
func TestForgedJournal(t *testing.T) {
	for name, journal := range map[string]string{
		"redo.json": `{"creates":[],"replaces":[".git/hooks/post-commit"],"deletes":["README"]}`,
		"undo.json": `{"creates":[{"path":"README","length":100}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := disk.Apply(context.Background(), dir, treeOf(t, first), ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "README", "mine")
			write(t, dir, ".git/hooks/README", "")
			write(t, dir, ".gitopsgen/.staging/"+name, journal)
			write(t, dir, ".gitopsgen/.staging/0", "#!/bin/sh\n")
			before := read(t, dir)
			if _, err := disk.Open(dir); !errors.Is(err, inventory.ErrStaging) {
				t.Errorf("reading: error %v", err)
			}
			if _, err := disk.Apply(context.Background(), dir, treeOf(t, second), ownership.Options{AllowDelete: true}); !errors.Is(err, inventory.ErrStaging) {
				t.Errorf("writing: error %v", err)
			}
			if diff := cmp.Diff(before, read(t, dir)); diff != "" {
				t.Errorf("the directory changed (-before +after):\n%s", diff)
			}
		})
	}
}

// TestJournal checks where a journal stands, and that even there it is read as
// if somebody else had written it.
func TestJournal(t *testing.T) {
	const stage = `"stage":"0123456789abcdef"`
	id := strings.Repeat("a", 40)
	for name, tc := range map[string]struct {
		reason  string
		journal string
		pipe    bool
		err     string
	}{
		"Git":      {reason: "A path below .git is refused.", journal: `{` + stage + `,"changes":[{"path":".git/hooks/post-commit","new":"` + id + `"}]}`, err: ".git"},
		"GitCase":  {reason: "So is one in another spelling.", journal: `{` + stage + `,"changes":[{"path":"apps/a/base/.GIT/x","old":"` + id + `"}]}`, err: ".GIT"},
		"Foreign":  {reason: "A path that is never ours is refused.", journal: `{` + stage + `,"changes":[{"path":"CODEOWNERS","old":"` + id + `"}]}`, err: "CODEOWNERS"},
		"Outside":  {reason: "So is one outside.", journal: `{` + stage + `,"creates":[{"path":"../x","new":"` + id + `"}]}`, err: "leaves the tree"},
		"Stage":    {reason: "The stage is part of names of files.", journal: `{"stage":"../../../x"}`, err: "stage"},
		"Garbage":  {reason: "What cannot be read is not guessed.", journal: `{`, err: "unexpected end"},
		"Pipe":     {reason: "A pipe does not hold the run.", pipe: true, err: "not a regular file"},
		"Edited":   {reason: "A file of another content is kept.", journal: `{` + stage + `,"changes":[{"path":"apps/a/base/x.yaml","old":"` + id + `"}]}`, err: "kept"},
		"Recreate": {reason: "A new file that was edited is kept.", journal: `{` + stage + `,"creates":[{"path":"apps/a/base/x.yaml","new":"` + id + `"}]}`, err: "kept"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
				t.Fatal(err)
			}
			if _, err := disk.Apply(context.Background(), dir, treeOf(t, first), ownership.Options{}); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "CODEOWNERS", "* @owners")
			before := read(t, dir)
			ending := ".redo.json"
			if strings.Contains(tc.journal, "creates") {
				ending = ".undo.json"
			}
			file := disk.JournalBase(t, dir) + ending
			if !strings.HasPrefix(file, filepath.Join(dir, ".git", "gitopsgen")+"/") {
				t.Fatalf("the journal of a work tree is %s", file)
			}
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			write := func() error { return os.WriteFile(file, []byte(tc.journal), 0o644) }
			if tc.pipe {
				write = func() error { return syscall.Mkfifo(file, 0o644) }
			}
			if err := write(); err != nil {
				t.Fatal(err)
			}
			if err := disk.Recover(dir); err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: error %v, want %q", tc.reason, err, tc.err)
			}
			if err := os.RemoveAll(filepath.Dir(file)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, read(t, dir)); diff != "" {
				t.Errorf("%s The directory changed (-before +after):\n%s", tc.reason, diff)
			}
		})
	}
}
