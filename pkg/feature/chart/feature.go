// Package chart knows apps whose objects are those of a Helm chart.
package chart

import (
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// Feature returns the source of apps whose objects are those of a Helm chart. Without
// charts to render, such an app is a finding.
func Feature(charts source.Charts) feature.Feature {
	r := &room{charts: charts}
	f := feature.Feature{
		Name:        "chart",
		Source:      &source.Source{Names: named, Yield: r.yield},
		Rules:       documentation,
		CheckModel:  checkModel,
		CheckLayer:  checkLayer,
		CheckTarget: r.checkTarget,
		Defaults: []feature.Default{{ID: "chart-release",
			Doc:   "A chart's release has the name of the app; its hooks become hooks of Argo CD, and its CRDs come first. Values in defaults are for apps that have a chart.",
			Apply: derive}},
	}
	if charts != nil {
		f.Version = charts.Version()
	}
	return f
}

// room is what the functions of the feature share.
type room struct {
	charts source.Charts
	// made are what targets come to: checks and facts, the objects and those of other
	// scopes ask for the same.
	made sync.Map
}

// named reports whether a spec says which chart: values alone do not.
func named(s *model.AppSpec) bool {
	return s.Chart != nil && (s.Chart.Name != "" || s.Chart.Path != "")
}

// derive completes what is said of a chart, and forgets what defaults say to apps that
// have none.
func derive(d *feature.Derivation) {
	c := d.Spec.Chart
	if c == nil {
		return
	}
	if !named(&d.Spec) {
		d.Spec.Chart = nil
		return
	}
	fill.Zero(&c.ReleaseName, d.App)
	fill.Zero(&c.RenderedBy, model.RenderedByGitopsgen)
	fill.Zero(&c.CRDs, model.CRDsWith)
	fill.Zero(&c.Hooks, model.HooksArgoCD)
}
