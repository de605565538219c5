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
	f.StringVar(&r.cacheDir, "cache-dir", "", "cache directory for proofs and fetches, or none (default: the user's cache directory)")
	f.StringVar(&r.username, "username", "", "user for https; the password is read from GITOPSGEN_PASSWORD, a token from GITOPSGEN_TOKEN")
	f.StringVar(&r.tokenFile, "token-file", "", "file with a token for https")
	f.StringVar(&r.sshKey, "ssh-key", "", "private key for ssh (default: the agent); GITOPSGEN_SSH_PASSPHRASE unlocks it")
	f.StringVar(&r.knownHosts, "known-hosts", "", "known_hosts file (default: the user's and the system's)")
	f.StringVar(&r.caFile, "ca-file", "", "PEM certificates to trust in addition to those of the system")
	f.DurationVar(&r.timeout, "timeout", 2*time.Minute, "timeout for each response of the server")
}

// remote returns the repository that the flags and the fleet name, with no
// branch yet.
func (a *app) remote(ctx context.Context, r repoFlags, f *model.Fleet) (gitrepo.Remote, error) {
	remote := gitrepo.Remote{URL: r.repo, Path: f.Repository.Path, Timeout: r.timeout}
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

// current is the tree that is in a directory or in a repository now.
type current struct {
	tree    *tree.Tree
	compare func(want *tree.Tree, o ownership.Options) (ownership.Plan, error)
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
		return current{d.Tree(), d.Compare}, nil
	}
	branches, err := a.branches(ctx, r, f)
	if err != nil {
		return current{}, err
	}
	tips := make([]*gitrepo.Tip, len(branches))
	for i, b := range branches {
		if tips[i], err = b.repo.Tip(ctx, true); err != nil {
			return current{}, err
		}
	}
	all, err := union(branches, tips)
	return current{all, func(want *tree.Tree, o ownership.Options) (ownership.Plan, error) {
		var sum ownership.Plan
		for i, b := range branches {
			part, err := b.part(want)
			if err != nil {
				return sum, err
			}
			p, err := tips[i].Compare(part, o)
			if err != nil {
				return sum, err
			}
			sum.Add(p)
		}
		return sum, nil
	}}, err
}
