package imageref_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
)

func TestParse(t *testing.T) {
	sha := "sha256:" + strings.Repeat("ab", 32)
	for name, tc := range map[string]struct {
		reason string
		in     string
		want   imageref.Reference
		fails  bool
	}{
		"Tag":      {reason: "The colon behind the last slash starts the tag.", in: "ghcr.io/acme/web:1.2", want: imageref.Reference{Name: "ghcr.io/acme/web", Tag: "1.2"}},
		"HostPort": {reason: "A colon before a slash is a port.", in: "localhost:5000/web", want: imageref.Reference{Name: "localhost:5000/web"}},
		"Both":     {reason: "A tag and a digest may stand together.", in: "web:1@" + sha, want: imageref.Reference{Name: "web", Tag: "1", Digest: sha}},
		"IPv6":     {reason: "A registry may be an IPv6 address.", in: "[::1]:5000/web:1", want: imageref.Reference{Name: "[::1]:5000/web", Tag: "1"}},
		"Upper":    {reason: "Repositories are lower case.", in: "ghcr.io/Acme/web:1", fails: true},
		"EmptyTag": {reason: "A colon promises a tag.", in: "web:", fails: true},
		"Digest":   {reason: "A short digest is no digest.", in: "web@sha256:abc", fails: true},
		"Space":    {reason: "Spaces have no place in a reference.", in: "web :1", fails: true},
		"Empty":    {reason: "Nothing is no reference.", in: "", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := imageref.Parse(tc.in)
			if (err != nil) != tc.fails {
				t.Fatalf("%s: Parse(%q) error = %v", tc.reason, tc.in, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: Parse(%q) (-want +got):\n%s", tc.reason, tc.in, diff)
			}
		})
	}
}

// FuzzParse checks that what parses is written back as it was.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"web", "a/b:c", "localhost:5000/a@sha256:" + strings.Repeat("0", 64), "[::1]/a", ":", "@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := imageref.Parse(s); err == nil && r.String() != s {
			t.Errorf("Parse(%q) is written back as %q", s, r)
		}
	})
}
