//go:build unix

package disk

import (
	"fmt"
	"os"
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
