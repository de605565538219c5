package disk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// InterruptedError is returned by commands that only read, if a run that writes
// was interrupted or is still running.
type InterruptedError struct{ Dir string }

// Error says what finishes the run.
func (e *InterruptedError) Error() string {
	return fmt.Sprintf("a run that writes %s was interrupted or is still running (render again: the next run finishes or undoes it)", e.Dir)
}

// KeptError is returned if files changed while a run was writing. These files are
// not overwritten; everything else was written.
type KeptError struct{ Files []ownership.Conflict }

// Error names every file.
func (e *KeptError) Error() string {
	var b strings.Builder
	b.WriteString("files changed during the run and were kept; everything else was written:")
	for _, c := range e.Files {
		fmt.Fprintf(&b, "\n  %s: %s", c.Path, c.Reason)
	}
	return b.String()
}

// kept returns a *KeptError, or nil where there is nothing to report.
func kept(files []ownership.Conflict) error {
	if len(files) == 0 {
		return nil
	}
	slices.SortFunc(files, func(a, b ownership.Conflict) int { return strings.Compare(a.Path, b.Path) })
	return &KeptError{Files: files}
}

// Recover finishes or undoes an interrupted run in a directory; it does nothing
// if there was none. The journal of a run is below .git of the work tree, or else
// in the user's state directory: a journal inside of the directory could come
// from anyone who can commit to it. The error is a *KeptError where files have
// changed since then.
func Recover(dir string) error {
	j, err := findJournal(dir)
	if j == nil || err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Remove(j.file)
	}
	if err != nil {
		return err
	}
	defer root.Close()
	unlock, err := lock(dir)
	if err != nil {
		return err
	}
	defer unlock()
	if j, err = findJournal(dir); j == nil || err != nil { // another process may have been first
		return err
	}
	return j.finish(root)
}

// run carries a plan for a tree out. The caller holds the lock.
func (d *Dir) run(ctx context.Context, root *os.Root, p ownership.Plan, want *tree.Tree, progress func(done, total int)) error {
	j := &journal{Stage: newStage()}
	creates, stages := d.steps(j, p, want)
	if err := j.write(d.name); err != nil {
		return err
	}
	if err := j.prepare(ctx, root, creates, stages, progress); err != nil {
		return errors.Join(err, j.finish(root))
	}
	return j.finish(root)
}

func newStage() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// inPlace is the largest new file that is written where it belongs, in bytes: a
// page, so that a kill leaves none or all of it. Longer ones are staged.
const inPlace = 4096

// steps fills the journal from a plan for a tree, and returns the files to create
// and those to stage.
func (d *Dir) steps(j *journal, p ownership.Plan, want *tree.Tree) (creates, stages []tree.File) {
	creates, j.Creates = make([]tree.File, 0, len(p.Writes)), make([]step, 0, len(p.Writes))
	for _, f := range p.Writes {
		s := step{Path: f.Path, Old: d.ids[f.Path], New: want.BlobID(f.Path)}
		if d.kinds[f.Path] == ownership.Absent && len(f.Data) <= inPlace {
			creates, j.Creates = append(creates, f), append(j.Creates, s)
		} else {
			stages, j.Changes = append(stages, f), append(j.Changes, s)
		}
	}
	for _, name := range p.Deletes {
		j.Changes = append(j.Changes, step{Path: name, Old: d.ids[name]})
	}
	return creates, stages
}

// prepare writes the new files and stages the others, and then turns the
// journal.
func (j *journal) prepare(ctx context.Context, root *os.Root, creates, stages []tree.File, progress func(done, total int)) error {
	count := counter(progress, len(stages)+len(creates))
	err := spread(root, len(stages), func(look *looker, i int) error {
		err := ctx.Err()
		if err == nil {
			err = look.create(j.staged(i), stages[i].Data)
		}
		if err != nil {
			return fmt.Errorf("staging %s: %w", stages[i].Path, err)
		}
		count()
		return nil
	})
	if err != nil {
		j.Creates = nil // none was written yet
		return err
	}
	done := make([]bool, len(creates))
	err = spread(root, len(creates), func(look *looker, i int) error {
		err := ctx.Err()
		if err == nil {
			err = look.create(creates[i].Path, creates[i].Data)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", creates[i].Path, err)
		}
		done[i] = true
		count()
		return nil
	})
	if err != nil {
		written := j.Creates[:0]
		for i, s := range j.Creates {
			if done[i] {
				written = append(written, s)
			}
		}
		j.Creates = written // what is in the way of the others is not ours
		return err
	}
	return j.turn()
}

// counter tells progress that nothing is done of a total, and returns a function
// that counts one more, on any goroutine.
func counter(progress func(done, total int), total int) func() {
	var mu sync.Mutex
	done := 0
	progress(done, total)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		progress(done, total)
	}
}

// finish does what the journal says and removes it. It may be called again after
// it was cut off itself. The caller holds the lock.
func (j *journal) finish(root *os.Root) error {
	do := j.undoRun
	if j.redo {
		do = j.redoRun
	}
	look := newLooker(root)
	defer look.close()
	changed, err := do(look)
	if err != nil {
		return fmt.Errorf("finishing a run: %w (the next run continues it)", err)
	}
	if err := os.Remove(j.file); err != nil {
		return err
	}
	return kept(changed)
}

