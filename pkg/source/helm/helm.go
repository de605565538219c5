// Package helm renders Helm charts in this process: bytes in, objects out, with
// the code of Helm itself.
//
// A Chart is read once, from an archive (Load) or from the files of a directory
// (LoadFiles), and checked while it is read: archives are hostile until they are
// known to be harmless. Render then returns what `helm template --include-crds`
// prints for a release, as objects, and each with the template that it is from.
//
//	c, err := helm.Load(archive)
//	out, err := c.Render(ctx, helm.Release{Name: "podinfo", Namespace: "apps", KubeVersion: "1.36"})
//
// Nothing is looked up: no cluster, no DNS, no repository, no file, and no document
// that a values.schema.json refers to elsewhere. What a template does that differs
// from one render to the next, such as random numbers, it still does.
//
// # What cannot be stopped
//
// Nothing can interrupt a Go template. Render returns a *BudgetError where one runs
// for too long or takes too much memory, but the goroutine that executes it goes on:
// end the process, as the gitopsgen command does. From then on, the Chart renders
// nothing.
//
// Helm writes warnings to the default logger of package log, such as one for a value
// that is a map in the chart and a text in the release. They contain values: a program
// that shows its log to others sets another output.
package helm

import (
	"sync"
	"sync/atomic"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm/reads"
)

// Version is the version of Helm whose code renders.
const Version = "v3.22.0"

// KubeVersion is the version of Kubernetes that the helm command of that version
// assumes where nobody says another: that of its client-go. The code alone, which is
// not linked as the command is, would assume v1.20.0.
const KubeVersion = "v1.37.0"

// Chart is a chart that was read once. Several goroutines may render it at once.
type Chart struct {
	// root is the chart as it was read; each render works on a clone.
	root *chart.Chart
	// spent is the error of the first render that went past its budget.
	spent atomic.Pointer[BudgetError]
	// parsed and schemas are what renders have in common.
	parsed  documents
	schemas schemas

	// found are the constructs of the chart that vary, and analysis the values that it
	// reads; both are found when they are asked for.
	found struct {
		once sync.Once
		all  []construct
	}
	analysis struct {
		once sync.Once
		of   *reads.Reads
		err  error
	}
}

// Metadata is what a chart says of itself in its Chart.yaml.
type Metadata struct {
	Name, Version, AppVersion, Description string
	// KubeVersion is the range of Kubernetes versions that the chart supports, such as
	// ">=1.25.0-0". Default: all.
	KubeVersion string
	// Library is set where the chart has templates for other charts only.
	Library, Deprecated bool
	// Dependencies are those of Chart.yaml (or requirements.yaml), in its order.
	Dependencies []Dependency
}

// Dependency is what a chart says of a subchart.
type Dependency struct {
	Name, Version, Repository, Alias string
	// Condition names values that turn the subchart on or off, separated by commas.
	Condition string
	// Tags are keys of the value `tags` that turn the subchart on or off.
	Tags []string
	// Present is set where the chart contains a subchart of this name.
	Present bool
}

// Metadata returns what the chart says of itself.
func (c *Chart) Metadata() Metadata {
	md := c.root.Metadata
	out := Metadata{
		Name: md.Name, Version: md.Version, AppVersion: md.AppVersion, Description: md.Description,
		KubeVersion: md.KubeVersion, Library: md.Type == "library", Deprecated: md.Deprecated,
	}
	absent := missing(c.root)
	for _, d := range md.Dependencies {
		out.Dependencies = append(out.Dependencies, Dependency{
			Name: d.Name, Version: d.Version, Repository: d.Repository, Alias: d.Alias,
			Condition: d.Condition, Tags: append([]string(nil), d.Tags...), Present: !absent[d.Name],
		})
	}
	return out
}

// Values returns a copy of the chart's own values.yaml; those of subcharts are in
// theirs.
func (c *Chart) Values() map[string]any { return copyMap(c.root.Values) }

// Subcharts returns what the charts inside of it say of themselves, those inside of
// these among them.
func (c *Chart) Subcharts() []Metadata {
	var out []Metadata
	for _, d := range c.root.Dependencies() {
		sub := &Chart{root: d}
		out = append(append(out, sub.Metadata()), sub.Subcharts()...)
	}
	return out
}

// missing returns the names of dependencies that a chart does not contain.
func missing(c *chart.Chart) map[string]bool {
	present := map[string]bool{}
	for _, d := range c.Dependencies() {
		present[d.Name()] = true
	}
	out := map[string]bool{}
	for _, d := range c.Metadata.Dependencies {
		if !present[d.Name] {
			out[d.Name] = true
		}
	}
	return out
}
