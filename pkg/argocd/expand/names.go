package expand

import "strings"

// Normalize returns the name as Argo CD's parameters ending in Normalized have
// it: in lower case, with "-" for what is neither letter, digit, "-" nor ".", at
// most 253 bytes, and no "-" or "." at either end. It may be empty.
func Normalize(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	return strings.Trim(name[:min(253, len(name))], "-.")
}
