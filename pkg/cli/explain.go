package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/explain"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func (a *app) explainCmd() *cobra.Command {
	var in input
	var format string
	cmd := &cobra.Command{
		Use:   "explain {app/NAME --env ENV [--cluster CLUSTER] [FIELD] | rule/ID | rules}",
		Short: "Explain where a field of the output comes from, or what a rule is about",
		Long: `Explain shows for each field that a target builds which line of the model,
which layer or which named rule set it. FIELD is a path such as spec.replicas,
its end, or KIND/NAME:PATH.

Explain rule/ID shows the reason, the fix and the source of the rule behind a
finding or a default; explain rules lists all rules. Neither needs a fleet.`,
		Example: `  # Why does web have three replicas in production?
  gitopsgen explain app/web spec.replicas --env prod -f fleet

  # Where does everything in its Service come from?
  gitopsgen explain app/web Service/web: --env prod -f fleet

  # What is a finding about?
  gitopsgen explain rule/secret-value`,
		ValidArgsFunction: a.completeArgs(&in, a.explainable, 0, 1),
		Args:              takes(1, 2, "app/NAME and perhaps a FIELD, rule/ID, or rules"),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "rules" || strings.HasPrefix(args[0], "rule/") {
				return a.explainRules(args[0], format)
			}
			query := ""
			if len(args) > 1 {
				query = args[1]
			}
			return a.explain(in, args[0], query, format)
		},
	}
	a.bind(&in, cmd, false)
	a.bindScope(&in, cmd)
	a.bindFormat(cmd, &format, "text", "json")
	return cmd
}

func (a *app) explain(in input, arg, query, format string) error {
	loaded, app, scope, err := a.target(in, arg)
	if err != nil {
		return err
	}
	opts := a.options(loaded)
	resolver := resolve.New(loaded.Fleet, a.features)
	fields, err := explain.Target(explain.Input{
		Resolver: resolver, App: app, Scope: scope, Positions: loaded.Positions,
		Objects: func(t *view.Target) ([]object.Object, error) {
			return render.TargetObjects(t, resolver.View(), opts...)
		},
	})
	if err != nil {
		return err
	}
	fields = slices.DeleteFunc(fields, func(f explain.Field) bool { return !f.Match(query) })
	if len(fields) == 0 {
		return fmt.Errorf("no field of %s matches %q", arg, query)
	}
	if format == "json" {
		enc := json.NewEncoder(a.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(fields)
	}
	for _, f := range fields {
		a.wrap(f.String())
	}
	return nil
}

// target loads the fleet and finds the target that app/NAME and the flags name.
func (a *app) target(in input, arg string) (*loaded, string, view.Scope, error) {
	var scope view.Scope
	name, ok := strings.CutPrefix(arg, "app/")
	if !ok {
		return nil, "", scope, fmt.Errorf("%q is not a target (write app/NAME or, for build, platform/NAME or appset/NAME)", arg)
	}
	l, err := a.load(in)
	if err != nil {
		return nil, "", scope, err
	}
	if err := validate.Secrets(l.Fleet, l.Positions).Err(); err != nil {
		return nil, "", scope, err
	}
	scope = view.Scope{Environment: in.env, Cluster: in.cluster}
	if err := in.narrowed(name).selection.Check(l.Fleet).Err(); err != nil {
		return nil, "", scope, err
	}
	return l, name, scope, in.runs(l.Fleet, name)
}

// narrowed returns the flags as those of a run for one app where they say.
func (in input) narrowed(app string) input {
	in.selection = render.Selection{Apps: []string{app}}
	if in.env != "" {
		in.selection.Environments = []string{in.env}
	}
	if in.cluster != "" {
		in.selection.Clusters = []string{in.cluster}
	}
	return in
}

// runs returns an error where an app does not run where the flags say.
func (in input) runs(f *model.Fleet, app string) error {
	if !slices.Contains(resolve.New(f, in.features).Scopes(app), view.Scope{Environment: in.env, Cluster: in.cluster}) {
		return fmt.Errorf("app %s does not run in %s", app, strings.Trim(in.env+"/"+in.cluster, "/"))
	}
	return nil
}

func (a *app) printSpec(in input, arg string) error {
	l, app, scope, err := a.target(in, arg)
	if err != nil {
		return err
	}
	data, err := json.Marshal(resolve.New(l.Fleet, a.features).Target(app, scope).Spec)
	if err != nil {
		return err
	}
	v, err := object.ParseValue(data)
	if err != nil {
		return err
	}
	return a.printYAML(v)
}
