package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain runs the command itself where a test starts it as a process.
func TestMain(m *testing.M) {
	if os.Getenv("GITOPSGEN_TEST_COMMAND") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestInterrupt presses Ctrl-C while the command waits for its input.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent Ctrl-C")
	}
	for name, tc := range map[string]struct {
		reason string
		times  int
		code   int
		said   string
	}{
		"Once":  {reason: "It says so and exits as shells expect.", times: 1, code: 130, said: "gitopsgen: interrupted\n"},
		"Twice": {reason: "A second Ctrl-C ends the process at once, by the signal.", times: 2, code: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "render", "-f", "-", "--output-dir", t.TempDir())
			cmd.Env = append(os.Environ(), "GITOPSGEN_TEST_COMMAND=1")
			in, err := cmd.StdinPipe() // it stays open
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			var said bytes.Buffer
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// Once it has read all that the pipe holds, it handles signals.
			if _, err := in.Write(bytes.Repeat([]byte("# comment\n"), 20000)); err != nil {
				t.Fatal(err)
			}
			for range tc.times {
				if err := cmd.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
				time.Sleep(300 * time.Millisecond)
			}
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if code := exit.ExitCode(); code != tc.code {
				t.Errorf("%s: exit code %d, want %d", tc.reason, code, tc.code)
			}
			if !strings.HasSuffix(said.String(), tc.said) {
				t.Errorf("%s: it said %q", tc.reason, &said)
			}
		})
	}
}
