//go:build !unix

package disk

import "errors"

// lock does nothing where the system has no advisory locks on directories.
func lock(string) (unlock func(), err error) { return func() {}, nil }

// privateTemp fails: the user's home is always known here.
func privateTemp() (string, error) { return "", errors.New("the user has no home directory") }
