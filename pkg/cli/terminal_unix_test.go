//go:build unix

package cli_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
)

// terminal is a command on a terminal.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	f     *os.File
	mu    sync.Mutex
	drawn strings.Builder
	done  chan struct{}
}

// onTerminal starts a command on a terminal of 100 columns, in an environment
// without the settings of whoever runs the test.
func onTerminal(t *testing.T, env []string, name string, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TERM=xterm", "GOCOVERDIR=" + t.TempDir()}, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, cmd: cmd, f: f, done: make(chan struct{})}
	go func() {
		defer close(x.done)
		buf := make([]byte, 4096)
		for {
			n, err := f.Read(buf)
			x.mu.Lock()
			x.drawn.Write(buf[:n])
			x.mu.Unlock()
			if err != nil { // the command has ended
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = f.Close()
	})
	return x
}

// String returns all that was written to the terminal so far.
func (x *terminal) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.drawn.String()
}

// await waits until the terminal has shown a text.
func (x *terminal) await(pattern string) {
	x.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !regexp.MustCompile(pattern).MatchString(x.String()); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			x.t.Fatalf("the terminal does not show %q:\n%q", pattern, x)
		}
	}
}

// typed types keys.
func (x *terminal) typed(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.f, keys); err != nil {
		x.t.Fatal(err)
	}
}

// end waits until the command ends, and returns all that was written and the exit
// code.
func (x *terminal) end() (drawn string, code int) {
	x.t.Helper()
	var exit *exec.ExitError
	if err := x.cmd.Wait(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		x.t.Fatal(err)
	}
	<-x.done
	return x.String(), code
}

// TestProgressOnTerminal looks at what a terminal shows of a long run.
func TestProgressOnTerminal(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		args   []string
		env    []string
		bar    bool
	}{
		"Auto":    {reason: "A terminal shows a bar.", bar: true},
		"Off":     {reason: "It can be switched off.", args: []string{"--progress", "off"}},
		"Twin":    {reason: "Also in the environment.", env: []string{"GITOPSGEN_PROGRESS=off"}},
		"Plain":   {reason: "Lines take the place of the bar; this is too short for one.", args: []string{"--progress", "plain"}},
		"Quiet":   {reason: "Quiet is quiet.", args: []string{"-q"}},
		"Dumb":    {reason: "A terminal that cannot move its cursor shows none.", env: []string{"TERM=dumb"}},
		"NoColor": {reason: "A bar is not a color.", env: []string{"NO_COLOR=1"}, bar: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			args := append([]string{"render", "-f", many(t, 20), "--output-dir", out, "--cache-dir", "none"}, tc.args...)
			drawn, code := onTerminal(t, tc.env, "slowgen", args...).end()
			if code != cli.ExitClean {
				t.Fatalf("it ends with %d: %s", code, drawn)
			}
			bar := regexp.MustCompile(`\r *\d+% \|█* *\| *rendering: \d+ of 20 apps, [0-9.]+/s, \d+s left`).MatchString(drawn)
			if bar != tc.bar || !tc.bar && strings.Contains(drawn, "rendering") {
				t.Errorf("%s: it shows\n%q", tc.reason, drawn)
			}
			// The bar is gone before anything else is said.
			_, last, _ := strings.Cut(drawn[max(0, strings.LastIndex(drawn, "\x1b[2K")):], "\r")
			if tc.bar && (!strings.HasPrefix(last, "20 apps, ") || strings.Contains(last, "rendering")) {
				t.Errorf("%s: after the bar it shows\n%q", tc.reason, last)
			}
			if quiet := name == "Quiet"; quiet != (drawn == "") {
				t.Errorf("%s: it shows\n%q", tc.reason, drawn)
			}
		})
	}
}

