package validate

import (
	"reflect"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// addressFields are the names of the fields that hold addresses. The values of
// the user's own, such as those of variables, are no such fields.
var addressFields = map[string]bool{
	"url": true, "api": true, "server": true, "nameserver": true, "vaultURL": true, "connectHost": true, "registry": true, "host": true,
}

// addresses refuses logins and queries in the addresses of the fleet: addresses
// are written to the tree and printed.
func (c *checker) addresses() {
	eachText("", reflect.ValueOf(*c.fleet), func(at fieldpath.Path, text string, key bool) {
		p := string(at)
		if key || strings.HasSuffix(p, "]") || !addressFields[p[strings.LastIndexByte(p, '.')+1:]] {
			return
		}
		if what := credential.InAddress(text); what != "" {
			c.errorf("url-login", at, "remove it from the address, and keep it in a Secret", "the address carries %s", what)
		}
	})
}
