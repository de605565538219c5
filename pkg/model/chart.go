package model

// Chart is a Helm chart that an app's objects come from, in place of a workload. It
// is one of a repository, with Repository, Name and Version, or one beside the model,
// with Path: a layer that names the other kind replaces it.
type Chart struct {
	// Repository is where the chart is published: an OCI registry with the path of its
	// charts, as in oci://registry.example.com/charts, or the address of an HTTPS
	// repository.
	Repository string `json:"repository,omitempty" oneof:"repository"`
	// Name is the chart's name in the repository.
	Name string `json:"name,omitempty" oneof:"repository"`
	// Version is the chart's version, as in 4.15.1, or a range of versions, as in
	// ~4.15. What is rendered is the version in charts.lock.
	Version string `json:"version,omitempty" oneof:"repository"`
	// Path is a packaged chart, or the directory of a chart, by its path from this
	// file, as in charts/podinfo-6.9.2.tgz.
	Path string `json:"path,omitempty" oneof:"path"`
	// Digest identifies the chart at Path by what is in it. It is computed where the
	// model is loaded: no YAML has this field.
	Digest string `json:"digest,omitempty" oneof:"path" load:"-"`
	// Values are the values of the chart, which Helm lays over the chart's own. They
	// have the types that helm -f gives them: all numbers are floating-point numbers.
	// Values of several layers merge as those of several files do in helm -f: maps
	// key by key, while lists and single values are replaced. A null is a value: it
	// removes the chart's default. Unset returns to that default, as in
	// chart.values.controller.replicaCount.
	Values map[string]any `json:"values,omitempty" merge:"values"`
	// ValuesFiles are files of values, by their path from this file. Later files win
	// over earlier ones, and the Values of the same layer over all of them. They are
	// read where the model is loaded; what later layers say wins over them.
	ValuesFiles []string `json:"valuesFiles,omitempty"`
	// ValuesFrom sets values to what the model knows of the app, by the path of the
	// value, as in ingress.hosts[0] or controller.clusterName. In the text, {app},
	// {project}, {env}, {cluster}, {namespace} and {domain} are replaced. They win over
	// Values.
	ValuesFrom map[string]string `json:"valuesFrom,omitempty"`
	// ReleaseName is the name of the release, which most charts make the names and the
	// selectors of their objects from: another name means other objects. Default: the
	// app's name.
	ReleaseName string `json:"releaseName,omitempty"`
	// RenderedBy is who renders the chart. Default: gitopsgen.
	RenderedBy ChartRenderer `json:"renderedBy,omitempty"`
	// CRDs is what becomes of the chart's CustomResourceDefinitions. Default: with.
	CRDs ChartCRDs `json:"crds,omitempty"`
	// Hooks is what becomes of the chart's hooks. Default: argocd.
	Hooks ChartHooks `json:"hooks,omitempty"`
}

// ChartRenderer is who renders a chart.
type ChartRenderer string

// The renderers of charts.
const (
	// RenderedByGitopsgen makes the chart's objects part of the tree, as those of every
	// other app are.
	RenderedByGitopsgen ChartRenderer = "gitopsgen"
	// RenderedByArgoCD leaves it to Argo CD, which gets the chart and its values.
	RenderedByArgoCD ChartRenderer = "argocd"
)

// ChartCRDs is what becomes of the CustomResourceDefinitions of a chart.
type ChartCRDs string

// What becomes of CustomResourceDefinitions.
const (
	// CRDsWith applies them with the app, before its other objects. Argo CD never
	// prunes them.
	CRDsWith ChartCRDs = "with"
	// CRDsNone leaves them out: somebody else applies them.
	CRDsNone ChartCRDs = "none"
)

// ChartHooks is what becomes of the hooks of a chart.
type ChartHooks string

// What becomes of hooks.
const (
	// HooksArgoCD makes them hooks of Argo CD.
	HooksArgoCD ChartHooks = "argocd"
	// HooksNone leaves them out.
	HooksNone ChartHooks = "none"
)
