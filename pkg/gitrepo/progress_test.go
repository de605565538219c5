package gitrepo_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
)

// TestProgress publishes twice: the second time there is nothing to push. Each
// branch is fetched by itself.
func TestProgress(t *testing.T) {
	var got []gitrepo.Phase
	remote := gitrepo.Remote{URL: bare(t), Progress: func(p gitrepo.Phase) { got = append(got, p) }}
	result := rendered(t, onBranches(shop("web:1", "web")))
	for range 2 {
		if _, err := gitrepo.Publish(context.Background(), remote, result); err != nil {
			t.Fatal(err)
		}
	}
	want := []gitrepo.Phase{gitrepo.Fetching, gitrepo.Pushing, gitrepo.Fetching, gitrepo.Pushing, gitrepo.Fetching, gitrepo.Fetching}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
