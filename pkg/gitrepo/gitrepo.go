// Package gitrepo reads a branch of a git repository and commits to it, without
// a work tree: the tip's trees are read, what changes is written as objects, and
// one pack of just these is pushed.
//
//	result, err := render.Fleet(ctx, fleet)
//	outcomes, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: "https://git.example.com/config.git"}, result)
//
// Publish keeps to what a result may change: only files that an inventory lists, never
// what a person edited, and no more deletions than the guards of the fleet allow. Each
// environment is published to its branch.
//
// A narrowed run leaves the rest of the tree as it is, which it has to know:
//
//	branches, err := gitrepo.OpenBranches(remote, fleet)
//	prior, err := branches.Tree(ctx)
//	result, err := render.Fleet(ctx, fleet, render.WithSelection(dev), render.WithPrior(prior))
//	outcomes, err := branches.Publish(ctx, result)
//
// Repo.Apply is the layer below, for one branch and trees that do not come from a
// render.
//
// The push says which commit it replaces, and the server refuses it where that
// is not the tip any more; then everything is done again on the new tip. Nothing
// is ever forced.
//
// Fetches are shallow: one commit deep, and with a cache only what changed since
// the last. Without a cache, the contents of all files of the tip come along,
// although mostly their names and hashes would do; they stay compressed until
// they are read. What is read is bounded, whoever wrote the repository: see
// ErrTooLarge. A local repository is reached by the git command.
package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"

	"github.com/gitopsgen/gitopsgen/pkg/escape"
)

// Remote is a branch of a repository and how to reach it.
type Remote struct {
	// URL is an https, ssh or file URL, an address such as git@host:path, or the
	// path of a local repository. It carries no password.
	URL string
	// Branch is the branch, as in main.
	Branch string
	// Path is the directory of the tree in the repository. Default: its root.
	Path string
	// Auth is how to log in. Default: nothing for HTTP, the agent for SSH.
	Auth Auth
	// CABundle holds certificates in PEM to trust beside the system's.
	CABundle []byte
	// CacheDir holds what was fetched before. Default: nothing is kept.
	CacheDir string
	// Timeout bounds each conversation with the server. Default: two minutes.
	Timeout time.Duration
}

// Repo is a branch of a remote repository.
type Repo struct {
	Remote
	endpoint *transport.Endpoint
	client   transport.Transport
	ref      plumbing.ReferenceName
	limits   limits
}

// The errors that callers tell apart; those that are returned wrap one of them
// where it is the cause.
var (
	// ErrNotFound tells that there is no repository, or none that this user sees.
	ErrNotFound = errors.New("the repository does not exist, or this user is not allowed to see it")
	// ErrLogin tells that the server wants another credential, or any.
	ErrLogin = errors.New("the server does not accept the login")
	// ErrForbidden tells that the user may not write here.
	ErrForbidden = errors.New("this user is not allowed to push to the repository")
	// ErrProtected tells that a rule of the server protects the branch.
	ErrProtected = errors.New("the branch is protected")
	// ErrHook tells that a hook of the server refused the commit.
	ErrHook = errors.New("a hook of the server rejected the commit")
	// ErrTimeout tells that the server did not answer in time.
	ErrTimeout = errors.New("the server does not answer")
	// ErrHostKey tells that the server's key is not known, or another.
	ErrHostKey = errors.New("the host key of the server is not the known one")
	// ErrRace tells that others pushed faster, again and again.
	ErrRace = errors.New("somebody else pushed to the branch each time")
	// ErrOlder tells that the tip was made from a newer model.
	ErrOlder = errors.New("the branch was generated from a newer model")
)

// Open returns a branch of a remote repository; it reaches for nothing yet. It
// is an error where the URL is none, or carries a password.
func Open(r Remote) (*Repo, error) {
	if err := CheckURL(r.URL); err != nil {
		return nil, err
	}
	if r.Branch == "" || strings.HasPrefix(r.Branch, "-") || escape.Line(r.Branch) != r.Branch {
		return nil, fmt.Errorf("%q is not a valid name of a branch", r.Branch)
	}
	address := r.URL
	if !strings.Contains(r.URL, ":") {
		var err error
		if address, err = filepath.Abs(r.URL); err != nil {
			return nil, err
		}
	}
	endpoint, err := transport.NewEndpoint(address)
	if err != nil {
		return nil, errors.New("the address of the repository is not a valid URL")
	}
	c, err := newClient(endpoint, r.CABundle, defaultLimits)
	if err != nil {
		return nil, err
	}
	ref := plumbing.NewBranchReferenceName(r.Branch)
	if err := ref.Validate(); err != nil {
		return nil, fmt.Errorf("%q is not a valid name of a branch", r.Branch)
	}
	if r.Timeout == 0 {
		r.Timeout = 2 * time.Minute
	}
	return &Repo{Remote: r, endpoint: endpoint, client: c, ref: ref, limits: defaultLimits}, nil
}

// String returns the repository's address and branch.
func (r *Repo) String() string { return r.address() + " " + r.Branch }

// within runs one conversation with the server and ends it where it takes too
// long; a server that hangs before it says anything is left behind.
func (r *Repo) within(ctx context.Context, talk func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- talk(ctx) }()
	select {
	case err := <-done:
		if ctx.Err() == nil {
			return r.explained(err)
		}
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w within %s (check whether it is up, or use a longer --timeout)", r.address(), ErrTimeout, r.Timeout)
	}
	return ctx.Err()
}
