package credential

import (
	"regexp"
	"slices"
	"strings"
)

// InAddress returns what an address carries that may be secret, as in "a login",
// or "". The user of an SSH address is none, unless it looks like a credential.
func InAddress(address string) string {
	scheme, rest, isURL := strings.Cut(address, "://")
	if !isURL {
		rest = address
	}
	at, host := plainURL.split(rest, isURL)
	login := rest[:max(at-1, 0)]
	switch {
	case at > 0 && (strings.Contains(login, ":") || Random(login) || Find(login) != ""):
		return "a login"
	case at > 0 && isURL && !slices.Contains([]string{"ssh", "git+ssh", "ssh+git"}, strings.ToLower(scheme)):
		return "a login"
	case at > 0 && !isURL && !strings.Contains(rest[at:host], ":"): // it is no user@host:path
		return "a login"
	case isURL && strings.ContainsAny(rest, "?#"), !isURL && query.MatchString(rest):
		return "a query"
	}
	return ""
}

// query matches what looks like a query in what may be the name of a file.
var query = regexp.MustCompile(`\?[^/]*=`)

// RedactAddresses returns a text without the logins and queries of the addresses in it: of
// URLs, also where they are quoted, nested or percent-encoded, and of addresses
// without a scheme.
func RedactAddresses(text string) string {
	if !strings.ContainsAny(text, "@:%") {
		return text
	}
	text = quotedParts.ReplaceAllString(text, "$1 "+Redacted)
	var b strings.Builder
	for {
		m := schemes.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		s := plainURL
		if text[m[2]] == '%' {
			s = encodedURL
		}
		rest := m[1] + addressEnd(text[:m[0]], text[m[1]:])
		b.WriteString(redactLogins(text[:m[0]]) + text[m[0]:m[1]] + s.redact(text[m[1]:rest]))
		text = text[rest:]
	}
	return b.String() + redactLogins(text)
}

var (
	// schemes matches the beginning of a URL, in JSON and percent-encoded too.
	schemes = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*(:(?:\\?/){2}|%3a%2f%2f)`)
	// quotedParts matches the parts of an address that Go's errors quote.
	quotedParts = regexp.MustCompile(`(invalid port|invalid URL escape|invalid character|invalid userinfo|invalid proxy address) \\?"(?:[^"\\]|\\.)*"`)
	// logins matches USER@HOST:PATH, USER@HOST/PATH and USER:PASSWORD@HOST.
	logins = regexp.MustCompile(`(^|[\s"'(=<,])([^\s"'()@/<>=,]+@)([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])([:/][^\s:])?`)
	// digests are what stands behind the @ of an image.
	digests = regexp.MustCompile(`^sha[0-9]+$`)
)

// syntax are the characters that divide a URL.
type syntax struct{ at, colon, end, query *regexp.Regexp }

var (
	plainURL   = syntax{regexp.MustCompile(`@`), regexp.MustCompile(`:|(?i)%3a`), regexp.MustCompile(`[/?#\\]`), regexp.MustCompile(`[?#]`)}
	encodedURL = syntax{regexp.MustCompile(`@|%40`), regexp.MustCompile(`:|(?i)%3a`), regexp.MustCompile(`[/?#\\]|(?i)%2f|(?i)%3f|%23`), regexp.MustCompile(`[?#&]|(?i)%3f|%23|%26`)}
)

// addressEnd returns where an address ends: at the quote that it began behind,
// which may be quoted itself, or else at a blank or quote.
func addressEnd(before, address string) int {
	if strings.HasSuffix(before, `"`) {
		nested, slashes := strings.HasSuffix(before, `\"`), 0
		for i := range len(address) {
			switch {
			case address[i] == '\\':
				slashes++
				continue
			case address[i] == '"' && nested && slashes <= 1:
				return i - slashes
			case address[i] == '"' && !nested && slashes%2 == 0:
				return i
			}
			slashes = 0
		}
	}
	if i := strings.IndexAny(address, " \t\r\n\"'<>`"); i >= 0 {
		return i
	}
	return len(address)
}

// split returns where the login ends that an address begins with, 0 without one,
// and where its host ends. Only in a URL may a password hold what ends a host.
func (s syntax) split(address string, isURL bool) (login, host int) {
	host = len(address)
	if m := s.end.FindStringIndex(address); m != nil {
		host = m[0]
	}
	if login = s.lastAt(address[:host]); login > 0 || !isURL {
		return login, host
	}
	query := s.query.FindStringIndex(address)
	if s.badPort(address[:host]) || query != nil && query[0] == host {
		login = s.lastAt(address)
	}
	return login, max(login, host)
}

func (s syntax) lastAt(text string) int {
	if all := s.at.FindAllStringIndex(text, -1); all != nil {
		return all[len(all)-1][1]
	}
	return 0
}

// badPort reports whether a host has a port that is none, as the password of a
// login looks that something cut off.
func (s syntax) badPort(host string) bool {
	colon := s.colon.FindStringIndex(host)
	if colon == nil || strings.Contains(host[:colon[1]], "[") { // HOST[:PORT] or an address of IPv6
		return false
	}
	return strings.Trim(host[colon[1]:], "0123456789") != ""
}

// redact returns what follows the scheme of a URL, without login and query.
func (s syntax) redact(address string) string {
	login, host := s.split(address, true)
	if login == 0 && s.badPort(address[:host]) {
		return Redacted
	}
	address = address[login:]
	if m := s.query.FindStringIndex(address); m != nil {
		return address[:m[0]] + "?" + Redacted
	}
	return address
}

// redactLogins returns a text without the logins of addresses that have no scheme.
func redactLogins(text string) string {
	return logins.ReplaceAllStringFunc(text, func(m string) string {
		part := logins.FindStringSubmatch(m)
		before, login, host, path := part[1], part[2], part[3], part[4]
		if digests.MatchString(host) || path == "" && !strings.Contains(login, ":") {
			return m
		}
		return before + host + path
	})
}
