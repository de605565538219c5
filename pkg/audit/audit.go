// Package audit finds what only all resolved targets of a fleet show together,
// such as two apps that claim one host: what package validate, which reads the
// model as it was written, cannot see.
package audit

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Fleet returns the findings about a fleet that package validate passes: those of
// all features, and those about previews. Positions may be nil.
func Fleet(fleet *model.Fleet, r *resolve.Resolver, positions finding.Positions) finding.List {
	a := &auditor{Report: &feature.Report{Fleet: fleet, Kinds: r.Kinds(), Positions: positions}, resolver: r, sites: view.Sites(r)}
	a.previews()
	r.Set().CheckFleet(a.Report, r)
	return a.List
}

// auditor collects findings.
type auditor struct {
	*feature.Report
	resolver view.Fleet
	sites    []view.Site
}
