package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChildEnv checks what a program that a library's caller starts can see.
func TestChildEnv(t *testing.T) {
	env := []string{"PATH=/bin", "GITOPSGEN_TOKEN=x", "GITOPSGEN_SIGN_PASSPHRASE=a=b", "GIT_DIR=/x", "GIT_CONFIG_COUNT=1", "HOME=/root"}
	if diff := cmp.Diff([]string{"PATH=/bin", "GIT_CONFIG_COUNT=1", "HOME=/root"}, childEnv(env)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
