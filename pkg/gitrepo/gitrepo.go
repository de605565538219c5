// Package gitrepo reads a branch of a git repository and commits to it, without
// a work tree: the tip's trees are read, what changes is written as objects, and
// one pack of just these is pushed.
//
//	result, err := render.Fleet(ctx, fleet)
//	outcomes, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: "https://git.example.com/config.git"}, result)
//
// Publish changes only what a result may change: files that an inventory lists,
// never files that were edited by hand, and with no more deletions than the
// guards of the fleet allow. Each environment is published to its branch.
//
// A narrowed run retains the rest of the tree, which it has to read first:
//
//	branches, err := gitrepo.OpenBranches(remote, fleet)
//	prior, err := branches.Tree(ctx)
//	result, err := render.Fleet(ctx, fleet, render.WithSelection(dev), render.WithPrior(prior))
//	outcomes, err := branches.Publish(ctx, result)
//
// Repo.Apply is the layer below, for one branch and trees that do not come from a
// render.
//
// The push names the commit that it replaces, and the server rejects it if that
// is no longer the tip; then everything is done again on the new tip. Nothing is
// ever forced.
//
// Fetches have a depth of one commit, and with a cache fetch only what changed
// since the last one. Without a cache, the contents of all files of the tip come
// along, although mostly their names and hashes would do; they stay compressed
// until they are read. What is read is limited, regardless of who wrote the
// repository: see ErrTooLarge. A local repository is accessed with the git
// command.
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

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// Remote is a branch of a repository and how to reach it.
type Remote struct {
	// URL is an https, ssh or file URL, an address such as git@host:path, or the
	// path of a local repository. It must not contain a password.
	URL string
	// Branch is the branch, as in main.
	Branch string
	// Path is the directory of the tree in the repository. Default: its root.
	Path string
	// Auth is how to log in. Default: nothing for HTTP, the agent for SSH.
	Auth Auth
	// CABundle has PEM certificates to trust in addition to those of the system.
	CABundle []byte
	// CacheDir is the directory of the cache of fetches. Default: no cache.
	CacheDir string
	// Timeout limits each exchange with the server. Default: two minutes.
	Timeout time.Duration
	// Progress is called when an exchange with the server begins, which waits for it.
	// Default: nothing is called.
	Progress func(Phase)
}

// Phase is what is exchanged with a server.
type Phase string

// The phases.
const (
	// Fetching reads the tip of a branch.
	Fetching Phase = "fetching"
	// Pushing moves a branch to a commit.
	Pushing Phase = "pushing"
)

// begin says that a phase begins.
func (r *Repo) begin(p Phase) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

// Repo is a branch of a remote repository.
type Repo struct {
	Remote
	endpoint *transport.Endpoint
	client   transport.Transport
	ref      plumbing.ReferenceName
	limits   limits
}

// The errors that callers can distinguish with errors.Is.
var (
	// ErrNotFound means that the repository does not exist, or the user cannot see it.
	ErrNotFound = errors.New("the repository does not exist, or this user is not allowed to see it")
	// ErrLogin means that the server requires a credential, or another one.
	ErrLogin = errors.New("the server does not accept the login")
	// ErrForbidden means that the user does not have write permission.
	ErrForbidden = errors.New("this user is not allowed to push to the repository")
	// ErrProtected means that a rule of the server protects the branch.
	ErrProtected = errors.New("the branch is protected")
	// ErrHook means that a hook of the server rejected the commit.
	ErrHook = errors.New("a hook of the server rejected the commit")
	// ErrTimeout means that the server did not answer in time.
	ErrTimeout = errors.New("the server does not answer")
	// ErrHostKey means that the host key of the server is unknown or different.
	ErrHostKey = errors.New("the host key of the server is not the known one")
	// ErrRace means that somebody else pushed first, in every attempt.
	ErrRace = errors.New("somebody else pushed to the branch each time")
	// ErrOlder means that the tip was generated from a newer model.
	ErrOlder = errors.New("the branch was generated from a newer model")
)

// Open returns a branch of a remote repository; it does not connect yet. It is an
// error if the URL is not valid, or contains a password.
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
