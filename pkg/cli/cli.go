// Package cli is the gitopsgen command. A program of one's own gets the whole
// command for a fleet that is defined in Go with one call:
//
//	func main() { cli.Main(cli.Program{Fleet: fleet()}) }
package cli

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// The exit codes of the command.
const (
	ExitClean       = 0   // nothing to say
	ExitFindings    = 1   // differences or findings
	ExitError       = 2   // anything else that went wrong
	ExitInterrupted = 130 // Ctrl-C, as shells have it
)

// Program is a gitopsgen command.
type Program struct {
	// Fleet is a fleet that is defined in Go. With it, -f adds YAML to it.
	// Default: the fleet comes from -f.
	Fleet *model.Fleet
	// Options are passed to every render, such as features of the program.
	Options []render.Option
	// Version is the version that the command reports. Default: the version of
	// the gitopsgen module that was built in.
	Version string
}

// Streams is what a command reads and writes, and where it looks.
type Streams struct {
	In  io.Reader
	Out io.Writer // data
	Err io.Writer // progress and findings
	// Getenv looks up an environment variable.
	Getenv func(string) string
}

// Main runs the program on the process's arguments and streams, and exits.
func Main(p Program) {
	debug.SetGCPercent(800)          // a render is short and allocates much,
	debug.SetMemoryLimit(1150 << 20) // until it takes 1.1 GiB
	log.SetOutput(io.Discard)        // Helm's warnings name values
	getenv := takeEnv()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	done := make(chan int, 1)
	go func() {
		done <- p.Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: getenv})
	}()
	select {
	case code := <-done:
		os.Exit(code)
	case <-ctx.Done():
	}
	stop() // a second Ctrl-C ends the process at once
	select {
	case code := <-done:
		os.Exit(code)
	case <-time.After(grace): // it waits for something, such as stdin
		_, _ = os.Stderr.WriteString(interrupted + "\n")
		os.Exit(ExitInterrupted)
	}
}

// grace is how long a command may take to end after Ctrl-C. What it writes is
// whole or undone by the next run, also where it is cut off.
const grace = 3 * time.Second

const interrupted = "gitopsgen: interrupted"

// Run runs the program and returns its exit code.
func (p Program) Run(ctx context.Context, args []string, s Streams) int {
	out, errs := escape.NewWriter(s.Out), escape.NewWriter(s.Err)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	charts := &chartSource{end: end}
	p.Options = append([]render.Option{render.WithCharts(charts)}, p.Options...)
	set, err := render.Features(p.Options...)
	if err != nil {
		errs.Printf("%s\n", err)
		return ExitError
	}
	a := &app{Program: p, Streams: s, Out: out, Err: errs, features: set, charts: charts}
	a.completing = len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
	root := a.root()
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(out)
	root.SetErr(errs)
	err = root.ExecuteContext(ctx)
	if werr := out.Close(); err == nil {
		err = werr
	}
	a.paint() // flags that are wrong have not been followed yet
	awaitInterrupt(ctx, err)
	code := reportError(ctx, errs, err)
	_ = errs.Close() // there is nobody to tell
	return code
}

// awaitInterrupt waits for Ctrl-C to be noticed if an answer broke off: a terminal
// interrupts the git that serves a local repository too, and its end may be seen first.
func awaitInterrupt(ctx context.Context, err error) {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE) {
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// reportError prints the error that a command ended with, if any, and returns the exit
// code.
func reportError(ctx context.Context, errs *escape.Writer, err error) int {
	var found *finding.ValidationError
	var runaway *helm.BudgetError
	switch {
	case err == nil:
		return ExitClean
	case errors.As(context.Cause(ctx), &runaway):
		err = runaway
	case ctx.Err() != nil:
		errs.Printf("%s\n", interrupted)
		return ExitInterrupted
	case errors.Is(err, errDifferences):
		return ExitFindings
	case errors.As(err, &found):
		for _, f := range found.List {
			printFinding(errs, f)
		}
		errs.Printf("%s; nothing was written\n", finding.Count(len(found.List), "finding"))
		return ExitFindings
	}
	// Text from outside may be among the lines, and begins none.
	for i, line := range strings.Split(credential.RedactMessage(err.Error()), "\n") {
		if i == 0 {
			errs.Paint(escape.Red, "gitopsgen:")
			errs.Printf(" %s\n", line)
		} else if line = strings.TrimSpace(line); line != "" {
			errs.Printf("  %s\n", line)
		}
	}
	return ExitError
}

// errDifferences ends a command with ExitFindings after it has printed them.
var errDifferences = errors.New("there are differences")

// app is what the commands share.
type app struct {
	Program
	Streams
	// Out and Err stand before those of Streams: all that is said goes through them.
	Out, Err *escape.Writer
	// set are the features of the program.
	features *feature.Set
	charts   *chartSource
	display
	// completing tells that a shell asks how the arguments could go on.
	completing bool
	// watching is what shows the command's progress, while it works.
	watching *progress
}

func (a *app) root() *cobra.Command {
	if a.Version == "" {
		a.Version = buildVersion()
	}
	root := &cobra.Command{
		Use:   "gitopsgen",
		Short: "Generate the config repository that Argo CD syncs",
		Long: `gitopsgen turns a model of apps, environments and clusters into a config
repository: Kustomize bases and overlays that are proven to build what the
model says.

Data is printed to stdout; progress, warnings and errors to stderr. Exit codes:
0 clean, 1 differences or findings, 2 an error, 130 interrupted. A flag that is
not given is read from the environment variable in brackets behind it.`,
		Example: `  # Start with a small fleet, and write its tree
  gitopsgen init fleet
  gitopsgen render -f fleet --output-dir out

  # Deploy another version to production: change the model, look, publish
  gitopsgen set image web=:6.9.3 --env prod -f fleet
  gitopsgen diff -f fleet --repo https://git.example.com/acme/config.git
  gitopsgen publish -f fleet --repo https://git.example.com/acme/config.git`,
		Version:       a.Version,
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			err := a.flagsFromEnv(cmd)
			a.paint()
			return err
		},
	}
	a.bindDisplay(root)
	root.AddGroup(groups...)
	for id, commands := range map[string][]*cobra.Command{
		"model": {a.initCmd(), a.setCmd(), a.chartsCmd(), a.schemaCmd()},
		"tree":  {a.renderCmd(), a.diffCmd(), a.verifyCmd(), a.publishCmd()},
		"ask":   {a.buildCmd(), a.explainCmd(), a.valuesCmd(), a.graphCmd(), a.reportCmd()},
	} {
		for _, c := range commands {
			c.GroupID = id
			root.AddCommand(c)
		}
	}
	root.AddCommand(a.versionCmd())
	a.helpful(root)
	return root
}
