package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// history is the commits of a repository on disk. It may be cut off, as that of
// a shallow clone is.
type history struct {
	storage boundedStorage
	root    string // the directory of the work tree, without symbolic links
}

// openHistory opens the repository that a directory belongs to; it is nil where
// there is none. go-git's own way refuses every extension, also those that do
// not concern commits, as sparse checkouts have them.
func openHistory(dir string) (*history, error) {
	own, common, root, err := gitDirs(dir)
	if own == "" || err != nil {
		return nil, err
	}
	var commonFS billy.Filesystem
	if common != own {
		commonFS = osfs.New(common)
	}
	all := dotgit.NewRepositoryFilesystem(osfs.New(own), commonFS)
	s := filesystem.NewStorageWithOptions(all, cache.NewObjectLRUDefault(), filesystem.Options{AlternatesFS: osfs.New("/"), LargeObjectThreshold: defaultLimits.object})
	config, err := s.Config()
	if err != nil {
		return nil, err
	}
	for _, key := range []string{"objectFormat", "refStorage"} {
		if v := config.Raw.Section("extensions").Option(key); v != "" && v != "sha1" && v != "files" {
			return nil, fmt.Errorf("%w: its %s is %s", errors.ErrUnsupported, key, v)
		}
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	return &history{boundedStorage{s, defaultLimits.object}, root}, nil
}

// boundedStorage is a storage of which no object of more than so many bytes is
// read: that is its LargeObjectThreshold too, so that it has not read one either.
type boundedStorage struct {
	*filesystem.Storage
	most int64
}

// EncodedObject returns an object.
func (s boundedStorage) EncodedObject(kind plumbing.ObjectType, hash plumbing.Hash) (plumbing.EncodedObject, error) {
	o, err := s.Storage.EncodedObject(kind, hash)
	if err == nil && o.Size() > s.most {
		return nil, tooLarge("the object %s of the repository of the model has %s, more than %s", hash, bytesOf(o.Size()), bytesOf(s.most))
	}
	return o, err
}

// gitDirs returns git's directory for a directory or one above it, the one that
// all its work trees share, and the root of this one. They are "" where there is
// none.
func gitDirs(dir string) (own, common, root string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", "", err
	}
	for {
		own = filepath.Join(dir, ".git")
		info, err := os.Stat(own)
		switch {
		case err == nil && info.IsDir():
			return own, own, dir, nil
		case err == nil:
			if own, err = pointer(dir, own, "gitdir: "); err != nil {
				return "", "", "", err
			}
			common, err = pointer(own, filepath.Join(own, "commondir"), "")
			if errors.Is(err, fs.ErrNotExist) {
				return own, own, dir, nil // of a submodule
			}
			return own, common, dir, err
		case !errors.Is(err, fs.ErrNotExist):
			return "", "", "", err
		case dir == filepath.Dir(dir):
			return "", "", "", nil
		}
		dir = filepath.Dir(dir)
	}
}

// maxPointer bounds a file that names a path, in bytes.
const maxPointer = 64 << 10

// pointer reads a file that names a path, relative to a directory.
func pointer(dir, file, prefix string) (string, error) {
	data, err := disk.ReadFile(file, maxPointer)
	if err != nil {
		return "", err
	}
	to, ok := strings.CutPrefix(strings.TrimSpace(string(data)), prefix)
	if !ok || to == "" {
		return "", fmt.Errorf("%s is not the path of a directory", file)
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(dir, to)
	}
	return to, nil
}

// head returns the commit that is checked out, or nil.
func (h *history) head() (*object.Commit, error) {
	ref, err := storer.ResolveReference(h.storage, plumbing.HEAD)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return object.GetCommit(h.storage, ref.Hash())
}

// commit returns a commit by its hash, or nil where it is not there.
func (h *history) commit(hash string) (*object.Commit, error) {
	if h == nil || !plumbing.IsHash(hash) {
		return nil, nil
	}
	c, err := object.GetCommit(h.storage, plumbing.NewHash(hash))
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return nil, nil
	}
	return c, err
}

// reaches reports whether an older commit is one that a newer one was made from.
// Whole is false where that cannot be known, since the history is cut off, or the
// context has ended.
func (h *history) reaches(ctx context.Context, newer, older *object.Commit) (found, whole bool) {
	whole = true
	seen := map[plumbing.Hash]bool{newer.Hash: true}
	for next := []plumbing.Hash{newer.Hash}; len(next) > 0; next = next[1:] {
		if next[0] == older.Hash {
			return true, true
		}
		if ctx.Err() != nil {
			return false, false
		}
		c, err := object.GetCommit(h.storage, next[0])
		if err != nil {
			whole = false
			continue
		}
		for _, p := range c.ParentHashes {
			if !seen[p] {
				seen[p] = true
				next = append(next, p)
			}
		}
	}
	return false, whole
}
