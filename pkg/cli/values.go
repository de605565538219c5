package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/gitopsgen/gitopsgen/pkg/feature/chart"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

func (a *app) valuesCmd() *cobra.Command {
	var in input
	var origin bool
	cmd := &cobra.Command{
		Use:   "values app/NAME --env ENV [--cluster CLUSTER]",
		Short: "Print the values that an app gives to its Helm chart",
		Long: `Values prints what helm install would be given with -f: the values of all
layers, merged, with what valuesFrom sets. The defaults of the chart are not
among them. A null removes a default. Values that may be credentials are
printed as (redacted).

With --origin, a comment behind each value says which layer it comes from, and
where it is written.`,
		Example: `  # What reaches Helm in production?
  gitopsgen values app/ingress --env prod -f fleet

  # Which line says so?
  gitopsgen values app/ingress --env prod --origin -f fleet`,
		ValidArgsFunction: a.completeArgs(&in, a.charted, 0, 1),
		Args:              takes(1, 1, "app/NAME"),
		RunE:              func(_ *cobra.Command, args []string) error { return a.values(in, args[0], origin) },
	}
	a.bind(&in, cmd, false)
	a.bindScope(&in, cmd)
	cmd.Flags().BoolVar(&origin, "origin", false, "say behind each value which layer and line it comes from")
	return cmd
}

func (a *app) values(in input, arg string, origin bool) error {
	l, app, scope, err := a.target(in, arg)
	if err != nil {
		return err
	}
	t, origins, _ := resolve.New(l.Fleet, a.features).Explained(app, scope)
	if t.Spec.Chart == nil {
		return fmt.Errorf("app %s has no chart", app)
	}
	values, err := chart.Values(&t)
	if all := (finding.AllWrong)(nil); errors.As(err, &all) {
		return fmt.Errorf("the values of app %s: %w", app, all)
	}
	if err != nil {
		return err
	}
	data, err := json.Marshal(values)
	if err != nil {
		return err
	}
	v, err := object.ParseValue(data)
	if err != nil {
		return err
	}
	if v == nil {
		v = map[string]any{}
	}
	n := commented{}
	if origin {
		n.at = comments(origins, t.Spec.Chart.ValuesFrom, l.Positions)
	}
	shown := credential.RedactValue(v)
	out, err := encoded(n.node("", shown))
	if err != nil {
		return err
	}
	a.Out.Printf("%s", out)
	if count := redacted(shown) - redacted(v); count > 0 {
		a.Err.Printf("%s redacted, which may be credentials\n", finding.Count(count, "value"))
	}
	return nil
}

func encoded(n *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err := enc.Encode(n)
	return out.Bytes(), errors.Join(err, enc.Close())
}

// comments returns what is said of the values of a chart, by their paths in them.
func comments(origins resolve.Origins, from map[string]string, positions finding.Positions) map[fieldpath.Path]string {
	out := map[fieldpath.Path]string{}
	note := func(to, at fieldpath.Path) {
		o, ok := origins[at]
		if !ok {
			return
		}
		text := o.Layer
		if p := positions.At(o.Path); !p.IsZero() {
			text += " " + p.String()
		}
		out[to] = escape.Line(text)
	}
	const values, texts fieldpath.Path = "chart.values", "chart.valuesFrom"
	for at := range origins {
		if steps, err := at.Steps(); err == nil && len(steps) > 2 && fieldpath.Of(steps[:2]...) == values {
			note(keys(steps[2:]), at)
		}
	}
	for key := range from {
		if steps, err := fieldpath.Path(key).Steps(); err == nil {
			note(keys(steps), texts.Key(key))
		}
	}
	return out
}

// keys returns a path whose steps are all in brackets.
func keys(steps []fieldpath.Step) (out fieldpath.Path) {
	for _, s := range steps {
		out = out.Key(s.Name)
	}
	return out
}

// commented writes values with comments.
type commented struct{ at map[fieldpath.Path]string }

// node returns a value as YAML. Comments are behind single values, and behind lists and
// maps that are empty.
func (n commented) node(at fieldpath.Path, v any) *yaml.Node {
	out := &yaml.Node{}
	switch v := v.(type) {
	case map[string]any:
		out.Kind, out.Tag = yaml.MappingNode, "!!map"
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out.Content = append(out.Content, scalar(k), n.node(at.Key(k), v[k]))
		}
	case []any:
		out.Kind, out.Tag = yaml.SequenceNode, "!!seq"
		for i, e := range v {
			out.Content = append(out.Content, n.node(at.Key(strconv.Itoa(i)), e))
		}
	default:
		out = scalar(v)
	}
	if len(out.Content) == 0 {
		if out.LineComment = n.at[at]; out.Kind != yaml.ScalarNode {
			out.Style = yaml.FlowStyle
		}
	}
	return out
}

// scalar returns a single value, in quotes where a reader would take it for another.
func scalar(v any) *yaml.Node {
	out := &yaml.Node{}
	if err := out.Encode(v); err != nil {
		out.SetString(fmt.Sprint(v))
	}
	return out
}