// TestColor looks at when there are colors.
func TestColor(t *testing.T) {
	fleet := many(t, 1)
	for name, tc := range map[string]struct {
		reason string
		args   []string
		env    []string
		pipe   bool
		want   bool
	}{
		"Terminal": {reason: "A terminal has colors.", want: true},
		"Pipe":     {reason: "A pipe has none.", pipe: true},
		"NoColor":  {reason: "NO_COLOR is heard.", env: []string{"NO_COLOR=1"}},
		"Empty":    {reason: "Empty, it says nothing.", env: []string{"NO_COLOR="}, want: true},
		"Dumb":     {reason: "A terminal may have none.", env: []string{"TERM=dumb"}},
		"Never":    {reason: "They can be switched off.", args: []string{"--color", "never"}},
		"Always":   {reason: "And on, for pagers; a flag counts more than NO_COLOR.", args: []string{"--color=always"}, env: []string{"NO_COLOR=1"}, pipe: true, want: true},
		"Twin":     {reason: "Also in the environment.", env: []string{"GITOPSGEN_COLOR=never"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"render", "-f", fleet, "--output-dir", t.TempDir(), "--cache-dir", "none"}, tc.args...)
			wrong := append([]string{"render", "-f", fleet + "/none"}, tc.args...)
			var drawn string
			for _, args := range [][]string{args, wrong} {
				if tc.pipe {
					cmd := exec.Command("gitopsgen", args...)
					cmd.Env = append(os.Environ(), tc.env...)
					out, _ := cmd.CombinedOutput()
					drawn += string(out)
				} else {
					said, _ := onTerminal(t, tc.env, "gitopsgen", args...).end()
					drawn += said
				}
			}
			added, failed := strings.Contains(drawn, "\x1b[32m+ apps/web base, dev, prod\x1b[0m"), strings.Contains(drawn, "\x1b[31mgitopsgen:\x1b[0m ")
			if added != tc.want || failed != tc.want || !tc.want && strings.Contains(drawn, "\x1b[3") {
				t.Errorf("%s: it shows\n%q", tc.reason, drawn)
			}
		})
	}
}

// TestDiffColor looks at the colors of a difference. Without them, it is the same text.
func TestDiffColor(t *testing.T) {
	fleet, out := many(t, 1), t.TempDir()
	if said, code := run("render", "-f", fleet, "--output-dir", out); code != cli.ExitClean {
		t.Fatal(said)
	}
	if said, code := run("set", "replicas", "web=5", "--env", "prod", "-f", fleet); code != cli.ExitClean {
		t.Fatal(said)
	}
	args := []string{"diff", "-f", fleet, "--output-dir", out}
	plain, _ := run(args...)
	drawn, code := onTerminal(t, nil, "gitopsgen", args...).end()
	drawn = strings.ReplaceAll(drawn, "\r\n", "\n")
	if code != cli.ExitFindings || !strings.Contains(drawn, "\x1b[33m    ~ spec.replicas: 3 -> 5\x1b[0m\n") {
		t.Errorf("exit code %d: it shows\n%q", code, drawn)
	}
	if text := regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(drawn, ""); text != plain {
		t.Errorf("without colors, it is\n%s\nand not\n%s", text, plain)
	}
	if json, _ := run(append(args, "-o", "json", "--color", "always")...); strings.Contains(json, "\x1b") {
		t.Errorf("JSON has colors:\n%s", json)
	}
}

// TestCtrlC types Ctrl-C on a terminal while apps are rendered, and runs again.
func TestCtrlC(t *testing.T) {
	fleet, out := many(t, 30), filepath.Join(t.TempDir(), "out")
	args := []string{"render", "-f", fleet, "--output-dir", out, "--cache-dir", "none"}
	x := onTerminal(t, nil, "slowgen", args...)
	x.await("rendering: [1-9]")
	x.typed("\x03")
	drawn, code := x.end()
	if code != cli.ExitInterrupted || !strings.HasSuffix(drawn, "\rgitopsgen: interrupted\r\n") {
		t.Errorf("it ends with %d and shows\n%q", code, drawn)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
	if said, code := run("render", "-f", fleet, "--output-dir", out, "--cache-dir", "none"); code != cli.ExitClean || !strings.Contains(said, "deleted 0, left 0 unchanged") {
		t.Errorf("the next run ends with %d: %s", code, said)
	}
}

// TestCtrlCPublishes types Ctrl-C on a terminal while apps are rendered, and while the
// server has what was pushed and has not taken it yet: nothing is published, and the
// next run publishes all of it.
func TestCtrlCPublishes(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, program string
		apps            int
		until           string // what the terminal shows by then; "" where the server has the push
		server          string // what it does before it takes a push
	}{
		"Rendering": {reason: "Nothing has been sent.", program: "slowgen", apps: 30, until: "rendering: [1-9]", server: "exit 0"},
		"Pushing":   {reason: "The server has all, and waits.", program: "gitopsgen", apps: 1, server: "sleep 60"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			repo, fleet := filepath.Join(t.TempDir(), "config.git"), many(t, tc.apps)
			if out, err := exec.Command("git", "init", "-q", "--bare", "-b", "main", repo).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			hook := filepath.Join(repo, "hooks", "pre-receive")
			reached := filepath.Join(t.TempDir(), "reached")
			if err := os.WriteFile(hook, []byte("#!/bin/sh\n: > "+reached+"\n"+tc.server+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			args := []string{"publish", "-f", fleet, "--repo", repo, "--cache-dir", "none"}
			x := onTerminal(t, nil, tc.program, args...)
			if x.await(tc.until); tc.until == "" {
				x.awaitFile(reached)
			}
			x.typed("\x03")
			drawn, code := x.end()
			if code != cli.ExitInterrupted || !strings.HasSuffix(drawn, "gitopsgen: interrupted\r\n") {
				t.Errorf("%s: it ends with %d and shows\n%q", tc.reason, code, drawn)
			}
			if refs, err := exec.Command("git", "-C", repo, "for-each-ref").CombinedOutput(); err != nil || len(refs) > 0 {
				t.Errorf("%s: the repository has %s, %v", tc.reason, refs, err)
			}
			if err := os.Remove(hook); err != nil {
				t.Fatal(err)
			}
			if said, code := run(args...); code != cli.ExitClean || !strings.Contains(said, "deleted 0, left 0 unchanged") {
				t.Errorf("%s: the next run ends with %d: %s", tc.reason, code, said)
			}
		})
	}
}

// awaitFile waits until a file is there.
func (x *terminal) awaitFile(name string) {
	x.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(name); err == nil {
			return
		}
		if time.Now().After(deadline) {
			x.t.Fatalf("%s is not there; the terminal shows\n%q", name, x)
		}
	}
}

