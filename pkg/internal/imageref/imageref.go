// Package imageref takes container image references apart, as in
// ghcr.io/acme/frontend:5.0.1@sha256:….
package imageref

import (
	"fmt"
	"regexp"
	"strings"
)

// Reference is an image reference.
type Reference struct {
	// Name is the registry and repository, as written.
	Name string
	// Tag is the tag, without the colon; "" means none.
	Tag string
	// Digest is the digest, as in sha256:…, without the at sign; "" means none.
	Digest string
}

// String returns the reference as it is written.
func (r Reference) String() string {
	s := r.Name
	if r.Tag != "" {
		s += ":" + r.Tag
	}
	if r.Digest != "" {
		s += "@" + r.Digest
	}
	return s
}

// The grammar is that of the OCI distribution specification and Docker's
// reference package: an optional host with port, lower case path components.
var (
	name   = regexp.MustCompile(`^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$`)
	tag    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digest = regexp.MustCompile(`^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$`)
)

// Parse reads a reference. The error says which part is wrong.
func Parse(s string) (Reference, error) {
	r := Reference{Name: s}
	if before, after, ok := strings.Cut(s, "@"); ok {
		r.Name, r.Digest = before, after
		if !digest.MatchString(after) {
			return Reference{}, fmt.Errorf("image %q: the digest is not sha256: or sha512: with hexadecimal digits", s)
		}
	}
	if i := strings.LastIndexByte(r.Name, ':'); i > strings.LastIndexByte(r.Name, '/') {
		r.Name, r.Tag = r.Name[:i], r.Name[i+1:]
		if !tag.MatchString(r.Tag) {
			return Reference{}, fmt.Errorf("image %q: %q is not a valid tag", s, r.Tag)
		}
	}
	if len(r.Name) > 255 || !name.MatchString(r.Name) {
		return Reference{}, fmt.Errorf("image %q: %q is not a valid repository name", s, r.Name)
	}
	return r, nil
}
