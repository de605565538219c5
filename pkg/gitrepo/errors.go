package gitrepo

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing/transport"
	"golang.org/x/crypto/ssh/knownhosts"
)

// explained tells what an error of a conversation means, and what to do.
func (r *Repo) explained(err error) error {
	var key *knownhosts.KeyError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return fmt.Errorf("%s: %w (see its address, and the login)", r.endpoint, ErrNotFound)
	case errors.Is(err, transport.ErrAuthenticationRequired), strings.Contains(err.Error(), "unable to authenticate"):
		return fmt.Errorf("%s: %w (give a valid token, password or key; it may have expired)", r.endpoint, ErrLogin)
	case errors.Is(err, transport.ErrAuthorizationFailed):
		return fmt.Errorf("%s: %w (ask for write permission, or use another login)", r.endpoint, ErrForbidden)
	case errors.As(err, &key):
		return fmt.Errorf("%s: %w (add it to known_hosts once you have checked it)", r.endpoint, ErrHostKey)
	}
	return fmt.Errorf("%s: %w", r.endpoint, err)
}

// refused tells why the server did not move the branch, from its reason and from
// what it and its hooks said meanwhile.
func refused(reason, said string) error {
	all := strings.ToLower(reason + "\n" + said)
	kind, fix := ErrHook, "see what the hook asks for"
	switch {
	case strings.Contains(all, "protected"), strings.Contains(all, "gh006"), strings.Contains(all, "gh013"):
		kind, fix = ErrProtected, "open a pull request, or let this user push"
	case strings.Contains(all, "permission"), strings.Contains(all, "not allowed"), strings.Contains(all, "denied to"):
		kind, fix = ErrForbidden, "ask for write permission, or use another login"
	case !strings.Contains(all, "hook"):
		return fmt.Errorf("the server refused the commit: %s", clean(reason+" "+said))
	}
	if said = clean(said); said != "" {
		said = "; it says: " + said
	}
	return fmt.Errorf("%w: %s%s (%s)", kind, clean(reason), said, fix)
}

// clean returns a server's text in one line, without control characters.
func clean(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s)
	if s = strings.Join(strings.Fields(s), " "); len(s) > 500 {
		s = s[:500] + "..."
	}
	return s
}
