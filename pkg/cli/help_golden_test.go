package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected help")

// listed is a line of help that lists a command.
var listed = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}[A-Z]`)

// commands returns all commands as help lists them, the first of which is gitopsgen.
func commands(t *testing.T, path ...string) [][]string {
	t.Helper()
	help, code := run(append(slices.Clone(path), "--help")...)
	if code != 0 {
		t.Fatalf("%v: %s", path, help)
	}
	out := [][]string{path}
	for _, m := range listed.FindAllStringSubmatch(help, -1) {
		out = append(out, commands(t, append(slices.Clone(path), m[1])...)...)
	}
	return out
}

// TestHelp compares the help of every command with what was reviewed, and checks
// that it has a description, examples, and the twin of each flag.
func TestHelp(t *testing.T) {
	all := commands(t)
	if len(all) < 20 {
		t.Fatalf("only %d commands are found: %v", len(all), all)
	}
	want := map[string]bool{}
	for _, path := range all {
		name := strings.Join(append([]string{"gitopsgen"}, path...), "_") + ".txt"
		want[name] = true
		help, _ := run(append(path, "--help")...)
		file := filepath.Join("testdata", "help", name)
		if *update {
			if err := os.WriteFile(file, []byte(help), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(golden), help); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if shell := len(path) == 2 && path[0] == "completion"; !shell && !strings.Contains(help, "\nExamples:\n  ") || strings.HasPrefix(help, "Usage:") {
			t.Errorf("%s has no description or no examples", name)
		}
		checkTwins(t, name, help)
	}
	files, err := os.ReadDir(filepath.Join("testdata", "help"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !want[f.Name()] {
			t.Errorf("%s is the help of no command", f.Name())
		}
	}
}

// aFlag begins the help of a flag.
var aFlag = regexp.MustCompile(`^ +(?:-[a-z], )?--([a-z-]+)`)

// checkTwins checks that help names the twin of each flag that has one.
func checkTwins(t *testing.T, name, help string) {
	t.Helper()
	_, flags, _ := strings.Cut(help, "\nFlags:\n")
	texts := map[string]string{}
	last := ""
	for line := range strings.Lines(flags) {
		if m := aFlag.FindStringSubmatch(line); m != nil {
			last = m[1]
		}
		texts[last] += strings.TrimSpace(line) + " "
	}
	for flag, text := range texts {
		twin := "[$GITOPSGEN_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_")) + "]"
		none := flag == "help" || flag == "version" || flag == "force" || strings.HasPrefix(flag, "allow-")
		if flag != "" && strings.Contains(text, twin) == none {
			t.Errorf("%s: --%s: %s", name, flag, text)
		}
	}
}

// TestDidYouMean checks what is said of a word that is misspelled.
func TestDidYouMean(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		args   []string
		want   string
	}{
		"Flag":       {"A flag has a nearest one.", []string{"render", "--output-dri", "out"}, "gitopsgen: unknown flag: --output-dri (did you mean --output-dir?)\n"},
		"Global":     {"Those of all commands are among them.", []string{"render", "--colour=never"}, "gitopsgen: unknown flag: --colour (did you mean --color?)\n"},
		"Far":        {"Nothing is guessed.", []string{"set", "image", "--namespace", "x"}, "gitopsgen: unknown flag: --namespace (gitopsgen set image --help lists the flags)\n"},
		"Shorthand":  {"A letter is like no other.", []string{"render", "-x"}, "gitopsgen: unknown shorthand flag: 'x' in -x\n"},
		"Command":    {"So does a command.", []string{"rendr"}, "gitopsgen: unknown command \"rendr\" for \"gitopsgen\"\n  Did you mean this?\n  render\n"},
		"Subcommand": {"And one below another.", []string{"report", "secert"}, "gitopsgen: unknown command \"secert\" for \"gitopsgen report\" (did you mean secrets?)\n"},
		"NoFlag":     {"An argument is not a flag.", []string{"render", "fleet"}, "gitopsgen: render takes no arguments, and got \"fleet\" (gitopsgen render --help has examples)\n"},
		"Nothing":    {"What is missing is named.", []string{"set", "image"}, "gitopsgen: set image needs APP=IMAGE (gitopsgen set image --help has examples)\n"},
		"More":       {"So is what is too much.", []string{"build", "app/web", "app/api"}, "gitopsgen: build takes app/NAME, platform/NAME or appset/NAME, and got \"app/api\" too (gitopsgen build --help has examples)\n"},
		"Topic":      {"Help is of a command.", []string{"help", "rendr"}, "gitopsgen: unknown command \"rendr\" for \"gitopsgen\"\n  Did you mean this?\n  render\n"},
		"SubTopic":   {"Or of one below.", []string{"help", "report", "secert"}, "gitopsgen: unknown command \"secert\" for \"gitopsgen report\" (did you mean secrets?)\n"},
		"Format":     {"A format is one of few.", []string{"version", "-o", "yml"}, "gitopsgen: invalid argument \"yml\" for \"-o, --output\" flag: use text or json\n"},
	} {
		t.Run(name, func(t *testing.T) {
			said, code := run(tc.args...)
			if diff := cmp.Diff(tc.want, said); diff != "" || code != 2 {
				t.Errorf("%s: exit code %d (-want +got):\n%s", tc.reason, code, diff)
			}
		})
	}
}
