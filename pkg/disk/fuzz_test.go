package disk

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// FuzzJournal lets a directory be recovered by journals that anybody could write:
// whatever they say, only files change that can be ours, and none whose content
// the journal does not name.
func FuzzJournal(f *testing.F) {
	const stage = `"stage":"0123456789abcdef"`
	id := "d00491fd7e5bb6fa28c517a0bb32b8b506539d4d" // of "1\n"
	for _, s := range []string{
		`{` + stage + `,"changes":[{"path":"apps/a/base/x.yaml","old":"` + id + `"}]}`,
		`{` + stage + `,"changes":[{"path":"apps/a/base/x.yaml","old":"` + id + `","new":"` + id + `"}]}`,
		`{` + stage + `,"creates":[{"path":"apps/a/base/x.yaml","new":"` + id + `"}]}`,
		`{` + stage + `,"creates":[{"path":".gitopsgen/apps/a/base.yaml","new":"` + id + `"},{"path":"apps/a/base"}]}`,
		`{` + stage + `,"changes":[{"path":".git/hooks/post-commit","new":"` + id + `"},{"path":"../x"}]}`,
		`{"stage":"../../../../x/y/z","changes":[{"path":"apps/a/base/x.yaml"}]}`,
		`{` + stage + `,"changes":[{"path":"apps/a/base/x.yaml/y","old":"` + id + `"},{"path":"apps/a/base/x.yaml","old":"` + id + `"}]}`,
	} {
		f.Add(true, []byte(s))
		f.Add(false, []byte(s))
	}
	f.Fuzz(func(t *testing.T, redo bool, data []byte) {
		top := t.TempDir()
		t.Setenv("XDG_STATE_HOME", filepath.Join(top, "state"))
		dir := filepath.Join(top, "tree")
		files := map[string]string{"apps/a/base/x.yaml": "1\n", "apps/a/base/mine.yaml": "mine", "CODEOWNERS": "* @owners", ".git/hooks/post-commit": "hook", "../beside": "beside"}
		for name, content := range files {
			file := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		bases, err := journalBases(dir)
		if err != nil {
			t.Fatal(err)
		}
		name := undoName
		if redo {
			name = redoName
		}
		if err := writeNew(bases[0]+name, data); err != nil {
			t.Fatal(err)
		}
		var j journal
		named := map[string]bool{} // what the journal may remove
		if json.Unmarshal(data, &j) == nil {
			for _, s := range append(j.Creates, j.Changes...) {
				named[s.Path] = true
			}
		}
		_ = Recover(dir) // an error says what is wrong with it
		for name, content := range files {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err == nil && string(got) == content {
				continue
			}
			if !named[name] || !layout.CanOwn(name) && !inventory.IsPath(name) {
				t.Errorf("%s is %q, %v", name, got, err)
			}
			if bytes.Equal(got, []byte(content)) || !strings.Contains(string(data), id) {
				t.Errorf("%s is gone, whose content the journal does not name", name)
			}
		}
	})
}

// FuzzReadJournal checks that a journal that is accepted is written as it is read.
func FuzzReadJournal(f *testing.F) {
	f.Add([]byte(`{"stage":"0123456789abcdef","creates":[{"path":"apps/a/base/x.yaml","new":"a"}]}`))
	f.Add([]byte(`{"stage":"0123456789ABCDEF"}`))
	f.Add([]byte(strings.Repeat(`[`, 20000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "journal"+redoName)
		read := func(data []byte) (*journal, error) {
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			return readJournal(file)
		}
		j, err := read(data)
		if err != nil {
			return
		}
		out, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		again, err := read(out)
		if diff := cmp.Diff(j, again, cmp.AllowUnexported(journal{}), cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%q is read again as (-first +again): %s %v", data, diff, err)
		}
	})
}
