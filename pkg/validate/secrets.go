package validate

import (
	"encoding/json"
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

// secrets finds credentials among all texts of the fleet.
func (c *checker) secrets() {
	eachText("", reflect.ValueOf(*c.fleet), func(at fieldpath.Path, text string) {
		for _, f := range secretForms {
			if f.form.MatchString(text) {
				c.errorf("secret-value", at, "keep the value in a secret store and refer to it with fromSecret", "this looks like %s", f.name)
				return
			}
		}
	})
}

// eachText calls f for every string below v, with its path.
func eachText(at fieldpath.Path, v reflect.Value, f func(fieldpath.Path, string)) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() >= 16 {
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
