package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// The width of help, in columns: that of the terminal between these, and the first
// without one.
const (
	narrow = 80
	wide   = 120
)

// groups are the groups of commands in help.
var groups = []*cobra.Group{
	{ID: "model", Title: "Write the model:"},
	{ID: "tree", Title: "Write and compare the tree:"},
	{ID: "ask", Title: "Ask about the fleet:"},
}

// helpful completes the help of a command and those below it.
func (a *app) helpful(root *cobra.Command) {
	root.SetUsageFunc(a.usage)
	root.SetFlagErrorFunc(wrongFlag)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.InitDefaultVersionFlag()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Long = "Help prints what --help prints for a command."
			c.Example = "  gitopsgen help set image"
			c.Run, c.RunE = nil, helpFor
		case "completion":
			c.Short = "Print a script that completes commands in a shell"
			c.Long = `Completion prints a script for a shell, which then completes commands, flags and
formats; apps, environments and clusters of the fleet that -f, or GITOPSGEN_FILE,
names; and the ids of rules. The help of each shell says how to load it.`
			c.Example = `  # In bash, for this session
  source <(gitopsgen completion bash)

  # In zsh and fish, for all sessions
  gitopsgen completion zsh > "${fpath[1]}/_gitopsgen"
  gitopsgen completion fish > ~/.config/fish/completions/gitopsgen.fish`
		}
	}
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		cmd.InitDefaultHelpFlag()
		nameTwins(cmd.Flags())
		nameTwins(cmd.PersistentFlags())
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	visit(root)
}

// nameTwins names the twin of each flag in its help.
func nameTwins(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if twin := " [$" + twinOf(f.Name) + "]"; hasTwin(f.Name) && !strings.HasSuffix(f.Usage, twin) {
			f.Usage += twin
		}
	})
}

// usage prints how a command is used.
func (a *app) usage(cmd *cobra.Command) error {
	columns := min(max(width(a.Streams.Out), narrow), wide)
	var b strings.Builder
	add := func(title, text string) {
		if text = strings.TrimRight(text, " \n"); text != "" {
			b.WriteString("\n" + title + "\n" + text + "\n")
		}
	}
	use := ""
	if cmd.Runnable() && cmd.HasParent() {
		use = "  " + cmd.UseLine() + "\n"
	}
	if cmd.HasAvailableSubCommands() {
		use += "  " + cmd.CommandPath() + " COMMAND\n"
	}
	add("Usage:", use)
	add("Examples:", cmd.Example)
	listed := slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !c.IsAvailableCommand() && c.Name() != "help" })
	for _, g := range append(slices.Clone(cmd.Groups()), &cobra.Group{Title: "Commands:"}) {
		var list strings.Builder
		for _, c := range listed {
			if c.GroupID == g.ID {
				list.WriteString(fmt.Sprintf("  %-*s  %s\n", cmd.NamePadding(), c.Name(), c.Short))
			}
		}
		add(g.Title, list.String())
	}
	own := cmd.LocalNonPersistentFlags()
	add("Flags:", flagsOf(own, columns))
	add("Flags of all commands:", flagsOf(persistent(cmd), columns))
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nRead more about a command with " + cmd.CommandPath() + " COMMAND --help.\n")
	}
	_, err := cmd.OutOrStderr().Write([]byte(strings.TrimPrefix(b.String(), "\n")))
	return err
}

// persistent returns the flags that a command shares with others.
func persistent(cmd *cobra.Command) *pflag.FlagSet {
	if cmd.HasParent() {
		return cmd.InheritedFlags()
	}
	return cmd.PersistentFlags()
}

func flagsOf(f *pflag.FlagSet, columns int) string { return f.FlagUsagesWrapped(columns) }

// wrongFlag names the flag that an unknown one most likely means.
func wrongFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := finding.Nearest(unknown.GetSpecifiedName(), names); near != "" {
		return fmt.Errorf("%w (did you mean --%s?)", err, near)
	}
	return fmt.Errorf("%w (%s --help lists the flags)", err, cmd.CommandPath())
}

// helpFor prints the help of the command that arguments name.
func helpFor(cmd *cobra.Command, args []string) error {
	found, rest, err := cmd.Root().Find(args)
	if err == nil && len(rest) > 0 && found.HasSubCommands() {
		err = wrongCommand(found, rest)
	}
	if err != nil {
		return err
	}
	return found.Help()
}

// wrongCommand refuses the arguments of a command that only has others below it.
func wrongCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return fmt.Errorf("unknown command %q for %q (%s)", args[0], cmd.CommandPath(), finding.Choose(args[0], names))
}
