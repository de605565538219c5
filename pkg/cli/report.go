package cli

import (
	"encoding/json"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/report"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

func (a *app) reportCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report",
		Short:   "Report what the fleet needs from other systems",
		Long:    "Report lists what the fleet needs from other systems.",
		Example: `  gitopsgen report secrets -f fleet`,
		Args:    wrongCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.reportSecretsCmd())
	return cmd
}

func (a *app) reportSecretsCmd() *cobra.Command {
	var in input
	var format string
	cmd := &cobra.Command{
		Use:   "secrets -f DIR [-o table|policies|json|yaml]",
		Short: "List who reads which entry of which secret store, and what that costs",
		Long: `Report secrets lists which app reads which entry of which secret store in which
environment, and the estimated calls and cost in a month. It reads only the
locations of values, never a value.

With -o policies, it prints the least-privilege policies for the identities of the
stores instead: an IAM policy for AWS, and one in HCL for Vault. JSON and YAML have
both.

Estimates assume one call for each key of a Secret at each refresh on each
cluster, 730 hours a month, and list prices without free tiers: for AWS Secrets
Manager 0.40 USD for an entry and 0.05 USD for ten thousand calls, for Google
Secret Manager 0.06 and 0.03 USD, for Azure Key Vault 0.03 USD for ten thousand
calls. Others are free.`,
		Example: `  # What does production read?
  gitopsgen report secrets -f fleet --env prod

  # What may the identities of the stores do, at least?
  gitopsgen report secrets -f fleet -o policies`,
		Args: takes(0, 0, ""),
		RunE: func(*cobra.Command, []string) error { return a.reportSecrets(in, format) },
	}
	a.bind(&in, cmd, true)
	a.bindFormat(cmd, &format, "table", "policies", "json", "yaml")
	return cmd
}

func (a *app) reportSecrets(in input, format string) error {
	l, err := a.load(in)
	if err != nil {
		return err
	}
	if err := in.selection.Check(l.Fleet).Err(); err != nil {
		return err
	}
	if err := validate.Fleet(l.Fleet, a.features, l.Positions).Err(); err != nil {
		return err
	}
	r := resolve.New(l.Fleet, a.features)
	reads := slices.DeleteFunc(report.Reads(r), func(x report.Read) bool {
		s := in.selection
		other := func(of []string, name string) bool { return len(of) > 0 && !slices.Contains(of, name) }
		return other(s.Apps, x.App) || other(s.Environments, x.Environment) || other(s.Clusters, x.Cluster)
	})
	out := report.Secrets{Reads: reads, Uses: report.Uses(reads), Policies: report.Policies(r, reads)}
	switch format {
	case "table":
		switch {
		case len(out.Reads) == 0:
			a.report("no app reads a secret store\n")
		case len(out.Policies) > 0:
			a.report("the policies that the identities of the stores need: -o policies\n")
		}
		_, err = a.Out.Write([]byte(out.Table()))
		return err
	case "policies":
		_, err = a.Out.Write([]byte(out.PolicyText()))
		return err
	}
	return a.data(out, format)
}

// data prints a value as JSON or YAML. It contains no value of a secret.
func (a *app) data(v any, format string) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if format == "yaml" {
		v, err := object.ParseValue(data)
		if err != nil {
			return err
		}
		_, err = a.Out.Write(object.Print(v))
		return err
	}
	_, err = a.Out.Write(append(data, '\n'))
	return err
}