// undoRun removes the files that a run created or staged.
func (j *journal) undoRun(look *looker) (changed []ownership.Conflict, err error) {
	for i, s := range j.Changes {
		if s.New == "" {
			continue
		}
		if err := look.remove(j.staged(i)); err != nil {
			return nil, err
		}
	}
	for _, s := range j.Creates {
		kind, data, err := look.file(s.Path)
		switch {
		case err != nil:
			return nil, err
		case kind == ownership.Absent:
		case kind == ownership.Regular && (len(data) == 0 || tree.BlobID(data) == s.New):
			if err := look.remove(s.Path); err != nil {
				return nil, err
			}
		default:
			changed = append(changed, ownership.Conflict{Path: s.Path, Reason: "it is new and was edited"})
		}
	}
	return changed, nil
}

// redoRun puts each old file aside and the staged one in its place. Only then,
// when whoever had a file open has most likely written it, the files aside are
// compared with what the plan was made for: what somebody edited goes back to
// its place.
func (j *journal) redoRun(look *looker) (changed []ownership.Conflict, err error) {
	for i, s := range j.Changes {
		if err := look.swap(j, i, s); err != nil {
			return nil, err
		}
	}
	for i, s := range j.Changes {
		reason, err := look.settle(j, i, s)
		if err != nil {
			return nil, err
		}
		if reason != "" {
			changed = append(changed, ownership.Conflict{Path: s.Path, Reason: reason})
		}
	}
	return changed, nil
}

// swap puts what stands at a path aside, whatever it is, and links the staged
// file there, which never takes the place of a file that has just appeared.
func (l *looker) swap(j *journal, i int, s step) error {
	dir, err := l.dir(path.Dir(s.Path), false)
	if gone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	name, aside, staged := path.Base(s.Path), path.Base(j.aside(i)), path.Base(j.staged(i))
	if s.New != "" {
		kind, data, err := l.file(j.staged(i))
		if err != nil || kind == ownership.Absent { // it was settled before a kill
			return err
		}
		if kind != ownership.Regular || tree.BlobID(data) != s.New {
			return fmt.Errorf("%s does not have the content that was staged for %s (remove it)", j.staged(i), s.Path)
		}
		if err := dir.Chmod(staged, 0o644); err != nil {
			return err
		}
	}
	if _, err := dir.Lstat(aside); s.Old != "" && errors.Is(err, fs.ErrNotExist) {
		if err := dir.Rename(name, aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if s.New == "" {
		return nil
	}
	err = dir.Link(staged, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if _, err := dir.Lstat(name); errors.Is(err, fs.ErrNotExist) { // a file system without hard links
		return dir.Rename(staged, name)
	}
	return nil
}

// settle removes the staged file and the one aside, unless that is not the old
// one: then it goes back. It returns why a file is not as the plan says, or "".
func (l *looker) settle(j *journal, i int, s step) (reason string, err error) {
	if s.New != "" {
		if err := l.remove(j.staged(i)); err != nil {
			return "", err
		}
	}
	kind, data, err := l.file(j.aside(i))
	if err != nil {
		return "", err
	}
	if kind == ownership.Regular && slices.Contains([]string{s.Old, s.New}, tree.BlobID(data)) {
		if err := l.remove(j.aside(i)); err != nil {
			return "", err
		}
		kind = ownership.Absent
	}
	stands, data, err := l.file(s.Path)
	ours := stands == ownership.Regular && tree.BlobID(data) == s.New
	switch {
	case err != nil:
		return "", err
	case kind == ownership.Absent && (ours || stands == ownership.Absent && s.New == ""):
		return "", nil
	case kind == ownership.Absent:
		return "it was changed", nil
	case !ours && stands != ownership.Absent:
		return "it was changed twice; the first change is in " + j.aside(i), nil
	}
	dir, err := l.dir(path.Dir(s.Path), false)
	if err != nil {
		return "", err
	}
	return "it was edited", dir.Rename(path.Base(j.aside(i)), path.Base(s.Path))
}

// gone reports whether an error says that a directory is not there any more, or
// that something else took its place.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNoDir) }

// create writes a file that is not there.
func (l *looker) create(name string, data []byte) error {
	dir, err := l.dir(path.Dir(name), true)
	if err != nil {
		return err
	}
	// Package os asks what a file can do that is opened without O_NONBLOCK, which does
	// nothing to a new one.
	f, err := dir.OpenFile(path.Base(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NONBLOCK, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, dir.Remove(path.Base(name)))
	}
	return nil
}

// remove removes a file, and the directories that become empty.
func (l *looker) remove(name string) error {
	for first := true; name != "."; name, first = path.Dir(name), false {
		dir, err := l.dir(path.Dir(name), false)
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := dir.Remove(path.Base(name)); err != nil && !(first && errors.Is(err, fs.ErrNotExist)) {
			if first {
				return err
			}
			return nil // it is not empty
		}
	}
	return nil
}
