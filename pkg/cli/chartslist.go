package cli

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/report"
)

// listedChart is a chart in a list.
type listedChart struct {
	Name         string              `json:"name"`
	Repository   string              `json:"repository"`
	Requested    string              `json:"requested"`
	Version      string              `json:"version,omitempty"`
	Digest       string              `json:"digest,omitempty"`
	Manifest     string              `json:"manifest,omitempty"`
	Archive      string              `json:"archive"`
	Dependencies []charts.Dependency `json:"dependencies"`
	UsedBy       []usingApp          `json:"usedBy"`
}

// notLocked is the state of a chart that the lock does not have.
const notLocked = "not locked"

// chartsList lists the charts of the fleet.
func (a *app) chartsList(in input, format string) error {
	uses, store, err := a.fleetCharts(in)
	if err != nil {
		return err
	}
	list := []listedChart{}
	for _, u := range uses {
		c := listedChart{Name: u.Name, Repository: u.Repository, Requested: u.Version, Archive: notLocked, Dependencies: []charts.Dependency{}, UsedBy: u.apps}
		if e, ok := store.Lock.Find(u.Ref); ok {
			c.Version, c.Digest, c.Manifest, c.Archive = e.Version, e.Digest, e.Manifest, string(store.State(e))
			c.Dependencies = append(c.Dependencies, e.Dependencies...)
		}
		list = append(list, c)
	}
	if format != "table" {
		return a.data(struct {
			Charts []listedChart `json:"charts"`
		}{list}, format)
	}
	if len(list) == 0 {
		a.report("no app uses a chart of a repository\n")
		return nil
	}
	rows := [][]string{{"CHART", "VERSION", "LOCKED", "ARCHIVE", "USED BY", "REPOSITORY"}}
	for _, c := range list {
		var by []string
		for _, x := range c.UsedBy {
			by = append(by, x.App+" ("+strings.Join(x.Environments, ", ")+")")
		}
		rows = append(rows, []string{c.Name, c.Requested, c.Version, c.Archive, strings.Join(by, ", "), c.Repository})
	}
	_, err = a.Out.Write([]byte(report.Columns(rows)))
	return err
}
