package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
)

// errMoved tells that the branch is not at the tip any more that was read.
var errMoved = errors.New("somebody else pushed")

// push moves the branch from a tip to a commit with one pack. The server does it
// only where the branch is still there.
func (r *Repo) push(ctx context.Context, t *Tip, to plumbing.Hash, objects *newObjects) error {
	from := plumbing.NewHash(t.Commit)
	return r.within(ctx, func(ctx context.Context) error {
		session, err := r.client.NewReceivePackSession(r.endpoint, r.method())
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
		var said bytes.Buffer
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
		if report != nil && report.Error() != nil {
			return r.rejected(ctx, from, report, said.String())
		}
		return err
	})
}

// rejected tells a lost race from what the server has against the commit.
func (r *Repo) rejected(ctx context.Context, from plumbing.Hash, report *packp.ReportStatus, said string) error {
	session, err := r.client.NewReceivePackSession(r.endpoint, r.method())
	if err == nil {
		defer session.Close()
		if refs, err := session.AdvertisedReferencesContext(ctx); err == nil && refs.References[r.ref.String()] != from {
			return errMoved
		}
	}
	reason := report.Error().Error()
	for _, s := range report.CommandStatuses {
		if s.Error() != nil && report.UnpackStatus == "ok" {
			reason = s.Status
		}
	}
	return refused(reason, said)
}
