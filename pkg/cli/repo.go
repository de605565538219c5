package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// repoFlags say which branch of which repository is meant, and how to reach it.
type repoFlags struct {
	repo, branch, cacheDir                          string
	username, tokenFile, sshKey, knownHosts, caFile string
	timeout                                         time.Duration
}

func (r *repoFlags) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.repo, "repo", "", "`URL` or path of the git repository")
	f.StringVar(&r.branch, "branch", "", "`NAME` of the branch (default: the fleet's, or main)")
	f.StringVar(&r.cacheDir, "cache-dir", "", "`DIR` for cached proofs and fetches, or none (default: the user's cache directory)")
	f.StringVar(&r.username, "username", "", "`NAME` of the user for https; the password is read from GITOPSGEN_PASSWORD, a token from GITOPSGEN_TOKEN")
	f.StringVar(&r.tokenFile, "token-file", "", "`FILE` with a token for https")
	f.StringVar(&r.sshKey, "ssh-key", "", "`FILE` with a private key for ssh (default: the agent); GITOPSGEN_SSH_PASSPHRASE unlocks it")
	f.StringVar(&r.knownHosts, "known-hosts", "", "known_hosts `FILE` (default: the user's and the system's)")
	f.StringVar(&r.caFile, "ca-file", "", "`FILE` with PEM certificates to trust in addition to those of the system")
	f.DurationVar(&r.timeout, "timeout", 2*time.Minute, "timeout for each response of the server")
}

// remote returns the repository that the flags name.
func (a *app) remote(ctx context.Context, r repoFlags) (gitrepo.Remote, error) {
	remote := gitrepo.Remote{URL: r.repo, Branch: r.branch, Timeout: r.timeout, Progress: a.exchanging}
	if r.cacheDir != "none" {
		remote.CacheDir = cacheDir(r.cacheDir)
	}
	if err := gitrepo.CheckURL(r.repo); err != nil {
		return remote, err
	}
	var err error
	if r.caFile != "" {
		if remote.CABundle, err = disk.ReadNamed(r.caFile, maxCredential); err != nil {
			return remote, fmt.Errorf("reading the certificates: %w", err)
		}
	}
	remote.Auth, err = a.login(ctx, r)
	return remote, err
}

// cacheDir returns the directory that caches stand in, or "".
func cacheDir(given string) string {
	if given != "" {
		return given
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "gitopsgen")
}

// branches returns the branches that the flags and the fleet name.
func (a *app) branches(ctx context.Context, r repoFlags, f *model.Fleet) (*gitrepo.Branches, error) {
	remote, err := a.remote(ctx, r)
	if err != nil {
		return nil, err
	}
	return gitrepo.OpenBranches(remote, f)
}

// current is the tree that is in a directory or in a repository now.
type current struct {
	tree *tree.Tree
	// plan says what would be done to it to write a result.
	plan func(*render.Result) (ownership.Plan, error)
}

// current returns the tree where the flags say.
func (a *app) current(ctx context.Context, in input, dir string, r repoFlags, f *model.Fleet) (current, error) {
	if (dir == "") == (r.repo == "") {
		return current{}, errors.New("use one of --output-dir and --repo")
	}
	if dir != "" {
		if err := in.apart(dir); err != nil {
			return current{}, err
		}
		d, err := disk.Open(dir)
		if err != nil {
			return current{}, err
		}
		return current{d.Tree(), func(r *render.Result) (ownership.Plan, error) { return d.Plan(r) }}, nil
	}
	branches, err := a.branches(ctx, r, f)
	if err != nil {
		return current{}, err
	}
	all, err := a.fetch(ctx, branches)
	return current{all, func(r *render.Result) (ownership.Plan, error) { return branches.Plan(ctx, r) }}, err
}

// fetch reads branches.
func (a *app) fetch(ctx context.Context, b *gitrepo.Branches) (*tree.Tree, error) {
	_, end := a.begin(ctx, "reading the repository")
	defer end()
	return b.Tree(ctx)
}
