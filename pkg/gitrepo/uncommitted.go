package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Uncommitted returns the files of a model, sorted, that are not what the commit
// of the revision holds: of those that were read, by their names, the changed and
// the new ones, and the YAML and JSON files that it holds in the model's directories and
// that are gone. Without the commit at hand, there is nothing to compare with.
func (r Revision) Uncommitted(ctx context.Context, read map[string][]byte, dirs []string) ([]string, error) {
	c, err := r.history.commit(r.Hash)
	if c == nil && err == nil {
		return nil, nil
	}
	var root *object.Tree
	if err == nil {
		root, err = c.Tree()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the files of revision %.12s of the model: %w (set the revision with --revision)", r.Hash, err)
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if !r.history.holds(root, name, read[name]) {
			out = append(out, name)
		}
	}
	for _, dir := range dirs {
		gone, err := r.history.gone(ctx, root, dir)
		if err != nil {
			return nil, err
		}
		out = append(out, gone...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// holds reports whether a commit's tree has a file with its data, be it with the
// line ends of another system.
func (h *history) holds(root *object.Tree, name string, data []byte) bool {
	p, ok := h.path(name)
	if !ok {
		return false
	}
	entry, err := root.FindEntry(p)
	if err != nil {
		return false
	}
	id := entry.Hash.String()
	return id == tree.BlobID(data) || id == tree.BlobID(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
}

// gone returns the YAML and JSON files that a commit's tree has in a directory, and that
// are not there any more. Names that begin with a dot are no part of a model.
func (h *history) gone(ctx context.Context, root *object.Tree, dir string) ([]string, error) {
	p, ok := h.path(dir)
	if !ok {
		return nil, nil
	}
	if p != "." {
		sub, err := root.Tree(p)
		if err != nil {
			return nil, nil // nothing of it is committed, and so nothing is gone
		}
		root = sub
	}
	var out []string
	walker := object.NewTreeWalker(root, true, nil)
	defer walker.Close()
	for seen := int64(0); ; seen++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if seen > defaultLimits.entries {
			return nil, tooLarge("the commit of the model has more than %d paths in %s", defaultLimits.entries, dir)
		}
		p, _, err := walker.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the committed files of %s: %w (set the revision with --revision)", dir, err)
		}
		hidden := strings.HasPrefix(p, ".") || strings.Contains(p, "/.")
		if ext := path.Ext(p); hidden || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(p))
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			out = append(out, filepath.ToSlash(name))
		}
	}
}

// path returns the path of a file from the root of the work tree, and whether it
// is in there.
func (h *history) path(name string) (string, bool) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", false
	}
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return "", false
	}
	rel, err := filepath.Rel(h.root, name)
	rel = filepath.ToSlash(rel)
	return rel, err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}
