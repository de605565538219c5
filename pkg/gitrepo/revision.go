package gitrepo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// The trailers with the source of a commit.
const (
	TrailerRevision = "Gitopsgen-Revision"
	TrailerTime     = "Gitopsgen-Revision-Time"
	TrailerVersion  = "Gitopsgen-Version"
)

// dirty ends the hash of a revision that the model is not quite, as git describe
// has it.
const dirty = "-dirty"

// Revision is the commit of a model.
type Revision struct {
	Hash string
	Time time.Time
	// Dirty tells that the model is not what the commit holds.
	Dirty bool

	history *history // of the model's repository, if there is one
}

// ModelRevision returns the revision of the model in a directory, which is the
// checked out commit of its repository. Its hash is "" where there is none.
func ModelRevision(dir string) (Revision, error) {
	h, err := openHistory(dir)
	if err != nil {
		return Revision{}, fmt.Errorf("reading the repository of the model in %s: %w (set the revision with --revision)", dir, err)
	}
	if h == nil {
		return Revision{}, nil
	}
	r := Revision{history: h}
	head, err := h.head()
	if err != nil {
		return r, fmt.Errorf("reading the revision of the model in %s: %w (set it with --revision)", dir, err)
	}
	if head != nil {
		r.Hash, r.Time = head.Hash.String(), head.Committer.When
	}
	return r, nil
}

// Named returns another revision of the same model. Its time is known where its
// commit is there.
func (r Revision) Named(hash string) Revision {
	out := Revision{Hash: hash, history: r.history}
	if c, err := r.history.commit(hash); c != nil && err == nil {
		out.Time = c.Committer.When
	}
	return out
}

// Trailers returns the trailers of a commit that is made from the revision, each of
// them one line.
func (r Revision) Trailers(version string) []string {
	out := []string{TrailerVersion + ": " + escape.Line(version)}
	if r.Hash != "" {
		hash := r.Hash
		if r.Dirty {
			hash += dirty
		}
		out = append(out, TrailerRevision+": "+escape.Line(hash))
	}
	if !r.Time.IsZero() {
		out = append(out, TrailerTime+": "+r.Time.UTC().Format(time.RFC3339))
	}
	return out
}

// CheckNewer returns an error that wraps ErrOlder where the tip was made from a
// model that is newer than r: from a descendant of it, or, where the history of
// the model's repository does not say, from one of a later time.
func (r Revision) CheckNewer(ctx context.Context, t *Tip) error {
	tip := strings.TrimSuffix(t.Trailers[TrailerRevision], dirty)
	if tip == "" || r.Hash == "" || tip == r.Hash || !r.isOlder(ctx, tip, t.Trailers[TrailerTime]) {
		return ctx.Err()
	}
	return fmt.Errorf("%w: the branch has revision %.12s, and this is %.12s (publish the newer one, or use --allow-older)", ErrOlder, tip, r.Hash)
}

// isOlder reports whether r is older than another revision and its time.
func (r Revision) isOlder(ctx context.Context, other, when string) bool {
	ours, _ := r.history.commit(r.Hash)
	theirs, _ := r.history.commit(other) // where one cannot be read, its time tells
	if ours != nil && theirs != nil {
		if found, _ := r.history.reaches(ctx, ours, theirs); found {
			return false
		}
		if found, whole := r.history.reaches(ctx, theirs, ours); found || whole {
			return found
		}
	}
	at, err := time.Parse(time.RFC3339, when)
	return err == nil && !r.Time.IsZero() && at.After(r.Time)
}
