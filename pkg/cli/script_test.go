package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"gitopsgen": func() { cli.Main(cli.Program{Version: "v0.0.0-test"}) },
		"slowgen": func() {
			cli.Main(cli.Program{Version: "v0.0.0-test", Options: []render.Option{render.WithFeature(slow())}})
		},
	})
}

// slow returns a feature that takes a while for each target.
func slow() feature.Feature {
	return feature.Feature{Name: "slow", Filter: func(_ *view.Target, objects []object.Object) ([]object.Object, error) {
		time.Sleep(50 * time.Millisecond)
		return objects, nil
	}}
}

// TestScripts runs the command's stories.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: chartCommands,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/.cache")
			env.Setenv("XDG_STATE_HOME", env.WorkDir+"/.state")
			env.Setenv("TOKEN", "ghp_"+strings.Repeat("a1B2c3", 6)) // no such text stands in the repository
			env.Values[chartRepository{}] = &publishedCharts{}
			env.Setenv("FORGED", "x\n\nGitopsgen-Revision: forged")
			return nil
		},
	})
}
