package validate

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Secrets returns the findings about credentials in a fleet alone: what prints
// parts of a fleet that is not sound must not print those. Positions may be nil.
func Secrets(f *model.Fleet, positions finding.Positions) finding.List {
	c := &checker{fleet: f, positions: positions}
	c.secrets()
	return c.list.Sort()
}

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
	eachText("", reflect.ValueOf(*c.fleet), func(at fieldpath.Path, text string, key bool) {
		what, sure := looksLike(at, text, key)
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

// looksLike returns what a text looks like, or "", and whether that is sure. The
// text itself never appears in a finding. A key stands below no name: it is one.
func looksLike(at fieldpath.Path, text string, key bool) (what string, sure bool) {
	name := nameOf(at)
	if key {
		name = ""
	}
	if what := credential.FindNamed(name, text); what != "" {
		return what, true
	}
	switch {
	case strings.HasPrefix(string(at), "guards."):
	case credential.Random(text):
		return "a random key", false
	case named.MatchString(string(at)) && credential.Named(name) && !strings.ContainsAny(text, "$ /{"):
		return "a credential, by its name", false
	}
	return "", false
}

// named matches the path of a value that the user has given a name.
var named = regexp.MustCompile(`\](?:\.value)?$`)

// nameOf returns the name that a text stands below: its key, or that of the
// variable whose value it is.
func nameOf(at fieldpath.Path) string {
	p := strings.TrimSuffix(strings.TrimSuffix(string(at), ".value"), "]")
	return p[strings.LastIndexAny(p, "[.")+1:]
}

// minText is the length from which on a text is looked at.
const minText = 8

// eachText calls f for every string below v with its path, and tells whether it
// is the key of a map.
func eachText(at fieldpath.Path, v reflect.Value, f func(at fieldpath.Path, text string, key bool)) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() >= minText {
			f(at, v.String(), false)
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
			below := at.Key(it.Key().String())
			if it.Key().Len() >= minText {
				f(below, it.Key().String(), true)
			}
			eachText(below, it.Value(), f)
		}
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case intstr.IntOrString:
			eachText(at, reflect.ValueOf(x.StrVal), f)
			return
		case json.Marshaler:
			return // a quantity or a time
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
