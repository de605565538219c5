package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// completer returns the words that can stand at a place.
type completer func(*model.Fleet) []string

// The names of the parts of a fleet.
func appNames(f *model.Fleet) []string {
	return names(f.Apps, func(x *model.App) string { return x.Name })
}

func environmentNames(f *model.Fleet) []string {
	return names(f.Environments, func(x *model.Environment) string { return x.Name })
}

func clusterNames(f *model.Fleet) []string {
	return names(f.Clusters, func(x *model.Cluster) string { return x.Name })
}

// chartNames returns the names of the charts of repositories that apps name themselves.
func chartNames(f *model.Fleet) []string {
	var out []string
	for i := range f.Apps {
		if c := f.Apps[i].Spec.Chart; c != nil && c.Name != "" {
			out = append(out, c.Name)
		}
	}
	return out
}

func names[T any](list []T, name func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = name(&list[i])
	}
	return out
}

// model returns the fleet that the flags of a command name so far, or an empty one
// where they name none, or one that cannot be read: a shell shows no errors.
func (a *app) model(cmd *cobra.Command, in *input) *model.Fleet {
	if err := a.flagsFromEnv(cmd); err != nil || contains(in.files, "-") {
		return &model.Fleet{}
	}
	var files []string
	for _, f := range in.files { // cobra has read the flags twice
		if !contains(files, f) {
			files = append(files, f)
		}
	}
	l, err := a.load(input{files: files})
	if err != nil {
		return &model.Fleet{}
	}
	return l.Fleet
}

// completeFlag completes the values of a flag that names parts of the fleet. One
// that takes a list completes its last entry.
func (a *app) completeFlag(cmd *cobra.Command, in *input, flag string, list bool, words completer) {
	a.completes(cmd, flag, func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := ""
		if list {
			before = typed[:strings.LastIndexByte(typed, ',')+1]
		}
		var out []string
		for _, w := range words(a.model(cmd, in)) {
			if given := strings.Split(before, ","); !slices.Contains(given, w) {
				out = append(out, before+w)
			}
		}
		return matching(out, typed), cobra.ShellCompDirectiveNoFileComp
	})
}

// completes says what completes a flag, if a shell asks: cobra holds on to it as
// long as the process lives.
func (a *app) completes(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if a.completing {
		_ = cmd.RegisterFlagCompletionFunc(flag, f) // the flag has just been bound
	}
}

// matching returns the words that begin as typed, sorted.
func matching(words []string, typed string) []string {
	out := slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, typed) })
	slices.Sort(out)
	return slices.Compact(out)
}

// completeArgs completes the first arguments of a command.
func (a *app) completeArgs(in *input, words completer, directive cobra.ShellCompDirective, most int) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return matching(words(a.model(cmd, in)), typed), cobra.ShellCompDirectiveNoFileComp | directive
	}
}

// buildable returns what build takes.
func (a *app) buildable(f *model.Fleet) []string {
	out := prefixed("app/", appNames(f))
	for _, c := range a.features.Components() {
		if len(f.Apps) > 0 {
			out = append(out, "platform/"+c.Name)
		}
	}
	for i := range f.Components {
		out = append(out, "platform/"+f.Components[i].Name)
	}
	return out
}

// charted returns the apps with a chart.
func (a *app) charted(f *model.Fleet) []string {
	var out []string
	r := resolve.New(f, a.features)
	for _, name := range appNames(f) {
		if slices.ContainsFunc(r.Scopes(name), func(s view.Scope) bool { return r.Target(name, s).Spec.Chart != nil }) {
			out = append(out, "app/"+name)
		}
	}
	return out
}

// explainable returns what explain takes.
func (a *app) explainable(f *model.Fleet) []string {
	out := append(prefixed("app/", appNames(f)), "rules")
	for _, r := range a.allRules() {
		out = append(out, "rule/"+r.ID)
	}
	return out
}

// assignable returns a function for what an assignment begins with.
func assignable(end string) completer {
	return func(f *model.Fleet) []string {
		out := appNames(f)
		for i := range out {
			out[i] += end
		}
		return out
	}
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = prefix + s
	}
	return out
}
