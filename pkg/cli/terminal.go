package cli

import (
	"io"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// display holds the flags of all commands that say how they show what they do.
type display struct {
	color, progress string
	quiet, verbose  bool
}

// The words that the flags of display take. The first is the default.
var (
	colors     = []string{"auto", "always", "never"}
	progresses = []string{"auto", "plain", "off"}
)

func (a *app) bindDisplay(cmd *cobra.Command) {
	f := cmd.PersistentFlags()
	a.color, a.progress = colors[0], progresses[0]
	a.bindChoice(f, cmd, &choice{&a.color, colors}, "color", "", "`WHEN` to use colors: "+oneOf(colors)+"; auto is for terminals, unless NO_COLOR is set")
	a.bindChoice(f, cmd, &choice{&a.progress, progresses}, "progress", "", "`KIND` of progress: "+oneOf(progresses)+"; auto draws on terminals, plain prints a line every ten seconds")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "print only data, warnings and errors")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "list each file that changes, and each warning")
}

// paint says which of the writers have colors.
func (a *app) paint() {
	a.Out.SetColor(a.colored(a.Streams.Out))
	a.Err.SetColor(a.colored(a.Streams.Err))
}

func (a *app) colored(w io.Writer) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.Getenv("NO_COLOR") == "" && isTerminal(w) && a.drawn()
}

// drawn reports whether the terminal, if there is one, knows sequences.
func (a *app) drawn() bool {
	name := a.Getenv("TERM")
	if runtime.GOOS == "windows" { // its console does so only where a newer terminal is around it
		return name != "" && name != "dumb" || a.Getenv("WT_SESSION") != ""
	}
	return name != "dumb"
}

// isTerminal reports whether a writer is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width returns the columns of the terminal that a writer is, or 0.
func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return n
		}
	}
	return 0
}

// report prints what a command did, for people.
func (a *app) report(format string, args ...any) {
	if !a.quiet {
		a.Err.Printf(format, args...)
	}
}

// wrap prints a line. On a terminal that is narrower, it takes several lines, which
// end between words; elsewhere it is one, which programs can read.
func (a *app) wrap(line string) {
	line = escape.Line(line)
	columns := width(a.Streams.Out)
	for indent := ""; ; indent = "    " {
		first, rest := line, ""
		if most := columns - len(indent); columns > 0 && utf8.RuneCountInString(line) > most {
			first, rest = firstLine(line, max(most, 1))
		}
		if a.Out.Printf("%s\n", indent+first); rest == "" {
			return
		}
		line = rest
	}
}

// firstLine returns the words of a line that fit into some columns, at least one, and
// the others.
func firstLine(line string, columns int) (first, rest string) {
	end, at := 0, 0 // in bytes and in characters
	for i, r := range line {
		if r == ' ' && (at <= columns || end == 0) {
			end = i
		}
		at++
	}
	if end == 0 {
		return line, ""
	}
	return line[:end], strings.TrimLeft(line[end:], " ")
}
