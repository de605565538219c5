package disk

import (
	"context"
	"errors"

	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// Option changes what Write can do.
type Option func(*writing)

// writing is what a run may do, and who hears how far it is.
type writing struct {
	ownership.Options
	progress func(done, total int)
}

// WithForce overwrites files that were edited by hand or are unmanaged. Default:
// they are a *ownership.ConflictError, and nothing is written.
func WithForce() Option { return func(w *writing) { w.Force = true } }

// WithAllowDelete disables the guards against deletions: the maximum percentage
// of the fleet's Guards, and the rule that files of an extension are deleted only
// by a program with that extension.
func WithAllowDelete() Option { return func(w *writing) { w.AllowDelete = true } }

// WithProgress calls f while files are written, with the number of files that are
// written and of those that have to be. It is called from one goroutine at a time, and
// the run waits for it. Default, and if it is nil: nothing is called.
func WithProgress(f func(done, total int)) Option {
	return func(w *writing) {
		if w.progress = f; f == nil {
			w.progress = unheard
		}
	}
}

func unheard(int, int) {}

// Write updates a directory to match a result, and returns what it did. An
// interrupted run is finished or undone first. The directory is created if it
// does not exist.
//
// Only files that an inventory lists are changed or deleted. The error is a
// *ownership.ConflictError where files were edited by hand or are unmanaged; it wraps
// render.ErrStale where the result is narrowed, and was not rendered for what is in
// the directory: see Open. In these cases, where too much would be deleted, and where
// the result was not proved, nothing is written. The error is a *KeptError where
// files changed during the run and all else was done.
func Write(ctx context.Context, name string, result *render.Result, opts ...Option) (ownership.Plan, error) {
	if err := Recover(name); err != nil {
		return ownership.Plan{}, err
	}
	d, err := Open(name)
	if err != nil {
		return ownership.Plan{}, err
	}
	return d.Write(ctx, result, opts...)
}

// Write is the function Write for a directory that is open. Afterwards d is out of
// date.
func (d *Dir) Write(ctx context.Context, result *render.Result, opts ...Option) (ownership.Plan, error) {
	if err := result.CheckWrite(d.owned); err != nil {
		return ownership.Plan{}, err
	}
	return d.apply(ctx, result.Tree, may(result, opts), result.CheckWrite)
}

// Plan returns what Write would do. Files that are in the way are the conflicts
// of the plan.
func (d *Dir) Plan(result *render.Result, opts ...Option) (ownership.Plan, error) {
	if result == nil || result.Tree == nil {
		return ownership.Plan{}, errors.New("there is no result to compare with")
	}
	return d.Compare(result.Tree, may(result, opts).Options)
}

// may returns what writing a result may do.
func may(result *render.Result, opts []Option) writing {
	w := writing{Options: result.Ownership(), progress: unheard}
	for _, opt := range opts {
		if opt != nil {
			opt(&w)
		}
	}
	return w
}
