package helm

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/releaseutil"
)

// FuzzSplit compares how documents are separated with Helm.
func FuzzSplit(f *testing.F) {
	for _, text := range []string{"", "a", "---\na", "a\n---\nb", "a\n \n--- \n\n---\nb", "---\n---\n---", "----", "a\n----\nb", "a---\n---b\r\n---\fc", "\n---\n---a---\n---", "a\n\v---\nb\u00a0\n---\n\u00a0", "--\n---"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := releaseutil.SplitManifests(text)
		names := make([]string, 0, len(found))
		for name := range found {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			if releaseutil.BySplitManifestsOrder([]string{a, b}).Less(0, 1) {
				return -1
			}
			return 1
		})
		var want []string
		for _, name := range names {
			want = append(want, found[name])
		}
		if diff := cmp.Diff(want, split(text)); diff != "" {
			t.Errorf("split(%q) (-helm +gitopsgen):\n%s", text, diff)
		}
	})
}
