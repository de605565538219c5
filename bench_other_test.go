//go:build !linux

package gitopsgen_test

import "os"

// peakMiB is not known here.
func peakMiB(*os.ProcessState) float64 { return 0 }
