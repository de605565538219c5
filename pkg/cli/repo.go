package cli

import (
	"cmp"
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
	f.StringVar(&r.repo, "repo", "", "address or path of the git repository")
	f.StringVar(&r.branch, "branch", "", "branch (default: the fleet's, or main)")
	f.StringVar(&r.cacheDir, "cache-dir", "", "where proofs and fetches are remembered, or none (default: the user's cache directory)")
	f.StringVar(&r.username, "username", "", "user for https; the password is taken from GITOPSGEN_PASSWORD, a token from GITOPSGEN_TOKEN")
	f.StringVar(&r.tokenFile, "token-file", "", "file that holds a token for https")
	f.StringVar(&r.sshKey, "ssh-key", "", "private key for ssh (default: the agent); GITOPSGEN_SSH_PASSPHRASE unlocks it")
	f.StringVar(&r.knownHosts, "known-hosts", "", "known_hosts file (default: the user's and the system's)")
	f.StringVar(&r.caFile, "ca-file", "", "certificates in PEM to trust beside the system's")
	f.DurationVar(&r.timeout, "timeout", 2*time.Minute, "how long the server may take for each answer")
}

// open returns the branch that the flags and the fleet name.
func (a *app) open(ctx context.Context, r repoFlags, f *model.Fleet) (*gitrepo.Repo, error) {
	remote := gitrepo.Remote{URL: r.repo, Branch: cmp.Or(r.branch, f.Repository.Branch, "main"), Path: f.Repository.Path, Timeout: r.timeout}
	if r.cacheDir != "none" {
		remote.CacheDir = cacheDir(r.cacheDir)
	}
	var err error
	if r.caFile != "" {
		if remote.CABundle, err = os.ReadFile(r.caFile); err != nil {
			return nil, fmt.Errorf("reading the certificates: %w", err)
		}
	}
	repo, err := gitrepo.Open(remote) // it refuses a URL that carries a password
	if err != nil {
		return nil, err
	}
	repo.Auth, err = a.login(ctx, r)
	return repo, err
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

// standing is the tree that stands in a directory or on a branch.
type standing struct {
	tree  *tree.Tree
	state interface {
		Compare(want *tree.Tree, o ownership.Options) (ownership.Plan, error)
	}
}

// stands returns what stands where the flags say.
func (a *app) stands(ctx context.Context, dir string, r repoFlags, f *model.Fleet) (standing, error) {
	if (dir == "") == (r.repo == "") {
		return standing{}, errors.New("name one of --output-dir and --repo")
	}
	if dir != "" {
		d, err := disk.Open(dir)
		if err != nil {
			return standing{}, err
		}
		return standing{d.Tree(), d}, nil
	}
	repo, err := a.open(ctx, r, f)
	if err != nil {
		return standing{}, err
	}
	tip, err := repo.Tip(ctx, true)
	if err != nil {
		return standing{}, err
	}
	t, err := tip.Tree()
	return standing{t, tip}, err
}
