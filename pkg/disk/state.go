package disk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// journalBases returns where the journal of a directory may stand, the best
// place first, each without the end of the file's name: in git's own directory
// where there is one, as no commit can hold a file there, and in the user's
// state directory. The name is bound to the directory.
func journalBases(dir string) ([]string, error) {
	real, err := realPath(dir)
	if err != nil {
		return nil, err
	}
	var bases []string
	add := func(in, of string) {
		sum := sha256.Sum256([]byte(filepath.ToSlash(of)))
		bases = append(bases, filepath.Join(in, "journal-"+hex.EncodeToString(sum[:8])))
	}
	if top, git := gitDir(real); git != "" {
		below, err := filepath.Rel(top, real)
		if err != nil {
			return nil, err
		}
		add(filepath.Join(git, "gitopsgen"), below) // moves with the work tree
	}
	state, err := stateDir()
	if err != nil && len(bases) == 0 {
		return nil, fmt.Errorf("a run needs a directory for its journal: %w (set XDG_STATE_HOME or HOME)", err)
	}
	if err == nil {
		add(state, real)
	}
	return bases, nil
}

// realPath returns the absolute path of a directory, without links. What does
// not exist yet is taken as it is written.
func realPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return abs, nil
	}
	return real, err
}

// gitDir returns the top of the work tree that a directory belongs to, and git's
// own directory there, or "".
func gitDir(dir string) (top, git string) {
	for {
		at := filepath.Join(dir, ".git")
		info, err := os.Lstat(at)
		switch {
		case err == nil && info.IsDir():
			return dir, at
		case err == nil && info.Mode().IsRegular(): // a linked work tree
			data, err := ReadFile(at, 4096)
			to, ok := strings.CutPrefix(strings.TrimSpace(string(data)), "gitdir: ")
			if err != nil || !ok {
				return "", ""
			}
			if !filepath.IsAbs(to) {
				to = filepath.Join(dir, to)
			}
			if info, err := os.Stat(to); err != nil || !info.IsDir() {
				return "", ""
			}
			return dir, to
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", ""
		}
		dir = parent
	}
}

// stateDir returns the user's directory for state: XDG_STATE_HOME, where the
// system has none of its own.
func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "gitopsgen"), nil
	}
	if dir := os.Getenv("LocalAppData"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "gitopsgen"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return privateTemp()
	}
	return filepath.Join(home, ".local", "state", "gitopsgen"), nil
}

// writeNew writes a file whole, or not at all, and makes its directory.
func writeNew(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "journal-*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
