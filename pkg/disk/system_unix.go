//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps two runs from writing one directory at once. The lock goes with
// the process.
func lock(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another run is writing %s: %w", dir, err)
	}
	return func() { f.Close() }, nil
}

// privateTemp returns a directory for temporary files that no other user can
// write, for a user without a home.
func privateTemp() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("gitopsgen-%d", os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || info.Mode().Perm() != 0o700 || !ok || int(stat.Uid) != os.Getuid() {
		return "", fmt.Errorf("%s is not a private directory of this user", dir)
	}
	return dir, nil
}
