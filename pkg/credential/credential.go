// Package credential tells credentials from what only looks like them, and keeps
// them out of what is said.
//
// The forms that have a name stand in forms.txt, which says how; the tests read
// credentials and look-alikes from lists of their own in testdata. The package
// keeps nothing that it is given.
package credential

import (
	_ "embed" // the forms are data
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
)

//go:embed forms.txt
var formsFile string

// form is a form of credentials that has a name.
type form struct {
	name     string
	keywords []string
	// expression is compiled when a text has one of the keywords.
	expression func() (*regexp.Regexp, error)
}

// forms are the forms of the file, and the index of their keywords.
var forms = sync.OnceValue(func() *index { return newIndex(parse(formsFile)) })

// parse returns the forms of a file like forms.txt.
func parse(file string) []form {
	var out []form
	for line := range strings.Lines(file) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), " | ", 3)
		if strings.HasPrefix(line, "#") || len(parts) != 3 {
			continue
		}
		out = append(out, form{parts[0], strings.Fields(parts[1]), sync.OnceValues(func() (*regexp.Regexp, error) {
			return regexp.Compile(parts[2])
		})})
	}
	return out
}

// Find returns what kind of credential a text holds, as in "an AWS access key",
// or "". What only looks random is none.
func Find(text string) string { return find(text, 0) }

// FindNamed is Find for a text that stands below a name, which may tell more.
func FindNamed(name, text string) string {
	if what := Find(text); what != "" || name == "" || len(text) > maxNamed {
		return what
	}
	if len(forms().candidates(name+"=")) > 0 {
		if what := Find(name + "=" + text); what != "" {
			return what
		}
	}
	if secretName.MatchString(name) && Random(text) {
		return "a credential, by its name and form"
	}
	return ""
}

// maxNamed is the length up to which a text is looked at together with its name.
const maxNamed = 1024

// secretName matches the name of a credential, and not that of where one lies.
var secretName = regexp.MustCompile(`(?i)(?:password|passwd|passphrase|secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|credentials?)$`)

// Named reports whether a name says that what it stands for is a credential.
func Named(name string) bool { return secretName.MatchString(name) }

// minText is the length from which on a text can be a credential.
const minText = 8

// maxDepth is how often a text is decoded to look inside.
const maxDepth = 2

func find(text string, depth int) string {
	if len(text) < minText {
		return ""
	}
	for _, f := range forms().candidates(text) {
		if f.matches(text) {
			return f.name
		}
	}
	if holdsAWSSecret(text) {
		return "an AWS secret key"
	}
	if depth < maxDepth {
		for _, inner := range decoded(text) {
			if what := find(inner, depth+1); what != "" {
				return what + ", in base64"
			}
		}
	}
	return ""
}

// matches reports whether a text has the form, and is no placeholder of it.
func (f *form) matches(text string) bool {
	re, err := f.expression()
	if err != nil {
		return false // a test compiles all of them
	}
	names := re.SubexpNames()
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		key, ok := m[0], true
		for i := 1; i < len(m); i++ {
			switch {
			case m[i] == "" || names[i] == "":
			case names[i] == "random":
				ok = ok && varied(m[i])
			case names[i] == "basic":
				ok = ok && isBasic(m[i])
			default:
				key = m[i]
				ok = ok && !isReference(key)
			}
		}
		if ok && !placeholders.MatchString(key) {
			return true
		}
	}
	return false
}

// placeholders are what people write where a credential would stand.
var placeholders = regexp.MustCompile(`(?i)x{6,}|\*{3,}|\.{3,}|^[x.*_-]+$|\byour[-_ ]|[-_]here\b|placeholder|redacted`)

// isReference reports whether a key is a reference to something, such as
// ${PASSWORD}, or an upper case word that stands for one.
func isReference(key string) bool {
	return strings.ContainsAny(key[:1], "${<([") || strings.Contains(key, "${") || strings.Contains(key, "$(") || strings.Contains(key, "{{") || formatVerb.MatchString(key)
}

var formatVerb = regexp.MustCompile(`^(?:%[sdvq(].*|%[A-Z_]+%|(?:[A-Z]+_)*(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY|CHANGEME))$`)

// Withheld stands for a text that may be secret.
const Withheld = "(withheld)"

// Withhold returns a text for messages: Withheld where it holds a credential, or
// looks random.
func Withhold(text string) string {
	if Random(text) || Find(text) != "" {
		return Withheld
	}
	return text
}

// Part returns a part of a text for messages: Withheld where the whole is to be.
func Part(part, whole string) string {
	if Withhold(whole) != whole {
		return Withheld
	}
	return Withhold(part)
}

// About returns what is said about a text: what err says, or, where the text is
// to be withheld, that alone.
func About(text string, err error) any {
	if Withhold(text) != text {
		return Withheld
	}
	return err
}

// Message returns a message without the logins and queries of addresses, and
// without the lines that hold a credential.
func Message(text string) string {
	text = Redact(text)
	if Find(text) == "" {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if Find(l) != "" {
			lines[i] = Withheld
		}
	}
	if text = strings.Join(lines, "\n"); Find(text) != "" {
		return Withheld
	}
	return text
}

// WithholdArgs returns the arguments of a message, each of them fit to be shown.
func WithholdArgs(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
		switch v := reflect.ValueOf(a); {
		case v.Kind() == reflect.String:
			out[i] = Withhold(v.String())
		case v.IsValid() && v.Type().Implements(reflect.TypeFor[error]()):
			out[i] = Withhold(fmt.Sprint(a))
		}
	}
	return out
}
