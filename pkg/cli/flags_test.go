package cli_test

import (
	"io"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// TestTwins runs commands and looks at what they ask the environment for: never
// for a flag that overrides a guard.
func TestTwins(t *testing.T) {
	asked := map[string]bool{}
	for _, command := range []string{"render", "publish", "diff", "verify"} {
		cli.Program{}.Run(t.Context(), []string{command, "-f", t.TempDir()}, cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard,
			Getenv: func(key string) string { asked[key] = true; return "" }})
	}
	for key := range asked {
		if strings.HasPrefix(key, "GITOPSGEN_ALLOW_") || key == "GITOPSGEN_FORCE" {
			t.Errorf("%s is read", key)
		}
	}
	for _, key := range []string{"GITOPSGEN_OUTPUT_DIR", "GITOPSGEN_REPO"} {
		if !asked[key] {
			t.Errorf("%s is not read", key)
		}
	}
}
