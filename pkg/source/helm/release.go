package helm

import (
	"encoding/json"
	"fmt"
	"slices"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// Release is what a chart is rendered for.
type Release struct {
	// Name and Namespace are those of the release. Both are required.
	Name, Namespace string
	// KubeVersion is the version of Kubernetes, such as 1.36 or v1.36.1. Required.
	KubeVersion string
	// APIVersions are API versions that the cluster has beside those that Helm knows
	// itself, as group/version and as group/version/Kind.
	APIVersions []string
	// Values are those of the release. null removes a default of the chart. Numbers
	// become those that a values file would contain: Render does not change the map.
	Values map[string]any
}

// capabilities returns what templates see as .Capabilities.
func (r Release) capabilities() (*chartutil.Capabilities, error) {
	version, err := chartutil.ParseKubeVersion(r.KubeVersion)
	if err != nil {
		return nil, &Error{Reason: quote(r.KubeVersion) + " is not a version of Kubernetes"}
	}
	out := chartutil.DefaultCapabilities.Copy()
	out.KubeVersion = *version
	// Helm's list comes from a map, in an order that changes.
	out.APIVersions = slices.Sorted(slices.Values(out.APIVersions))
	out.APIVersions = append(out.APIVersions, r.APIVersions...)
	// What Helm's releases say; nothing of our own build.
	out.HelmVersion.Version, out.HelmVersion.GitCommit = Version, ""
	out.HelmVersion.GitTreeState, out.HelmVersion.GoVersion = "clean", ""
	return out, nil
}

// checkRelease checks what `helm template` does before it renders.
func checkRelease(c *chart.Chart, r Release) error {
	if err := chartutil.ValidateReleaseName(r.Name); err != nil {
		return &Error{Reason: quote(r.Name) + " is not a valid release name"}
	}
	if t := c.Metadata.Type; t != "" && t != "application" {
		return &Error{Reason: fmt.Sprintf("a chart of type %s cannot be installed: it has templates for other charts", escape.Line(t))}
	}
	absent := missing(c)
	for _, d := range c.Metadata.Dependencies {
		if absent[d.Name] {
			return &Error{Template: c.Name() + "/Chart.yaml", Reason: fmt.Sprintf("the chart depends on %s, which its charts/ does not contain", quote(d.Name))}
		}
	}
	return nil
}

// fits checks the range of Kubernetes versions in Chart.yaml.
func fits(c *chart.Chart, caps *chartutil.Capabilities) error {
	if want := c.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, caps.KubeVersion.String()) {
		return &Error{Template: c.Name() + "/Chart.yaml", Reason: fmt.Sprintf("the chart requires Kubernetes %s, and the cluster has %s", escape.Line(want), caps.KubeVersion.String())}
	}
	return nil
}

// releaseValues returns a copy of values with the types that Helm reads from a file:
// all numbers are float64.
func releaseValues(values map[string]any) (map[string]any, error) {
	out, err := releaseValue(values)
	if err != nil {
		return nil, err
	}
	return out.(map[string]any), nil
}

func releaseValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, float64:
		return v, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, e := range v {
			of, err := releaseValue(e)
			if err != nil {
				return nil, err
			}
			out[key] = of
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			of, err := releaseValue(e)
			if err != nil {
				return nil, err
			}
			out[i] = of
		}
		return out, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, &Error{Reason: fmt.Sprintf("a value of type %T cannot be in a values file", v)}
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, err
	}
	return out, nil
}
