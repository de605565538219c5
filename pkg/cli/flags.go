package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// input holds the flags that say what to read.
type input struct {
	files     []string
	selection render.Selection
	// env and cluster name a single target.
	env, cluster string
	// cacheDir is the flag of that name, where the command has it.
	cacheDir string
	// fetch fetches charts first.
	fetch bool
	// set are the features of the program.
	features *feature.Set
}

// bind binds the flags of an input.
func (a *app) bind(in *input, cmd *cobra.Command, narrow bool) {
	in.features = a.features
	f := cmd.Flags()
	f.StringArrayVarP(&in.files, "file", "f", nil, "`PATH` of a fleet file or directory, - for stdin (repeatable)")
	if narrow {
		f.StringSliceVar(&in.selection.Environments, "env", nil, "only these environments, as in `A,B`")
		f.StringSliceVar(&in.selection.Apps, "app", nil, "only these apps, as in `A,B`")
		f.StringSliceVar(&in.selection.Clusters, "cluster", nil, "only these clusters, as in `A,B`")
		a.completeFlag(cmd, in, "env", true, environmentNames)
		a.completeFlag(cmd, in, "app", true, appNames)
		a.completeFlag(cmd, in, "cluster", true, clusterNames)
	}
}

// bindScope binds the flags that name a single target.
func (a *app) bindScope(in *input, cmd *cobra.Command) {
	cmd.Flags().StringVar(&in.env, "env", "", "`NAME` of the environment (default: the base)")
	cmd.Flags().StringVar(&in.cluster, "cluster", "", "`NAME` of the cluster, where those of the environment differ")
	a.completeFlag(cmd, in, "env", false, environmentNames)
	a.completeFlag(cmd, in, "cluster", false, clusterNames)
}

// bindFormat binds -o, which takes one of some formats; the first is the default.
func (a *app) bindFormat(cmd *cobra.Command, format *string, formats ...string) {
	*format = formats[0]
	a.bindChoice(cmd.Flags(), cmd, &choice{format, formats}, "output", "o", "`FORMAT` of the output: "+oneOf(formats))
}

// bindChoice binds a flag that takes one of some words.
func (a *app) bindChoice(f *pflag.FlagSet, cmd *cobra.Command, c *choice, name, short, usage string) {
	f.VarP(c, name, short, usage)
	a.completes(cmd, name, cobra.FixedCompletions(c.words, cobra.ShellCompDirectiveNoFileComp))
}

// choice is a flag's value that is one of some words.
type choice struct {
	value *string
	words []string
}

func (c *choice) String() string { return *c.value }
func (c *choice) Type() string   { return "string" }

func (c *choice) Set(s string) error {
	if !slices.Contains(c.words, s) {
		return fmt.Errorf("use %s", oneOf(c.words))
	}
	*c.value = s
	return nil
}

// oneOf returns words as in "text, json or markdown".
func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// hasTwin reports whether a flag has a twin in the environment. What overrides a
// guard has none: it has to be said each time.
func hasTwin(flag string) bool {
	return flag != "help" && flag != "version" && flag != "force" && !strings.HasPrefix(flag, "allow-")
}

// twinOf returns the name of a flag's twin.
func twinOf(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// flagsFromEnv sets flags that were not given from their GITOPSGEN_* twins. The
// environment is that of all commands: a word that only others know is theirs.
func (a *app) flagsFromEnv(cmd *cobra.Command) error {
	var errs []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || !hasTwin(f.Name) {
			return
		}
		name := twinOf(f.Name)
		if v := a.Getenv(name); v != "" && !isOfOthers(cmd, f, v) {
			if err := cmd.Flags().Set(f.Name, v); err != nil {
				errs = append(errs, fmt.Sprintf("%s: %v", name, err))
			}
		}
	})
	if errs != nil {
		return fmt.Errorf("%s", strings.Join(errs, "; "))
	}
	return nil
}

// isOfOthers reports whether a word is none of a flag's, but one of the flag of another
// command that has the same name.
func isOfOthers(cmd *cobra.Command, f *pflag.Flag, word string) bool {
	c, ok := f.Value.(*choice)
	return ok && !slices.Contains(c.words, word) && knows(cmd.Root(), f.Name, word)
}

// knows reports whether a command, or one below it, has a flag that takes a word.
func knows(cmd *cobra.Command, flag, word string) bool {
	if f := cmd.Flags().Lookup(flag); f != nil {
		if c, ok := f.Value.(*choice); ok && slices.Contains(c.words, word) {
			return true
		}
	}
	return slices.ContainsFunc(cmd.Commands(), func(sub *cobra.Command) bool { return knows(sub, flag, word) })
}

// takes returns what checks the arguments of a command: from least to most. What
// says what it takes, in words, where that is any.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		name := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
		help := "(" + cmd.CommandPath() + " --help has examples)"
		switch {
		case len(args) < least:
			return fmt.Errorf("%s needs %s %s", name, what, help)
		case len(args) > most && most == 0:
			return fmt.Errorf("%s takes no arguments, and got %q %s", name, args[0], help)
		case len(args) > most:
			return fmt.Errorf("%s takes %s, and got %q too %s", name, what, args[most], help)
		}
		return nil
	}
}
