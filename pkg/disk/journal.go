package disk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// The journals and the staged contents stand inside of the directory, on the
// same file system, so that a rename is all it takes. There is one journal at a
// time: undo becomes redo.
const (
	staging = layout.Inventories + "/.staging"
	undo    = staging + "/undo.json"
	redo    = staging + "/redo.json"
)

// intent is what a journal says.
type intent struct {
	// Creates are the new files with their lengths: to be removed by undo.
	Creates []create `json:"creates"`
	// Replaces are the files to put in the place of others: the staged one of the
	// same number is to be renamed by redo.
	Replaces []string `json:"replaces"`
	// Deletes are the files to be removed by redo.
	Deletes []string `json:"deletes"`
}

// create is a new file. Only what is ours is undone: a file that has grown
// beyond its length is not.
type create struct {
	Path   string `json:"path"`
	Length int    `json:"length"`
}

func staged(i int) string { return staging + "/" + strconv.Itoa(i) }

// run carries a plan out.
func (d *Dir) run(ctx context.Context, root *os.Root, p ownership.Plan) error {
	in, err := d.prepare(ctx, root, p)
	if err != nil {
		return errors.Join(err, undoRun(root, in), root.RemoveAll(staging))
	}
	return recoverRun(root)
}

// prepare writes the undo journal, then the new contents, and then turns the
// journal to redo. Until that step nothing has happened. With an error it
// returns what is to be undone.
func (d *Dir) prepare(ctx context.Context, root *os.Root, p ownership.Plan) (intent, error) {
	in := intent{Deletes: p.Deletes}
	var creates, replaces []tree.File
	for _, f := range p.Writes {
		if d.kinds[f.Path] == ownership.Absent {
			creates, in.Creates = append(creates, f), append(in.Creates, create{f.Path, len(f.Data)})
		} else {
			replaces, in.Replaces = append(replaces, f), append(in.Replaces, f.Path)
		}
	}
	if err := writeJournal(root, in); err != nil {
		return intent{}, err
	}
	for i, f := range replaces {
		if err := root.WriteFile(staged(i), f.Data, 0o644); err != nil {
			return intent{}, fmt.Errorf("staging %s: %w", f.Path, err)
		}
	}
	look := newLooker(root)
	defer look.close()
	for i, f := range creates {
		err := ctx.Err()
		if err == nil {
			err = look.create(f.Path, f.Data)
		}
		if err != nil {
			return intent{Creates: in.Creates[:i]}, fmt.Errorf("writing %s: %w", f.Path, err)
		}
	}
	return in, root.Rename(undo, redo)
}

// writeJournal puts the undo journal in place.
func writeJournal(root *os.Root, in intent) error {
	data, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if err := root.MkdirAll(staging, 0o755); err != nil {
		return err
	}
	if err := root.WriteFile(undo+".tmp", data, 0o644); err != nil {
		return err
	}
	return root.Rename(undo+".tmp", undo)
}

// create writes a file that is not there.
func (l *looker) create(name string, data []byte) error {
	dir, err := l.dir(path.Dir(name), true)
	if err != nil {
		return err
	}
	f, err := dir.OpenFile(path.Base(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, dir.Remove(path.Base(name)))
	}
	return nil
}

// interrupted reports whether a run was cut off, or is under way.
func interrupted(root *os.Root) bool {
	_, err := root.Lstat(staging)
	return err == nil
}

// recoverRun does what the journal says, if there is one. It may be called again
// after it was cut off itself. The caller holds the lock.
func recoverRun(root *os.Root) error {
	for name, do := range map[string]func(*os.Root, intent) error{undo: undoRun, redo: redoRun} {
		data, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		var in intent
		if err := json.Unmarshal(data, &in); err != nil {
			return fmt.Errorf("%s: %w (restore the directory from version control and remove %s)", name, err, staging)
		}
		if err := do(root, in); err != nil {
			return fmt.Errorf("finishing a run: %w (the next run goes on)", err)
		}
	}
	if err := root.RemoveAll(staging); err != nil {
		return err
	}
	removeEmpty(root, layout.Inventories)
	return nil
}

// undoRun removes the files that a run created.
func undoRun(root *os.Root, in intent) error {
	for _, c := range in.Creates {
		info, err := root.Lstat(c.Path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > int64(c.Length) {
			continue
		}
		if err := remove(root, c.Path); err != nil {
			return err
		}
	}
	return nil
}

// redoRun removes what is to go and renames what is staged.
func redoRun(root *os.Root, in intent) error {
	for _, p := range in.Deletes {
		if err := remove(root, p); err != nil {
			return err
		}
	}
	for i, p := range in.Replaces {
		if err := root.Rename(staged(i), p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// remove removes a file, and the directories that become empty.
func remove(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	removeEmpty(root, path.Dir(name))
	return nil
}

func removeEmpty(root *os.Root, dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			return
		}
	}
}
