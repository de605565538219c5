package gitopsgen_test

import (
	"os"
	"syscall"
)

// peakMiB returns the most memory that a process had.
func peakMiB(s *os.ProcessState) float64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}
