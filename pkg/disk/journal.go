package disk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"

	"github.com/gitopsgen/gitopsgen/pkg/inventory"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// journal is what a run is about to do. There is one at a time for a directory:
// undo becomes redo by a rename.
type journal struct {
	// Stage is part of the name of each staged file.
	Stage string `json:"stage"`
	// Creates are new files, written where they belong: undo removes them.
	Creates []step `json:"creates,omitempty"`
	// Changes are the files that redo replaces or removes. The new content of each
	// is staged beside it; undo removes that.
	Changes []step `json:"changes,omitempty"`

	file string // where it stands
	redo bool
}

// step is what happens to one file. A step acts only where the file has the old
// content, so that nobody's edit is lost.
type step struct {
	Path string `json:"path"`
	// Old and New are the git blob ids before and after; "" where there is no file.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
}

// The two names of a journal, which its file ends in.
const (
	undoName = ".undo.json"
	redoName = ".redo.json"
)

// The bounds of a journal.
const (
	maxJournal = 256 << 20 // bytes: that of a million files is smaller
	maxSteps   = 2_000_000
)

// staged returns the file in which the new content of a change is staged. It
// stands in the same directory, so that no part of the way to its place can
// become a link.
func (j *journal) staged(i int) string { return j.beside(i, "new") }

// aside returns where the old file of a change goes until the run is over.
func (j *journal) aside(i int) string { return j.beside(i, "old") }

func (j *journal) beside(i int, what string) string {
	return path.Join(path.Dir(j.Changes[i].Path), ".gitopsgen-"+j.Stage+"-"+strconv.Itoa(i)+"."+what)
}

// findJournal returns the journal of a directory, or nil where no run was cut
// off and none is under way.
func findJournal(dir string) (*journal, error) {
	bases, err := journalBases(dir)
	if err != nil {
		return nil, err
	}
	for _, base := range bases {
		for _, name := range []string{undoName, redoName} {
			j, err := readJournal(base + name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("the journal of an interrupted run: %w (restore %s from version control and remove the journal)", err, dir)
			}
			j.redo = name == redoName
			return j, nil
		}
	}
	return nil, nil
}

// readJournal reads a journal and checks it as if somebody else had written it.
func readJournal(file string) (*journal, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // nor a link
		return nil, &fs.PathError{Op: "read", Path: file, Err: ErrNotRegular}
	}
	data, err := ReadFile(file, maxJournal)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err := json.Unmarshal(data, j); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := j.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return j, nil
}

// check returns an error where a journal names a path that no run of ours writes.
func (j *journal) check() error {
	if !isHex(j.Stage) {
		return fmt.Errorf("%q is not the name of a stage", j.Stage)
	}
	if n := len(j.Creates) + len(j.Changes); n > maxSteps {
		return fmt.Errorf("it has %d steps, more than %d", n, maxSteps)
	}
	for _, list := range [][]step{j.Creates, j.Changes} {
		for _, s := range list {
			if err := tree.CheckPath(s.Path); err != nil {
				return err
			}
			if !inventory.IsPath(s.Path) && !layout.CanOwn(s.Path) {
				return fmt.Errorf("%q is not a path that gitopsgen writes", s.Path)
			}
		}
	}
	return nil
}

// isHex reports whether s is 16 hexadecimal digits in lower case.
func isHex(s string) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 16
}

// write puts a new journal in place, to be undone. It is written where the
// first of the bases can be made.
func (j *journal) write(dir string) error {
	data, err := json.Marshal(j)
	if err != nil {
		return err
	}
	bases, err := journalBases(dir)
	if err != nil {
		return err
	}
	var failed []error
	for _, base := range bases {
		if err = writeNew(base+undoName, data); err == nil {
			j.file = base + undoName
			return nil
		}
		failed = append(failed, err)
	}
	return fmt.Errorf("writing the journal of the run: %w", errors.Join(failed...))
}

// turn makes the journal one that is to be redone. Until this step nothing has
// happened to any file that was there.
func (j *journal) turn() error {
	file := j.file[:len(j.file)-len(undoName)] + redoName
	if err := os.Rename(j.file, file); err != nil {
		return err
	}
	j.file, j.redo = file, true
	return nil
}
