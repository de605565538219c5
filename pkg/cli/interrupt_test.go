package cli_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// TestInterrupted checks what a command says that Ctrl-C ended.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	if said, code := run("init", dir+"/fleet"); code != cli.ExitClean {
		t.Fatal(said)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := cli.Program{}.Run(ctx, []string{"render", "-f", dir + "/fleet", "--output-dir", dir + "/out"},
		cli.Streams{Out: &out, Err: &errs, Getenv: func(string) string { return "" }})
	if code != cli.ExitInterrupted || errs.String() != "gitopsgen: interrupted\n" {
		t.Errorf("exit code %d: %s", code, &errs)
	}
	if _, err := os.Stat(dir + "/out"); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
}
