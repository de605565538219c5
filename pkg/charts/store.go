package charts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
)

// MaxArchive is the maximum size of the archive of a chart, in bytes.
const MaxArchive = 64 << 20

// maxLock bounds the lock, in bytes.
const maxLock = load.MaxFile

// ErrNotLocked is returned for a chart that the lock does not have.
var ErrNotLocked = errors.New("charts.lock does not have it")

// ErrMissing is returned for a chart that is locked, and whose archive is neither
// beside the model nor in the cache.
var ErrMissing = errors.New("its archive is neither beside the model nor in the cache")

// ErrDigest is returned for an archive that is not the one that was locked.
var ErrDigest = errors.New("it is not the archive that was locked")

// Archive is a chart as it was published.
type Archive struct {
	Entry
	// Data is the .tgz. It must not be changed.
	Data []byte
}

// Store has the charts of a model. It opens no connection.
type Store struct {
	// Lock is the lock of the model, which is empty if there is none.
	Lock *Lock
	// Cache is the cache, which may be shared with other models.
	Cache Cache

	dir string
}

// Open returns the charts of the model in a directory. The cache is below cacheDir;
// there is none if that is "". What is wrong in the lock is returned as a
// *finding.ValidationError.
func Open(dir, cacheDir string) (*Store, error) {
	s := &Store{Lock: &Lock{}, dir: dir}
	if cacheDir != "" {
		s.Cache.dir = filepath.Join(cacheDir, "charts")
	}
	name := s.path(LockFile)
	data, err := disk.ReadFile(name, maxLock)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the lock of the charts: %w", err)
	}
	if s.Lock, err = ParseLock(load.File{Name: filepath.ToSlash(name), Data: data}); err != nil {
		return nil, err
	}
	return s, nil
}

// path returns the path of a file beside the model.
func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// Vendors reports whether archives are vendored.
func (s *Store) Vendors() bool {
	_, err := os.Stat(s.path(SumsFile))
	return err == nil
}

// command returns a command that is to be run for the model.
func (s *Store) command(name string) string {
	return "run gitopsgen charts " + name + " -f " + filepath.ToSlash(filepath.Clean(s.dir))
}

// Archive returns the archive of a chart: that of the vendor directory, or else that of
// the cache. Errors are a *finding.Wrong that names the command to run, and wrap
// ErrNotLocked, ErrMissing or ErrDigest.
func (s *Store) Archive(r Ref) (*Archive, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	e, ok := s.Lock.Find(r)
	if !ok {
		return nil, &finding.Wrong{Err: fmt.Errorf("the chart %s cannot be used: %w%s", r, ErrNotLocked, s.others(r)), Fix: s.command("update " + r.Name)}
	}
	data, err := s.vendored(e)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = s.Cache.Get(e.Digest)
	}
	switch {
	case err == nil:
		return &Archive{Entry: e, Data: data}, nil
	case errors.Is(err, ErrDigest):
		return nil, &finding.Wrong{Err: fmt.Errorf("the chart %s cannot be used: %w", r, err), Fix: "restore it, or " + s.command("vendor")}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &finding.Wrong{Err: fmt.Errorf("the chart %s cannot be used: %w", r, ErrMissing), Fix: s.command("fetch")}
	}
	return nil, &finding.Wrong{Err: fmt.Errorf("the chart %s cannot be read: %w", r, err), Fix: s.command("fetch")}
}

// others names the versions of a chart that the lock has in place of another.
func (s *Store) others(r Ref) string {
	var have []string
	for _, e := range s.Lock.Entries {
		if e.Name == r.Name && e.Repository == r.normal().Repository {
			have = append(have, e.Ref().Version)
		}
	}
	if have == nil {
		return ""
	}
	return "; it has " + strings.Join(have, ", ")
}

// Digest returns the digest of an archive, as in sha256:….
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// writeFile writes a file so that others see either all of it or what was there
// before, also if several processes write it.
func writeFile(name string, data []byte, mode fs.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".gitopsgen-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
