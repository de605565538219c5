package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// Tip fetches the tip of the branch. With contents, the contents of all files
// are part of it; else those of the inventories, and what came along.
func (r *Repo) Tip(ctx context.Context, contents bool) (*Tip, error) {
	r.begin(Fetching)
	known, s := r.cached()
	if contents {
		known, s = plumbing.ZeroHash, store{}
	}
	t, err := r.tip(ctx, known, s, contents)
	if errors.Is(err, errIncomplete) {
		t, err = r.tip(ctx, plumbing.ZeroHash, store{}, contents)
	}
	if err != nil {
		return nil, err
	}
	if t.Commit != known.String() {
		r.remember(t)
	}
	return t, nil
}

// tip fetches what s lacks of the tip; s holds all of the commit known, unless
// that is zero.
func (r *Repo) tip(ctx context.Context, known plumbing.Hash, s store, contents bool) (*Tip, error) {
	var at plumbing.Hash
	err := r.within(ctx, func(ctx context.Context) error {
		session, err := r.client.NewUploadPackSession(r.session(), r.method())
		if err != nil {
			return err
		}
		defer session.Close()
		refs, err := session.AdvertisedReferencesContext(ctx)
		if errors.Is(err, transport.ErrEmptyRemoteRepository) {
			return nil
		}
		if err != nil {
			return err
		}
		if at = refs.References[r.ref.String()]; at.IsZero() || at == known {
			return nil
		}
		return r.fetch(ctx, session, refs, at, known, s)
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	t, err := newTip(ctx, r.Path, at, s, r.limits)
	if err == nil && contents {
		err = t.load(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the branch: %w", err)
	}
	return t, nil
}

// fetch fetches a commit without its history into s.
func (r *Repo) fetch(ctx context.Context, session transport.UploadPackSession, refs *packp.AdvRefs, want, have plumbing.Hash, s store) error {
	req := packp.NewUploadPackRequestFromCapabilities(refs.Capabilities)
	req.Capabilities.Delete(capability.ThinPack)
	req.Wants = []plumbing.Hash{want}
	if refs.Capabilities.Supports(capability.Shallow) {
		req.Depth = packp.DepthCommits(1)
		if err := req.Capabilities.Set(capability.Shallow); err != nil {
			return err
		}
		if !have.IsZero() {
			req.Shallows, req.Haves = []plumbing.Hash{have}, []plumbing.Hash{have}
		}
	}
	if refs.Capabilities.Supports(capability.Filter) { // files that are not read need not be sent
		if err := req.Capabilities.Set(capability.Filter); err != nil {
			return err
		}
		req.Filter = packp.FilterBlobLimit(uint64(r.limits.object+1), packp.BlobLimitPrefixNone)
	}
	res, err := session.UploadPack(ctx, req)
	if err != nil {
		return err
	}
	defer res.Close()
	return r.receive(ctx, packReader(req, res), s)
}

// receive reads a pack into s. It is held as it comes: see pack.
func (r *Repo) receive(ctx context.Context, from io.Reader, s store) error {
	data, err := io.ReadAll(&boundedReader{r: ctxReader{ctx, from}, what: "the pack that the server sends", most: r.limits.received})
	if err == nil {
		err = unpack(ctx, data, r.limits, s)
	}
	if err != nil {
		return fmt.Errorf("reading what the server sent: %w", err)
	}
	return nil
}
