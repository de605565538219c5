package gitrepo

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/transport"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// CheckURL returns an error if an address must not be used: it contains a login
// or a query, which would be printed and stored; it contains a line break, which
// credential helpers would read as another request; or a part of it begins with a
// dash, which programs read as an option. The error does not contain the address.
func CheckURL(address string) error {
	errURL := errors.New("the address of the repository is not a valid URL (write https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or a path)")
	if escape.Line(address) != address {
		return errors.New("the address of the repository contains a control or invisible character")
	}
	switch what := credential.InAddress(address); what {
	case "":
	case "a login":
		return errors.New("the address of the repository contains a login; pass it in the environment, in a file or with git's credential helper")
	default:
		return errors.New("the address of the repository contains " + what + ", which may hold a credential; remove it")
	}
	scheme, rest, isURL := strings.Cut(address, "://")
	if !isURL {
		scheme, _, _ = strings.Cut(address, ":")
		isWeb := strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
		if isWeb || option.MatchString(address) {
			return errURL
		}
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || strings.HasPrefix(rest, "/") && !strings.EqualFold(scheme, "file") || option.MatchString(u.Host) || strings.HasPrefix(u.User.Username(), "-") {
		return errURL
	}
	for range maxEncoded {
		if escape.Line(rest) != rest {
			return errors.New("the address of the repository contains an encoded control or invisible character")
		}
		if rest, err = url.PathUnescape(rest); err != nil {
			return nil // it cannot be decoded any more
		}
	}
	return nil
}

// maxEncoded is how often an address is decoded: helpers decode what we did.
const maxEncoded = 4

// option matches an address of which the user, the host or the path begins with a
// dash.
var option = regexp.MustCompile(`^-|^[^/]*[@:]-`)

// session returns the endpoint of one conversation. go-git changes it where the
// server redirects, also after the conversation was left behind.
func (r *Repo) session() *transport.Endpoint {
	e := *r.endpoint
	return &e
}

// address returns the repository's address as it may be printed.
func (r *Repo) address() string { return credential.RedactAddresses(r.endpoint.String()) }
