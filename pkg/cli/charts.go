package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

func (a *app) chartsCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "charts",
		Short: "Lock, fetch and vendor the Helm charts of the fleet",
		Long: `Charts manages the Helm charts that apps name by repository, name and version.
charts.lock, beside the model, says which archive each of them is; commit it.
Only update and fetch, and vendor for what is missing, connect to repositories
and registries. Everything else reads archives from charts/ beside the model, or
else from the cache.

Logins for HTTPS repositories are those of helm repo add, or of .netrc; those for
registries are of helm registry login, or of docker login and its helpers.
HELM_REPOSITORY_CONFIG, HELM_REGISTRY_CONFIG, NETRC and DOCKER_CONFIG name other
files. A login is sent to the host of its repository only.`,
		Example: `  # Lock what the fleet names, and show what changed
  gitopsgen charts update -f fleet

  # In CI: fetch what is locked, and nothing else
  gitopsgen charts fetch -f fleet`,
		Args: wrongCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.chartsUpdateCmd(), a.chartsFetchCmd(), a.chartsVerifyCmd(), a.chartsVendorCmd(), a.chartsListCmd())
	return cmd
}

// chartFlags say how charts are fetched.
type chartFlags struct {
	caFile    string
	timeout   time.Duration
	plainHTTP bool
}

const defaultChartTimeout = 2 * time.Minute

// bindChartCache binds the flag of the cache.
func bindChartCache(cmd *cobra.Command, in *input) {
	cmd.Flags().StringVar(&in.cacheDir, "cache-dir", "", "`DIR` for fetched charts, or none (default: the user's cache directory)")
}

func (c *chartFlags) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.caFile, "ca-file", "", "`FILE` with PEM certificates to trust in addition to those of the system")
	f.DurationVar(&c.timeout, "timeout", defaultChartTimeout, "how long a server may send nothing")
	f.BoolVar(&c.plainHTTP, "allow-plain-http", false, "ask servers without TLS too; those on this machine always are")
}

// fetcher returns what fetches charts into the cache of a store.
func (a *app) fetcher(store *charts.Store, c chartFlags) (*charts.Fetcher, error) {
	f := &charts.Fetcher{Cache: store.Cache, Logins: charts.Logins{Getenv: a.Getenv}, Timeout: c.timeout,
		AllowPlainHTTP: c.plainHTTP, UserAgent: "gitopsgen/" + a.Version}
	if c.caFile != "" {
		var err error
		if f.CABundle, err = disk.ReadNamed(c.caFile, maxCredential); err != nil {
			return nil, fmt.Errorf("reading the certificates: %w", err)
		}
	}
	return f, nil
}

func (a *app) chartsUpdateCmd() *cobra.Command {
	var in input
	var flags chartFlags
	cmd := &cobra.Command{
		Use:   "update [CHART...] -f DIR",
		Short: "Write charts.lock: look up versions, and fetch what they are",
		Long: `Charts update looks up the charts that the fleet names, all or only some, and
locks them: a range of versions, such as ~4.15, becomes its highest version, as
Helm reads ranges. It prints what changed: + is new, ~ is changed, - is no longer
used. Archives are kept in the cache.

If the archive of a version that is locked has changed in the repository, nothing
is written, unless the chart is named.`,
		Example: `  # Lock the charts of the fleet
  gitopsgen charts update -f fleet

  # Look for a newer version of one of them only
  gitopsgen charts update ingress-nginx -f fleet`,
		ValidArgsFunction: a.completeArgs(&in, chartNames, cobra.ShellCompDirectiveNoFileComp, many),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.chartsUpdate(cmd.Context(), in, flags, args)
		},
	}
	a.bind(&in, cmd, false)
	bindChartCache(cmd, &in)
	flags.bind(cmd)
	return cmd
}

func (a *app) chartsFetchCmd() *cobra.Command {
	var in input
	var flags chartFlags
	cmd := &cobra.Command{
		Use:   "fetch -f DIR",
		Short: "Fetch the charts that are locked into the cache",
		Long: `Charts fetch fetches the archives of the charts that the fleet names, as
charts.lock has them. It is an error if a repository has another archive now.
What is vendored or in the cache is not fetched again: then, no server is asked.`,
		Example: `  gitopsgen charts fetch -f fleet

  # From a server whose certificate is of an authority of one's own
  gitopsgen charts fetch -f fleet --ca-file ca.pem`,
		Args: takes(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.chartsFetch(cmd.Context(), in, flags) },
	}
	a.bind(&in, cmd, false)
	bindChartCache(cmd, &in)
	flags.bind(cmd)
	return cmd
}

func (a *app) chartsVerifyCmd() *cobra.Command {
	var in input
	cmd := &cobra.Command{
		Use:   "verify -f DIR",
		Short: "Compare charts.lock with the fleet, vendored archives and the cache",
		Long: `Charts verify reports charts that the fleet names and charts.lock does not have,
those that are locked and not used, and archives that are missing or were changed.
It connects to nothing, and exits with 1 if it finds something.`,
		Example: `  gitopsgen charts verify -f fleet`,
		Args:    takes(0, 0, ""),
		RunE:    func(*cobra.Command, []string) error { return a.chartsVerify(in) },
	}
	a.bind(&in, cmd, false)
	bindChartCache(cmd, &in)
	return cmd
}

func (a *app) chartsVendorCmd() *cobra.Command {
	var in input
	var flags chartFlags
	cmd := &cobra.Command{
		Use:   "vendor -f DIR",
		Short: "Write the charts that are locked to charts/ beside the model",
		Long: `Charts vendor writes the archives of charts.lock to charts/ in the directory of
the model, where they can be committed, and fetches those that are missing. The
fleet can then be rendered without the cache and without a network. It prints what
changed: + is new, - is gone.

charts/SHA256SUMS lists the archives that it wrote. Others are neither replaced nor
deleted; if one has the name of a chart that is locked, the exit code is 1.`,
		Example: `  gitopsgen charts vendor -f fleet
  git add fleet/charts fleet/charts.lock`,
		Args: takes(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.chartsVendor(cmd.Context(), in, flags) },
	}
	a.bind(&in, cmd, false)
	bindChartCache(cmd, &in)
	flags.bind(cmd)
	return cmd
}

func (a *app) chartsListCmd() *cobra.Command {
	var in input
	var format string
	cmd := &cobra.Command{
		Use:   "list -f DIR [-o table|json|yaml]",
		Short: "List the charts, what they are locked to, and who uses them",
		Long: `Charts list lists the charts that the fleet names by repository: the version that
is asked for and the one that is locked, where the archive is (vendored, cached,
missing or changed), and the apps and environments that use it.`,
		Example: `  gitopsgen charts list -f fleet

  # The charts inside of charts
  gitopsgen charts list -f fleet -o json | jq '.charts[].dependencies'`,
		Args: takes(0, 0, ""),
		RunE: func(*cobra.Command, []string) error { return a.chartsList(in, format) },
	}
	a.bind(&in, cmd, false)
	bindChartCache(cmd, &in)
	a.bindFormat(cmd, &format, "table", "json", "yaml")
	return cmd
}

// bindFetch binds the flag that fetches charts before anything else.
func bindFetch(cmd *cobra.Command, in *input) {
	cmd.Flags().BoolVar(&in.fetch, "fetch", false, "fetch missing charts first, as charts fetch does")
}

// oneLine returns what is wrong, and the fix, in a line.
func oneLine(w *finding.Wrong) string {
	if w.Fix == "" {
		return w.Error()
	}
	return w.Error() + " (" + w.Fix + ")"
}
