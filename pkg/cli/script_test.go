package cli_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"gitopsgen": func() { cli.Main(cli.Program{Version: "v0.0.0-test"}) },
	})
}

// TestScripts runs the command's stories.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/.cache")
			env.Setenv("XDG_STATE_HOME", env.WorkDir+"/.state")
			env.Setenv("TOKEN", "ghp_"+strings.Repeat("a1B2c3", 6)) // no such text stands in the repository
			env.Setenv("FORGED", "x\n\nGitopsgen-Revision: forged")
			return nil
		},
	})
}
