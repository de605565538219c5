package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Change is the desired state of a branch.
type Change struct {
	Tree    *tree.Tree
	Options ownership.Options
	// Commit returns the metadata of the commit, for a plan.
	Commit func(ownership.Plan) (Commit, error)
}

// Outcome is what a publish did.
type Outcome struct {
	// Branch is the branch.
	Branch string
	// Commit is the hash of the new commit, or "" where nothing changed.
	Commit string
	// Tip is what the branch was at, and Plan what was done to it.
	Tip  *Tip
	Plan ownership.Plan
	// Attempts is how often the branch was read.
	Attempts int
}

// maxAttempts bounds how often a lost race is run again.
const maxAttempts = 40

// Apply brings the branch to what build says of its tip, in one commit. Where
// somebody else pushes meanwhile, all of it is done again on the new tip, so
// build may be called several times. With contents, the tip has the contents of
// all files. It returns a *ownership.ConflictError where files of a person are in
// the way, and wraps ErrRace where it loses every race.
func (r *Repo) Apply(ctx context.Context, contents bool, build func(*Tip) (Change, error)) (Outcome, error) {
	for attempt := 1; ; attempt++ {
		out, err := r.attempt(ctx, contents, build)
		out.Branch, out.Attempts = r.Branch, attempt
		locked := errors.Is(err, errLocked)
		switch {
		case !locked && !errors.Is(err, errMoved), locked && attempt == maxAttempts:
			return out, err
		case attempt == maxAttempts:
			return out, fmt.Errorf("%s: %w (%d times; try again later)", r, ErrRace, attempt)
		}
		// Up to a tenth of a second more each time, to two seconds.
		wait := time.Duration(rand.Int64N(int64(min(attempt, 20))*100+1)) * time.Millisecond
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return out, ctx.Err()
		}
	}
}

func (r *Repo) attempt(ctx context.Context, contents bool, build func(*Tip) (Change, error)) (Outcome, error) {
	tip, err := r.Tip(ctx, contents)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Tip: tip}
	c, err := build(tip)
	if err != nil {
		return out, err
	}
	if out.Plan, err = ownership.Compare(tip, c.Tree, c.Options); err != nil {
		return out, err
	}
	if len(out.Plan.Conflicts) > 0 {
		r.explain(ctx, tip, c.Tree, out.Plan.Conflicts)
	}
	if err := out.Plan.Check(c.Options); err != nil || out.Plan.IsEmpty() {
		return out, err
	}
	commit, err := c.Commit(out.Plan)
	if err != nil {
		return out, err
	}
	hash, objects, err := tip.write(out.Plan, commit)
	if err != nil {
		return out, err
	}
	if err := r.push(ctx, tip, hash, objects); err != nil {
		return out, err
	}
	out.Commit = hash.String()
	if r.CacheDir != "" {
		r.remember(tip.moved(ctx, hash, objects))
	}
	return out, nil
}
