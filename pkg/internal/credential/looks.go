package credential

import (
	"encoding/base64"
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Random reports whether a text is one word of letters of both cases and digits,
// nearly all of them different, as keys are. Digests that say what they are,
// paths, words joined together and other text in base64 are not.
func Random(text string) bool {
	if len(text) < 24 || len(text) > 200 || strings.IndexFunc(text, func(r rune) bool { return !isBase64(r) }) >= 0 {
		return false
	}
	if isPublic(text) || isPlaceholder(text) || !mixed(text) || entropy(text) <= 4 || digest.MatchString(text) || isWords(text) {
		return false
	}
	_, isText := decode(text)
	return !isText
}

// digest matches the beginning of a digest.
var digest = regexp.MustCompile(`^(?:sha|SHA|md|blake)[0-9a-z]*[-/:=]`)

// isWords reports whether a text is made of words: of short ones, or of several
// that are long and in lower case.
func isWords(text string) bool {
	const short, long = 14, 6
	longest, words := 0, 0
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '=' }) {
		longest = max(longest, len(part))
	}
	for _, run := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLower(r) }) {
		if len(run) >= long {
			words++
		}
	}
	return longest < short || words > 1
}

// mixed reports whether a text has letters of both cases and digits.
func mixed(text string) bool {
	return strings.ContainsAny(text, "0123456789") && strings.ToLower(text) != text && strings.ToUpper(text) != text
}

func isBase64(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '=' || r == '_' || r == '-'
}

// varied reports whether a short text is more likely a key than words: of both
// cases with digits, or hexadecimal, or letters with many digits.
func varied(text string) bool {
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, text), "0")
	switch {
	case mixed(text):
		return entropy(text) > 3.2
	case strings.Trim(text, "0123456789abcdefABCDEF-") == "":
		return digits >= 4 && entropy(text) > 2.8
	}
	return digits >= 5 && !strings.ContainsAny(text, "-_.") && entropy(text) > 3
}

// entropy returns the bits that each byte of a text carries.
func entropy(text string) float64 {
	var counts [256]int
	for i := range len(text) {
		counts[text[i]]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(text))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// awsSecret is the length of the secret half of an AWS key.
const awsSecret = 40

// holdsAWSSecret reports whether a text is the secret half of an AWS key, or has
// one beside other words of a line. One that is a line by itself may be the end
// of a certificate.
func holdsAWSSecret(text string) bool {
	if isAWSSecret(text) {
		return true
	}
	if len(text) <= awsSecret || !strings.ContainsAny(text, "+/") {
		return false
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); len(line) <= awsSecret {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\"'=:,;()", r) }) {
			if isAWSSecret(word) {
				return true
			}
		}
	}
	return false
}

// isAWSSecret reports whether a text is as long and as mixed as the secret half
// of an AWS key, which has no other form. Words of a path are no part of one.
func isAWSSecret(text string) bool {
	if len(text) != awsSecret || !strings.ContainsAny(text, "+/") || strings.ContainsAny(text, "=_-") || !mixed(text) || entropy(text) < 4.2 ||
		strings.Count(text, "/") > 3 || isPlaceholder(text) || strings.IndexFunc(text, func(r rune) bool { return !isBase64(r) }) >= 0 {
		return false
	}
	for _, segment := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLower(r) }) {
		if len(segment) > 6 {
			return false
		}
	}
	return true
}

// minEncoded is the length from which on a word is decoded.
const minEncoded = 24

// decoded returns the texts that stand inside of a text in base64.
func decoded(text string) []string {
	if len(text) < minEncoded {
		return nil
	}
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !isBase64(r) }) {
		if len(word) < minEncoded {
			continue
		}
		if inner, ok := decode(word); ok {
			out = append(out, inner)
		}
	}
	if strings.Contains(text, "\n") && strings.IndexFunc(text, func(r rune) bool { return !isBase64(r) && r != '\n' && r != ' ' }) < 0 {
		if inner, ok := decode(strings.Join(strings.Fields(text), "")); ok { // lines of one text
			out = append(out, inner)
		}
	}
	return out
}

// decode returns the text that a word is in base64, if it is one.
func decode(word string) (string, bool) {
	word = strings.TrimRight(word, "=")
	if i := strings.LastIndexByte(word, '='); i >= 0 { // as in name=value
		word = word[i+1:]
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if data, err := enc.DecodeString(word); err == nil && isText(data) {
			return string(data), true
		}
	}
	return "", false
}

// isText reports whether data is text that people write.
func isText(data []byte) bool {
	if len(data) == 0 || !utf8.Valid(data) {
		return false
	}
	for _, b := range data {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}

// isBasic reports whether a word is NAME:PASSWORD in base64.
func isBasic(word string) bool {
	inner, ok := decode(word)
	user, password, found := strings.Cut(inner, ":")
	return ok && found && user != "" && len(password) > 2 && !isReference(password)
}
