package charts_test

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
)

func TestNetrc(t *testing.T) {
	for name, tc := range map[string]struct{ reason, netrc, user, password string }{
		"Line":    {"A login is on a line.", "machine charts.example.com login a password b\n", "a", "b"},
		"Lines":   {"Or on several.", "machine other login x password y\nmachine charts.example.com\n\tlogin a\n\tpassword b\n", "a", "b"},
		"First":   {"The first counts.", "machine charts.example.com login a password b\nmachine charts.example.com login c password d\n", "a", "b"},
		"Default": {"A default is for no host.", "machine other login x password y\ndefault login a password b\n", "", ""},
		"Macro":   {"A macro is not a login.", "macdef init\nmachine charts.example.com login a password b\n\nmachine charts.example.com login c password d\n", "c", "d"},
		"Word":    {"A login may be the name of a keyword.", "machine charts.example.com login machine password default\n", "machine", "default"},
		"Half":    {"A login has a password.", "machine charts.example.com login a", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if user, password := charts.LoginOf(tc.netrc, "charts.example.com"); user != tc.user || password != tc.password {
				t.Errorf("%s: got %q, %q", tc.reason, user, password)
			}
		})
	}
}
