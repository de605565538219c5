package expand

import (
	"fmt"
	"strings"
)

// Normalize returns the name as Argo CD's parameters ending in Normalized, and
// its template function normalize, have it: in lower case, with "-" for what is
// neither letter, digit, "-" nor ".", at most 253 bytes, and no "-" or "." at
// either end. It may be empty.
func Normalize(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	return strings.Trim(name[:min(253, len(name))], "-.")
}

// maxSlug is the length of a branch's slug.
const maxSlug = 50

// slugWords are the characters that a slug spells out or drops.
var slugWords = strings.NewReplacer("&", "and", "@", "at", `"`, "", "'", "")

// asciiSlug returns the slug of a branch's name in ASCII: lower case letters,
// digits and single "-", cut before the word that would make it too long.
func asciiSlug(name string) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToLower(slugWords.Replace(strings.TrimSpace(name))) {
		switch {
		case r > 127:
			return "", fmt.Errorf("the branch %q is not in ASCII, and its slug is not known here: rename it", name)
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	out := strings.Trim(b.String(), "-")
	if len(out) <= maxSlug {
		return out, nil
	}
	if i := strings.LastIndexByte(out[:maxSlug+1], '-'); i >= 0 {
		return out[:i], nil
	}
	return out[:maxSlug], nil
}
