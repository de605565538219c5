package chart

import "github.com/gitopsgen/gitopsgen/pkg/rules"

const (
	readme = "what the README says you can rely on"
	hooks  = "https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks"
)

// documentation are the rules of what only this feature finds.
var documentation = []rules.Rule{
	{ID: "chart-hook", Reason: "Argo CD does not tell an installation from an upgrade: a hook that Helm runs at one of them runs at each sync.",
		Fix: "turn the hook off by a value, leave the hooks out with hooks: none, or check that it can run again", Source: hooks},
	{ID: "chart-place", Reason: "A chart is that of one app: in the defaults of a fleet, an environment or a cluster, all apps would have the same objects. Defaults may have values and a repository.",
		Fix: "set it in the app, or in its overrides", Source: readme},
	{ID: "chart-secret", Reason: "What a chart renders is written to the repository, and everybody who can read it would have the credential.",
		Fix: "name an existing Secret in the values, or let a secret of the app with the same target replace it", Source: readme},
	{ID: "chart-value", Reason: "Helm ignores a value that no template reads: a misspelt name changes nothing, without an error.",
		Fix: "use the name in values.yaml of the chart, or remove the value", Source: "https://helm.sh/docs/chart_template_guide/values_files/"},
	{ID: "chart-varies", Reason: "The same model has to give the same bytes: what is random, or depends on the time, a cluster or the order of a map, would change the tree without a change of the model.",
		Fix: "set a value in its place, let a Secret of a store replace a generated one, or patch the field", Source: readme},
	{ID: "chart-workload", Reason: "The objects of a chart are made from its values; what the app says of a workload would have no effect.",
		Fix: "set a value of the chart, or patch its objects", Source: readme},
}
