package validate

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// text is a text of the model or of an object, with the name that the user gave it.
type text struct {
	at          fieldpath.Path
	name, value string
}

// randomKey is what a text is that only looks random.
const randomKey = "a random key"

// texts calls found for each text that holds a credential.
type texts struct {
	found func(t text, v credential.Verdict)
	// settings tells that this is below the settings of a feature, whose fields have
	// names of the user's own.
	settings bool
}

// judge looks at one text. What only looks random is judged here, since it depends
// on where it stands.
func (x *texts) judge(at fieldpath.Path, name, value string) bool {
	v := credential.Judge(name, value)
	if v.What == "" && credential.Random(value) && !strings.HasPrefix(string(at), "guards.") {
		v.What = randomKey
	}
	if !v.Sure && strings.Contains(string(at), ".fake.data") {
		return false // a store of made-up values
	}
	if v.What != "" {
		x.found(text{at, name, value}, v)
	}
	return v.What != ""
}

// walk looks at every text below v. The name is that of the value, where the user
// gave it one.
func (x *texts) walk(at fieldpath.Path, name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		x.judge(at, name, v.String())
	case reflect.Int64, reflect.Float64:
		if name != "" {
			x.judge(at, name, strings.TrimSuffix(strconv.FormatFloat(v.Convert(reflect.TypeFor[float64]()).Float(), 'f', -1, 64), ".0"))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			x.walk(at, name, v.Elem())
		}
	case reflect.Slice:
		x.list(at, name, v)
	case reflect.Map:
		if v.Type() == reflect.TypeFor[model.Extensions]() {
			x = &texts{x.found, true}
		}
		x.mapping(at, v)
	case reflect.Struct:
		x.fields(at, v)
	}
}

// list looks at the entries of a list. Those of a list of texts may be the arguments
// of a command, which are looked at together.
func (x *texts) list(at fieldpath.Path, name string, v reflect.Value) {
	var args []string
	found := false
	for i := range v.Len() {
		e := v.Index(i)
		if e.Kind() == reflect.Interface {
			e = e.Elem()
		}
		below := entryPath(at, e, i)
		if e.Kind() != reflect.String {
			x.walk(below, name, e)
			continue
		}
		own := name
		if n := len(args); n > 0 && n == i {
			if option := credential.Option(args[i-1]); option != "" && !strings.HasPrefix(e.String(), "-") {
				own = option
			}
		}
		args = append(args, e.String())
		found = x.judge(below, own, e.String()) || found
	}
	if !found && len(args) > 1 && len(args) == v.Len() {
		x.judge(at, "", strings.Join(args, " "))
	}
}

// mapping looks at the values of a map below their keys, and at the keys. A field
// named value may have its name beside it.
func (x *texts) mapping(at fieldpath.Path, v reflect.Value) {
	if kind := v.MapIndex(reflect.ValueOf("kind").Convert(v.Type().Key())); kind.IsValid() && kind.CanInterface() && kind.Interface() == "SealedSecret" {
		return // its values are encrypted
	}
	beside := ""
	for _, k := range []string{"name", "key"} {
		if n := v.MapIndex(reflect.ValueOf(k).Convert(v.Type().Key())); n.IsValid() {
			if s, ok := n.Interface().(string); ok && beside == "" {
				beside = s
			}
		}
	}
	for it := v.MapRange(); it.Next(); {
		key := it.Key().String()
		below, name := at.Key(key), key
		x.judge(below, "", key)
		if beside != "" && key == "value" {
			name = beside
		}
		x.walk(below, name, it.Value())
	}
}

// fields looks at the fields of a struct. Their own names are ours and say nothing,
// but for those of settings of features; that of a value is in the field beside it, or
// ends the pointer of a JSON patch.
func (x *texts) fields(at fieldpath.Path, v reflect.Value) {
	switch i := v.Interface().(type) {
	case intstr.IntOrString:
		x.walk(at, "", reflect.ValueOf(i.StrVal))
		return
	case json.Marshaler:
		return // a quantity or a time
	}
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			continue
		}
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "" && field.Anonymous:
			x.walk(at, "", v.Field(i))
		case name == "value" && valueName(v) != "":
			x.walk(at.Field(name), valueName(v), v.Field(i))
		case name != "" && name != "-":
			own := ""
			if x.settings {
				own = name
			}
			x.walk(at.Field(name), own, v.Field(i))
		}
	}
}

// valueName returns the name of the value that a struct holds.
func valueName(v reflect.Value) string {
	for _, field := range []string{"Name", "Key", "Path"} {
		if n := v.FieldByName(field); n.IsValid() && n.Kind() == reflect.String && n.Len() > 0 {
			s := n.String()
			return s[strings.LastIndexByte(s, '/')+1:]
		}
	}
	return ""
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
