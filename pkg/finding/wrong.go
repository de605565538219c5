package finding

import "github.com/gitopsgen/gitopsgen/pkg/fieldpath"

// Wrong is an error about a value of a resolved spec. Who knows where the value
// was written makes a finding of it.
type Wrong struct {
	// Path is the value's path in the spec, as in patches[0].
	Path fieldpath.Path
	// Err says what is wrong, and Fix what to do.
	Err error
	Fix string
}

// Error returns the path and what is wrong.
func (w *Wrong) Error() string { return string(w.Path) + ": " + w.Err.Error() }

// Unwrap returns what is wrong.
func (w *Wrong) Unwrap() error { return w.Err }
