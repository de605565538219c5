package finding

import (
	"errors"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// Wrong is an error about a value of a resolved spec. It becomes a finding where
// the position of the value is known.
type Wrong struct {
	// Path is the value's path in the spec, as in patches[0]; "" is all of it.
	Path fieldpath.Path
	// Err says what is wrong, and Fix what to do.
	Err error
	Fix string
}

// Error returns the path and what is wrong.
func (w *Wrong) Error() string {
	if w.Path == "" {
		return w.Err.Error()
	}
	return string(w.Path) + ": " + w.Err.Error()
}

// Unwrap returns what is wrong.
func (w *Wrong) Unwrap() error { return w.Err }

// AllWrong are the errors about a resolved spec, of which there is at least one.
type AllWrong []*Wrong

// Error returns all errors in one line.
func (a AllWrong) Error() string {
	var parts []string
	for _, w := range a {
		parts = append(parts, w.Error())
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns the errors.
func (a AllWrong) Unwrap() []error {
	var out []error
	for _, w := range a {
		out = append(out, w)
	}
	return out
}

// Err returns a as an error, or nil where a is empty.
func (a AllWrong) Err() error {
	if len(a) == 0 {
		return nil
	}
	return a
}

// Add adds what is wrong in err: all of it, if it is an AllWrong, else err itself,
// which is about the whole spec, and what to do about it.
func (a *AllWrong) Add(err error, fix string) {
	var all AllWrong
	switch {
	case errors.As(err, &all):
		*a = append(*a, all...)
	case err != nil:
		*a = append(*a, &Wrong{Err: err, Fix: fix})
	}
}
