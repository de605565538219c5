package gitrepo

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// The trailers that tell what a commit was made from.
const (
	TrailerRevision = "Gitopsgen-Revision"
	TrailerTime     = "Gitopsgen-Revision-Time"
	TrailerVersion  = "Gitopsgen-Version"
)

// Revision is the commit of a model.
type Revision struct {
	Hash string
	Time time.Time

	repo *git.Repository // where the history is, if it is
}

// ModelRevision returns the revision of the model in a directory, which is the
// checked out commit of its repository. It is zero where there is none.
func ModelRevision(dir string) (Revision, error) {
	repo, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if errors.Is(err, git.ErrRepositoryNotExists) {
		return Revision{}, nil
	}
	if err != nil {
		return Revision{}, fmt.Errorf("reading the model's repository: %w", err)
	}
	head, err := repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return Revision{}, nil
	}
	if err != nil {
		return Revision{}, fmt.Errorf("reading the model's revision: %w", err)
	}
	commit, err := repo.CommitObject(head.Hash())
	if err != nil {
		return Revision{}, fmt.Errorf("reading the model's revision: %w", err)
	}
	return Revision{Hash: head.Hash().String(), Time: commit.Committer.When, repo: repo}, nil
}

// Trailers returns the trailers of a commit that is made from the revision.
func (r Revision) Trailers(version string) []string {
	out := []string{TrailerVersion + ": " + version}
	if r.Hash != "" {
		out = append(out, TrailerRevision+": "+r.Hash)
	}
	if !r.Time.IsZero() {
		out = append(out, TrailerTime+": "+r.Time.UTC().Format(time.RFC3339))
	}
	return out
}

// commit returns a commit of the model's repository, if it is there.
func (r Revision) commit(hash string) (*object.Commit, bool) {
	if r.repo == nil {
		return nil, false
	}
	c, err := r.repo.CommitObject(plumbing.NewHash(hash))
	return c, err == nil
}

// CheckNewer returns an error that wraps ErrOlder where the tip was made from a
// model that is newer than r: from a descendant of it, or, where the model's
// repository does not know the tip's revision, from one of a later time.
func (r Revision) CheckNewer(t *Tip) error {
	tip := t.Trailers[TrailerRevision]
	if tip == "" || r.Hash == "" || tip == r.Hash {
		return nil
	}
	older := false
	theirs, knowsTheirs := r.commit(tip)
	ours, knowsOurs := r.commit(r.Hash)
	if knowsTheirs && knowsOurs {
		var err error
		if older, err = ours.IsAncestor(theirs); err != nil {
			return fmt.Errorf("comparing the model's revisions: %w", err)
		}
	} else if at, err := time.Parse(time.RFC3339, t.Trailers[TrailerTime]); err == nil {
		older = at.After(r.Time) && !r.Time.IsZero()
	}
	if !older {
		return nil
	}
	return fmt.Errorf("%w: revision %.12s, and this is %.12s (publish the newer one, or use --allow-older)", ErrOlder, tip, r.Hash)
}
