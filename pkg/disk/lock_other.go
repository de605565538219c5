//go:build !unix

package disk

// lock does nothing where the system has no advisory locks on directories.
func lock(string) (unlock func(), err error) { return func() {}, nil }
