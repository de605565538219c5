package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
)

// apart refuses a directory of the tree that has a directory of the fleet in
// common with it: the next run would read what this one writes.
func (in input) apart(dir string) error {
	out, err := realPath(dir)
	if err != nil {
		return err
	}
	for _, name := range in.files {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			continue // a file is read alone
		}
		fleet, err := realPath(name)
		if err != nil {
			return err
		}
		if _, inside := below(fleet, out); inside {
			return fmt.Errorf("--output-dir %s is inside of the directory of the fleet, %s, so the next run would read what this one writes (use a directory next to it)", dir, name)
		}
		if first, inside := below(out, fleet); inside && slices.Contains(layout.Tops(), first) {
			return fmt.Errorf("the directory of the fleet, %s, is in %s, which belongs to the tree (move the fleet, or use another --output-dir)", name, filepath.Join(dir, first))
		}
	}
	return nil
}

// below reports whether a path is that of a directory or of something in it, and
// the first step there.
func below(dir, p string) (first string, ok bool) {
	rel, err := filepath.Rel(dir, p)
	if err != nil {
		return "", false
	}
	first, _, _ = strings.Cut(filepath.ToSlash(rel), "/")
	return first, first != ".."
}

// realPath returns the absolute path behind all symbolic links. What does not
// exist yet keeps its name.
func realPath(p string) (string, error) {
	p, err := filepath.Abs(p)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(p)
	if dir := filepath.Dir(p); errors.Is(err, fs.ErrNotExist) && dir != p {
		real, err = realPath(dir)
		return filepath.Join(real, filepath.Base(p)), err
	}
	return real, err
}
