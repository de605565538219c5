package cli

import (
	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/graph"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

func (a *app) graphCmd() *cobra.Command {
	var in input
	var format string
	cmd := &cobra.Command{
		Use:   "graph -f DIR",
		Short: "Draw apps, environments, clusters and their order",
		Long: `Graph draws the fleet: the environments in the order of their promotion, with
their clusters; the hosts of the apps and their gateways; what apps talk to;
which apps are synced before others; and the instances of Argo CD.

Viewers of Mermaid take 500 edges and 50,000 characters. In a larger graph, the
apps of a project, or of an environment, are one node.`,
		Example: `  # For Markdown: forges draw a code block of the language mermaid
  gitopsgen graph -f fleet

  # As a picture
  gitopsgen graph -f fleet --env prod -o dot | dot -Tsvg > fleet.svg`,
		Args: takes(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			loaded, err := a.load(in)
			if err != nil {
				return err
			}
			if err := validate.Fleet(loaded.Fleet, a.features, loaded.Positions).Err(); err != nil {
				return err
			}
			if err := in.selection.Check(loaded.Fleet).Err(); err != nil {
				return err
			}
			among := func(list []string) func(string) bool {
				return func(name string) bool { return len(list) == 0 || contains(list, name) }
			}
			s := in.selection
			g := graph.Of(loaded.Fleet, resolve.New(loaded.Fleet, a.features), graph.Selection{
				App: among(s.Apps), Environment: among(s.Environments), Cluster: among(s.Clusters)})
			if f := graph.Format(format); !g.Fits(f) {
				a.report("the graph has %s, and viewers of Mermaid take %d and %d characters: a node stands for many apps (narrow it with --app, --env or --cluster, or use -o dot)\n",
					finding.Count(len(g.Edges), "edge"), graph.MaxEdges, graph.MaxText)
				g = g.Folded()
			}
			return g.Write(a.Out, graph.Format(format))
		},
	}
	a.bind(&in, cmd, true)
	a.bindFormat(cmd, &format, string(graph.Mermaid), string(graph.Dot))
	return cmd
}
