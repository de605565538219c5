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

// Verdict is what is known of a text. The zero value is that of a text without
// credentials.
type Verdict struct {
	// What is the kind of credential that the text holds, as in "an AWS access key".
	What string
	// Sure tells that it has a form that nothing else has. Otherwise, it is named
	// like one, or looks random.
	Sure bool
}

// Judge returns what a text holds that stands below a name, or below none.
func Judge(name, text string) Verdict { return judge(name, text, 0) }

// Option returns the name of the option that an argument is whose value is the next
// argument, or "".
func Option(arg string) string {
	if !strings.HasPrefix(arg, "-") || strings.ContainsAny(arg, "= ") {
		return ""
	}
	return strings.TrimLeft(arg, "-")
}

// Find returns what kind of credential a text certainly holds, as in "an AWS access
// key", or "". What only looks random is none.
func Find(text string) string { return FindNamed("", text) }

// FindNamed is Find for a text that stands below a name, which may tell more.
func FindNamed(name, text string) string {
	if v := Judge(name, text); v.Sure {
		return v.What
	}
	return ""
}

// maxNamed is the length up to which a text is looked at together with its name.
const maxNamed = 1024

// minText is the length from which on a text can have a form of its own.
const minText = 8

// maxDepth is how often a text is decoded to look inside.
const maxDepth = 3

// The credentials that are known by their names.
const (
	byName    = "a credential, by its name"
	byForm    = "a credential, by its name and form"
	keyObject = "a Secret with its values"
)

func judge(name, text string, depth int) Verdict {
	c := classify(name)
	if what := findForm(text); what != "" {
		return Verdict{what, true}
	}
	var unsure Verdict
	if c > plainName && !strings.Contains(strings.TrimSpace(text), "\n") {
		if len(text) <= maxNamed {
			if what := findForm(name + "=" + text); what != "" {
				return Verdict{what, true}
			}
		}
		if unsure = judgeNamed(c, text); unsure.Sure {
			return unsure
		}
	}
	if v := judgeText(text, depth); v.Sure || unsure.What == "" {
		return v
	}
	return unsure
}

// judgeNamed returns what a value is below a name of a class.
func judgeNamed(c class, value string) Verdict {
	switch value = strings.TrimSpace(value); {
	case value == "" || isSetting(c, value):
		return Verdict{}
	case Random(value) && c > keyName:
		return Verdict{byForm, true}
	}
	return Verdict{byName, false}
}

// judgeText returns what a text holds by the names in it, and what is found when it
// is decoded.
func judgeText(text string, depth int) Verdict {
	var unsure Verdict
	named := hasNames(text)
	if named {
		last := ""
		assignments(text, func(name, value string, quoted bool) {
			if unsure.Sure || unsure.What != "" && !Random(value) || value == last || !quoted && isCode(value) {
				return
			}
			last = value
			if v := judgeNamed(classify(name), value); v.Sure || unsure.What == "" {
				unsure = v
			}
		})
	}
	if unsure.Sure || depth == maxDepth {
		return unsure
	}
	if v := judgeInside(text, named, depth); v.Sure || unsure.What == "" {
		return v
	}
	return unsure
}

// findForm returns the form that a text has, or "".
func findForm(text string) string {
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
				continue
			case names[i] == "random":
				ok = ok && varied(m[i])
			case names[i] == "basic":
				ok = ok && isBasic(m[i])
			default:
				ok = ok && isKey(m[i])
			}
			key = m[i]
		}
		if ok && !isPlaceholder(key) && !isPublic(key) && !manuals.MatchString(m[0]) {
			return true
		}
	}
	return false
}

// manuals matches the users and passwords that manuals print in URLs.
var manuals = regexp.MustCompile(`(?i)\buser(?:name)?:pass(?:word|wd)?@`)

// isKey reports whether the key of a form is neither a reference nor a word that
// manuals put in its place.
func isKey(key string) bool {
	key = strings.Trim(key, `"'`)
	return key != "" && !isReference(key) && !settings[strings.ToLower(key)]
}

// Redacted stands for a text that may be secret.
const Redacted = "(redacted)"

// Redact returns a text for messages: Redacted where it holds a credential, or
// looks random.
func Redact(text string) string {
	if Random(text) || Judge("", text).What != "" {
		return Redacted
	}
	return text
}

// RedactPart returns a part of a text for messages: Redacted where the whole is to be.
func RedactPart(part, whole string) string {
	if Redact(whole) != whole {
		return Redacted
	}
	return Redact(part)
}

// RedactError returns what is said about a text: what err says, or, where the text is
// to be redacted, that alone.
func RedactError(text string, err error) any {
	if Redact(text) != text {
		return Redacted
	}
	return err
}

// RedactMessage returns a message without the logins and queries of addresses, and
// without the lines that hold a credential.
func RedactMessage(text string) string {
	text = RedactAddresses(text)
	if Find(text) == "" {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if Find(l) != "" {
			lines[i] = Redacted
		}
	}
	if text = strings.Join(lines, "\n"); Find(text) != "" {
		return Redacted
	}
	return text
}

// RedactArgs returns the arguments of a message, each of them fit to be shown.
func RedactArgs(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
		switch v := reflect.ValueOf(a); {
		case v.Kind() == reflect.String:
			out[i] = Redact(v.String())
		case v.IsValid() && v.Type().Implements(reflect.TypeFor[error]()):
			out[i] = Redact(fmt.Sprint(a))
		}
	}
	return out
}
