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
)

// The journal and the staged contents stand inside of the directory, on the
// same file system, so that a rename is all it takes.
const (
	staging = layout.Inventories + "/.staging"
	journal = staging + "/journal.json"
)

// intent is what a journal says: the staged files to rename, by number, and the
// files to delete.
type intent struct {
	Writes  []string `json:"writes"`
	Deletes []string `json:"deletes"`
}

func staged(i int) string { return staging + "/" + strconv.Itoa(i) }

// run carries a plan out.
func run(ctx context.Context, root *os.Root, p Plan) error {
	err := stage(ctx, root, p)
	if err != nil {
		return errors.Join(err, root.RemoveAll(staging))
	}
	return recoverRun(root)
}

// stage writes the new contents and then, in one step, the journal. Until that
// step nothing has happened.
func stage(ctx context.Context, root *os.Root, p Plan) error {
	if err := root.RemoveAll(staging); err != nil {
		return err
	}
	if err := root.MkdirAll(staging, 0o755); err != nil {
		return err
	}
	in := intent{Deletes: p.Deletes}
	for i, f := range p.Writes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := root.WriteFile(staged(i), f.Data, 0o644); err != nil {
			return fmt.Errorf("staging %s: %w", f.Path, err)
		}
		in.Writes = append(in.Writes, f.Path)
	}
	data, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if err := root.WriteFile(journal+".tmp", data, 0o644); err != nil {
		return err
	}
	return root.Rename(journal+".tmp", journal)
}

// recoverRun finishes what a journal says, if there is one, and clears what a
// run left that was killed before it had one.
func recoverRun(root *os.Root) error {
	data, err := root.ReadFile(journal)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := root.Lstat(staging); err != nil {
			return nil
		}
		return root.RemoveAll(staging)
	}
	if err != nil {
		return err
	}
	var in intent
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%s: %w (restore the directory from version control and remove %s)", journal, err, staging)
	}
	if err := finish(root, in); err != nil {
		return fmt.Errorf("finishing a run: %w (the next run goes on)", err)
	}
	return root.RemoveAll(staging)
}

// finish renames what is staged and deletes what is to go. It may be called
// again after it was cut off.
func finish(root *os.Root, in intent) error {
	made := map[string]bool{}
	for _, p := range in.Deletes {
		if err := root.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		removeEmpty(root, path.Dir(p))
	}
	for i, p := range in.Writes {
		if dir := path.Dir(p); !made[dir] {
			if err := root.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			made[dir] = true
		}
		err := root.Rename(staged(i), p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // renamed before
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// removeEmpty removes directories that have become empty.
func removeEmpty(root *os.Root, dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			return
		}
	}
}
