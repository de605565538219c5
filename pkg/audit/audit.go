// Package audit finds what only all resolved targets of a fleet show together,
// such as two apps that claim one host: what package validate, which reads the
// model as it was written, cannot see.
package audit

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Fleet returns the findings about a fleet that package validate passes.
// Positions may be nil.
func Fleet(fleet *model.Fleet, r *resolve.Resolver, positions finding.Positions) finding.List {
	a := &auditor{fleet: fleet, resolver: r, positions: positions}
	for _, check := range checks {
		check(a)
	}
	return a.list
}

// checks are all checks; each adds what it finds.
var checks = []func(*auditor){
	secrets, (*auditor).namespaces, (*auditor).edges, (*auditor).nodePorts, (*auditor).meshes,
	(*auditor).attachments, (*auditor).conflicts, (*auditor).records, (*auditor).listeners, (*auditor).gatewaysUsed, (*auditor).references,
	(*auditor).issuance, (*auditor).certificates, (*auditor).issuers, (*auditor).previews,
	(*auditor).namespaceNames, (*auditor).podSecurity, (*auditor).users,
}

// auditor collects findings.
type auditor struct {
	fleet     *model.Fleet
	resolver  *resolve.Resolver
	positions finding.Positions
	list      finding.List
	// all are the sites of the fleet's clusters, once they were asked for.
	all []view.Site
}

func (a *auditor) errorf(rule string, at fieldpath.Path, fix, format string, args ...any) {
	a.add(finding.Error, rule, at, fix, fmt.Sprintf(format, credential.RedactArgs(args)...))
}

func (a *auditor) warnf(rule string, at fieldpath.Path, fix, format string, args ...any) {
	a.add(finding.Warning, rule, at, fix, fmt.Sprintf(format, credential.RedactArgs(args)...))
}

func (a *auditor) add(s finding.Severity, rule string, at fieldpath.Path, fix, reason string) {
	a.list = append(a.list, finding.Finding{
		Rule: rule, Severity: s, Path: at, Position: a.positions.At(at), Reason: reason, Fix: fix})
}