// bashCompletion is what the script of a shell expects of the package bash-completion.
const bashCompletion = `_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
__ltrim_colon_completions() { :; }
`

// TestTab presses the tab key in a shell.
func TestTab(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	rc := filepath.Join(t.TempDir(), "rc")
	if err := os.WriteFile(rc, []byte(bashCompletion+"PS1='ready> '\nbind 'set enable-bracketed-paste off'\nsource <(gitopsgen completion bash)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := onTerminal(t, []string{"F=" + many(t, 2)}, bash, "--noprofile", "--rcfile", rc, "-i")
	x.await("ready> ")
	for _, tc := range []struct{ reason, typed, want string }{
		{"A command is completed.", "gitopsgen ren\t", "gitopsgen render "},
		{"So is a flag.", "--output-d\t", "--output-dir "},
		{"An app comes from the fleet.", "\x15gitopsgen build -f $F app/w\t", "app/web "},
		{"An environment too.", "--env pr\t", "--env prod "},
		{"A format is one of few.", "\x15gitopsgen diff -o mark\t", "-o markdown "},
	} {
		x.typed(tc.typed)
		x.await(regexp.QuoteMeta(tc.want))
		if strings.Contains(x.String(), "directive") {
			t.Errorf("%s: the shell shows\n%q", tc.reason, x)
		}
	}
	x.typed("\x15exit\n")
	if drawn, code := x.end(); code != 0 {
		t.Errorf("the shell ends with %d: %q", code, drawn)
	}
}

// TestWrap checks that explain wraps on a terminal, and only there.
func TestWrap(t *testing.T) {
	fleet := many(t, 1)
	for name, args := range map[string][]string{
		"Fields": {"explain", "app/web", "--env", "prod", "-f", fleet},
		"Rule":   {"explain", "rule/secret-value"},
		"Rules":  {"explain", "rules"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			piped, _ := run(args...)
			drawn, code := onTerminal(t, nil, "gitopsgen", args...).end()
			drawn = strings.ReplaceAll(drawn, "\r\n", "\n")
			if drawn == piped || code != 0 {
				t.Fatalf("exit code %d: nothing is wrapped:\n%s", code, drawn)
			}
			for line := range strings.Lines(drawn) {
				if line = strings.TrimSuffix(line, "\n"); len([]rune(line)) > 100 && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("a line is %d columns wide: %s", len(line), line)
				}
			}
			if joined := strings.ReplaceAll(drawn, "\n    ", " "); joined != piped {
				t.Errorf("without line ends, it is not what a pipe gets:\n%s", joined)
			}
			for line := range strings.Lines(piped) {
				if strings.HasPrefix(line, " ") {
					t.Errorf("a pipe gets the line %q", line)
				}
			}
		})
	}
}
