package validate

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// secretForms are the forms of credentials that have a name. The value itself
// never appears in a finding.
var secretForms = []struct {
	name string
	form *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----`)},
	{"an AWS access key", regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a GitHub token", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})`)},
	{"a GitLab token", regexp.MustCompile(`\bgl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{20,}`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}`)},
	{"a Stripe key", regexp.MustCompile(`\b[rs]k_live_[A-Za-z0-9]{16,}`)},
	{"a Google API key", regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}\b`)},
	{"an npm token", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`)},
	{"a password in a URL", regexp.MustCompile(`\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@$({]*:[^\s/@$({][^\s/@]*@`)},
}

// named matches the end of a path to a value whose name says that it is a
// credential, and not where one lies.
var named = regexp.MustCompile(`\[(?i:[a-z0-9_.-]*?(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key))\](?:\.value)?$`)

// secrets finds credentials among all texts of the fleet: forms that have a name
// are refused; what only looks random, or is only named like one, is warned of.
func (c *checker) secrets() {
	waived := map[fieldpath.Path]int{}
	for i, w := range c.fleet.Guards.NotSecret {
		at := fieldpath.Path("guards.notSecret").Index(i)
		if w.Reason == "" || w.Path == "" {
			c.errorf("empty-waiver", at, "write path and reason", "a waiver says what it is for, and why")
		}
		waived[fieldpath.Path(w.Path)] = i
	}
	used := map[int]bool{}
	eachText("", reflect.ValueOf(*c.fleet), func(at fieldpath.Path, text string) {
		what, sure := credential(at, text)
		if what == "" {
			return
		}
		if i, ok := waived[at]; ok {
			used[i] = true
			return
		}
		const fix = "keep the value in a secret store and refer to it with fromSecret"
		if sure {
			c.errorf("secret-value", at, fix, "this looks like %s", what)
			return
		}
		c.warnf("secret-like", at, fix+", or name the path and a reason in guards.notSecret", "this looks like %s", what)
	})
	for i, w := range c.fleet.Guards.NotSecret {
		if !used[i] && w.Path != "" && w.Reason != "" {
			c.warnf("unused-waiver", fieldpath.Path("guards.notSecret").Index(i), "remove it", "no value at %s looks like a credential", w.Path)
		}
	}
}

// credential returns what a text looks like, or "", and whether that is sure.
func credential(at fieldpath.Path, text string) (what string, sure bool) {
	for _, f := range secretForms {
		if f.form.MatchString(text) {
			return f.name, true
		}
	}
	switch {
	case strings.HasPrefix(string(at), "guards."):
	case isRandom(text):
		return "a random key", false
	case named.MatchString(string(at)) && !strings.ContainsAny(text, "$ /"):
		return "a credential, by its name", false
	}
	return "", false
}

// isRandom reports whether a text is one word of letters of both cases and
// digits, nearly all of them different, as keys are.
func isRandom(text string) bool {
	if len(text) < 24 || len(text) > 200 || strings.ContainsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-", r)
	}) {
		return false
	}
	if !strings.ContainsAny(text, "0123456789") || strings.ToLower(text) == text || strings.ToUpper(text) == text {
		return false
	}
	return entropy(text) > 4
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

// minText is the length from which on a text is looked at.
const minText = 8

// eachText calls f for every string below v, with its path.
func eachText(at fieldpath.Path, v reflect.Value, f func(fieldpath.Path, string)) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() >= minText {
			f(at, v.String())
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachText(at, v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(entryPath(at, v.Index(i), i), v.Index(i), f)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			eachText(at.Key(it.Key().String()), it.Value(), f)
		}
	case reflect.Struct:
		if _, ok := v.Interface().(json.Marshaler); ok {
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case name == "" && field.Anonymous:
				eachText(at, v.Field(i), f)
			case name != "" && name != "-":
				eachText(at.Field(name), v.Field(i), f)
			}
		}
	}
}

// entryPath returns the path of a list's entry: by its name where it has one.
func entryPath(at fieldpath.Path, v reflect.Value, i int) fieldpath.Path {
	if v.Kind() == reflect.Struct {
		if name := v.FieldByName("Name"); name.IsValid() && name.Kind() == reflect.String && name.Len() > 0 {
			return at.Key(name.String())
		}
	}
	return at + fieldpath.Path("["+strconv.Itoa(i)+"]")
}
