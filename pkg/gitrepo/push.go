package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
)

var (
	// errMoved tells that the branch is not at the tip any more that was read.
	errMoved = errors.New("somebody else pushed")
	// errLocked tells that somebody else is about to move the branch.
	errLocked = errors.New("the branch is locked by another push")
	// errNoAnswer tells that the server did not say what became of a push.
	errNoAnswer = errors.New("the server did not report what happened to the commit (publish again: nothing is done twice)")
)

// maxSaid bounds what is kept of what a server says during a push, in bytes.
const maxSaid = 64 << 10

// push moves the branch from a tip to a commit with one pack. The server does it
// only where the branch is still there.
func (r *Repo) push(ctx context.Context, t *Tip, to plumbing.Hash, objects *newObjects) error {
	r.begin(Pushing)
	from := plumbing.NewHash(t.Commit)
	return r.within(ctx, func(ctx context.Context) error {
		session, err := r.client.NewReceivePackSession(r.session(), r.method())
		if err != nil {
			return err
		}
		defer session.Close()
		refs, err := session.AdvertisedReferencesContext(ctx)
		if err != nil {
			return err
		}
		if refs.References[r.ref.String()] != from {
			return errMoved
		}
		said := boundedBuffer{most: maxSaid}
		req := packp.NewReferenceUpdateRequestFromCapabilities(refs.Capabilities)
		if refs.Capabilities.Supports(capability.Sideband64k) {
			if err := req.Capabilities.Set(capability.Sideband64k); err != nil {
				return err
			}
		}
		req.Progress = &said
		req.Commands = []*packp.Command{{Name: r.ref, Old: from, New: to}}
		req.Packfile = io.NopCloser(bytes.NewReader(objects.pack()))
		report, err := session.ReceivePack(ctx, req)
		if err == nil && r.accepted(report) {
			return nil
		}
		return r.outcome(ctx, from, to, report, said.String(), err)
	})
}

// accepted reports whether the server said that it moved the branch.
func (r *Repo) accepted(report *packp.ReportStatus) bool {
	if report == nil || report.Error() != nil {
		return false
	}
	for _, s := range report.CommandStatuses {
		if s.ReferenceName == r.ref {
			return true
		}
	}
	return false
}

// outcome tells what became of a push that the server did not say it accepted: a
// connection may break after the branch was moved, and an answer may be lost.
func (r *Repo) outcome(ctx context.Context, from, to plumbing.Hash, report *packp.ReportStatus, said string, err error) error {
	at, readErr := r.at(ctx)
	refusal := report != nil && report.Error() != nil
	switch {
	case readErr == nil && at == to:
		return nil
	case readErr == nil && at != from:
		return errMoved // on the commit too, it may be: then nothing is left to do
	case refusal:
		return refused(reason(report), said)
	case err == nil:
		return errNoAnswer
	}
	return fmt.Errorf("%w: %w", err, errNoAnswer)
}

// at asks where the branch is now.
func (r *Repo) at(ctx context.Context) (plumbing.Hash, error) {
	session, err := r.client.NewReceivePackSession(r.session(), r.method())
	if err != nil {
		return plumbing.ZeroHash, err
	}
	defer session.Close()
	refs, err := session.AdvertisedReferencesContext(ctx)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return refs.References[r.ref.String()], nil
}

// reason returns why a report refuses.
func reason(report *packp.ReportStatus) string {
	for _, s := range report.CommandStatuses {
		if s.Error() != nil && report.UnpackStatus == "ok" {
			return s.Status
		}
	}
	return report.Error().Error()
}

// isLock reports whether a server refused since another push is under way: it
// holds the branch's lock, or was first a moment ago.
func isLock(words string) bool {
	return hasAny(words, "failed to update ref", "cannot lock ref", "failed to lock", "unable to lock", "incorrect old value", "stale info", "fetch first", "non-fast-forward")
}
