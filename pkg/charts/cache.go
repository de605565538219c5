package charts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
)

// Cache keeps archives by their digest. Several processes may use it at once: a file
// appears whole, and is verified each time that it is read. The zero value keeps
// nothing.
type Cache struct{ dir string }

// file returns the file of an archive.
func (c Cache) file(digest string) string {
	return filepath.Join(c.dir, "sha256", strings.TrimPrefix(digest, "sha256:")+".tgz")
}

// Get returns the archive with a digest. A file that was damaged counts as none: it is
// fetched again. The error is fs.ErrNotExist if there is none.
func (c Cache) Get(digest string) ([]byte, error) {
	if c.dir == "" {
		return nil, fs.ErrNotExist
	}
	data, err := disk.ReadFile(c.file(digest), MaxArchive)
	if err != nil {
		return nil, err
	}
	if Digest(data) != digest {
		return nil, fmt.Errorf("the cache is damaged: %w", fs.ErrNotExist)
	}
	return data, nil
}

// Put keeps an archive.
func (c Cache) Put(data []byte) error {
	if c.dir == "" {
		return errors.New("there is no cache to put the chart into (set --cache-dir)")
	}
	digest := Digest(data)
	if _, err := c.Get(digest); err == nil {
		return nil
	}
	name := c.file(digest)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return writeFile(name, data, 0o600)
}
