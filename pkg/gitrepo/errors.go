package gitrepo

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// explained tells what an error of a conversation means, and what to do. Its text
// is fit to be printed, whatever the server says.
func (r *Repo) explained(err error) error {
	if err == nil {
		return nil
	}
	return shownError{r.meaning(err)}
}

// shownError is an error whose text is one line, without credentials.
type shownError struct{ error }

func (e shownError) Error() string { return line(e.error.Error(), 4*maxWords) }
func (e shownError) Unwrap() error { return e.error }

func (r *Repo) meaning(err error) error {
	var key *knownhosts.KeyError
	var unknown x509.UnknownAuthorityError
	var data *packp.ErrUnexpectedData
	var web *url.Error
	say := func(kind error, fix string) error { return fmt.Errorf("%s: %w (%s)", r.address(), kind, fix) }
	switch {
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return say(ErrNotFound, "check the address and the login")
	case errors.Is(err, transport.ErrAuthenticationRequired), strings.Contains(err.Error(), "unable to authenticate"):
		return say(ErrLogin, "use a valid token, password or key; it may have expired")
	case errors.Is(err, transport.ErrAuthorizationFailed):
		return say(ErrForbidden, "ask for write permission, or use another login")
	case errors.As(err, &key) && len(key.Want) > 0:
		return say(ErrHostKey, "known_hosts has a different key, so somebody may intercept the connection; replace the key once you have verified the new one")
	case errors.As(err, &key):
		return say(ErrHostKey, "known_hosts has no key for the server; add it once you have verified it")
	case errors.As(err, &unknown):
		return say(err, "pass the certificate of its authority with --ca-file")
	case errors.As(err, &data) && bytes.Contains(data.Data, []byte("object-format=sha256")):
		return say(errors.ErrUnsupported, "the repository uses SHA-256 hashes; use a repository with SHA-1")
	case errors.As(err, &data), errors.Is(err, pktline.ErrInvalidPktLen):
		return say(errors.New("this is not a git server"), "check the address")
	case errors.As(err, &web):
		return say(err, "check the address, and whether the server is up")
	}
	if fix, kind := classified(err.Error()); kind != nil {
		return fmt.Errorf("%s: %w: %s (%s)", r.address(), kind, clean(strings.TrimPrefix(err.Error(), "unknown error: ")), fix)
	}
	return fmt.Errorf("%s: %w", r.address(), err)
}

// refused tells why the server did not move the branch, from its reason and from
// what it and its hooks said meanwhile.
func refused(reason, said string) error {
	all := reason + "\n" + said
	fix, kind := classified(all)
	switch {
	case kind != nil:
	case isLock(all):
		return fmt.Errorf("%w, or a lock was left behind: %s", errLocked, clean(all))
	case strings.Contains(all, "branch is currently checked out"):
		return errors.New("the branch is checked out in a repository with a work tree (push to a bare repository)")
	case strings.Contains(strings.ToLower(all), "hook"):
		kind, fix = ErrHook, "check what the hook requires"
	default:
		return fmt.Errorf("the server rejected the commit: %s", clean(all))
	}
	if said = clean(said); said != "" {
		said = "; it reports: " + said
	}
	return fmt.Errorf("%w: %s%s (%s)", kind, clean(reason), said, fix)
}

// classified tells from a server's words, as the usual forges choose them,
// whether the branch is protected, or the user may not write.
func classified(words string) (fix string, kind error) {
	words = strings.ToLower(words)
	switch {
	case hasAny(words, "protected branch", "protected ref", "gh006", "gh013", "tf402455", "must use a pull request", "only be modified through pull requests", "prohibited by gerrit"):
		return "open a pull request, or allow this user to push", ErrProtected
	case hasAny(words, "permission denied (publickey"):
		return "use a key that the server knows", ErrLogin
	case hasAny(words, "denied to ", "not allowed to push", "permission to push", "write access", "access rights", "key is read only", "marked as read only"):
		return "ask for write permission, or use another login", ErrForbidden
	}
	return "", nil
}

func hasAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(s, part) })
}

// maxWords bounds what is told of a server's words, in bytes.
const maxWords = 500

// clean returns a server's text in one line, fit to be printed.
func clean(s string) string { return line(s, maxWords) }

// line returns a text in one line without credentials, cut where it is long. What
// separates words, as line ends do, is a space.
func line(s string, most int) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return ' '
		}
		return c
	}, credential.RedactMessage(s))
	if s = escape.Line(strings.Join(strings.Fields(s), " ")); len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}
