package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
)

// maxCredential bounds a file with a token, keys or certificates, in bytes.
const maxCredential = 16 << 20

// login returns how to log in to the repository, by what the flags and the
// environment say; nil means without.
func (a *app) login(ctx context.Context, f repoFlags) (gitrepo.Auth, error) {
	u, err := url.Parse(f.repo)
	switch {
	case err == nil && (u.Scheme == "https" || u.Scheme == "http"):
		return a.httpLogin(ctx, u, f)
	case err == nil && u.Scheme == "ssh":
		return a.sshLogin(u.User.Username(), f)
	}
	if user, _, ok := strings.Cut(f.repo, "@"); ok && !strings.Contains(user, "/") {
		return a.sshLogin(user, f) // git@host:path
	}
	return nil, nil
}

func (a *app) sshLogin(user string, f repoFlags) (gitrepo.Auth, error) {
	var hosts []string
	if f.knownHosts != "" {
		hosts = []string{f.knownHosts}
	}
	return gitrepo.SSH(cmp.Or(user, "git"), f.sshKey, a.Getenv("GITOPSGEN_SSH_PASSPHRASE"), hosts...)
}

// httpLogin looks for a token in a file and in the environment, then for a
// password, then asks git's credential helpers.
func (a *app) httpLogin(ctx context.Context, u *url.URL, f repoFlags) (gitrepo.Auth, error) {
	user, password := f.username, cmp.Or(a.Getenv("GITOPSGEN_TOKEN"), a.Getenv("GITOPSGEN_PASSWORD"))
	if f.tokenFile != "" {
		data, err := disk.ReadNamed(f.tokenFile, maxCredential)
		if err != nil {
			return nil, fmt.Errorf("reading the token: %w", err)
		}
		password = strings.TrimSpace(string(data))
	}
	if password == "" {
		user, password = gitCredential(ctx, u, f.timeout)
	}
	if password == "" {
		return nil, nil
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("a credential is not sent over plain http; use https")
	}
	// With a token, forges take any name.
	return gitrepo.Basic(cmp.Or(user, "x-access-token"), password), nil
}
