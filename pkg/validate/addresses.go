package validate

import (
	"reflect"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
)

// addressFields are the names of the fields that hold addresses. The values of
// the user's own, such as those of variables, are no such fields.
var addressFields = map[string]bool{
	"url": true, "api": true, "server": true, "nameserver": true, "vaultURL": true, "connectHost": true, "registry": true, "host": true,
}

// addresses refuses logins and queries in the addresses of the fleet: addresses
// are written to the tree and printed.
func (c *checker) addresses() {
	eachAddress("", reflect.ValueOf(*c.Fleet), func(at fieldpath.Path, address string) {
		if what := credential.InAddress(address); what != "" {
			c.Errorf("url-login", at, "remove it from the address and keep it in a Secret", "the address contains %s", what)
		}
	})
}

// eachAddress calls f for each field of an address below v.
func eachAddress(at fieldpath.Path, v reflect.Value, f func(at fieldpath.Path, address string)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachAddress(at, v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachAddress(entryPath(at, v.Index(i), i), v.Index(i), f)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			eachAddress(at.Key(it.Key().String()), it.Value(), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				continue
			}
			field := v.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case !field.IsExported():
			case addressFields[name] && field.Type.Kind() == reflect.String:
				f(at.Field(name), v.Field(i).String())
			case name == "":
				eachAddress(at, v.Field(i), f)
			default:
				eachAddress(at.Field(name), v.Field(i), f)
			}
		}
	}
}
