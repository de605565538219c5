package report

import (
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// Secrets is the report on secrets.
type Secrets struct {
	// Reads are all reads and writes, Uses their sums, and Policies what the
	// identities of the stores and generators need for them.
	Reads    []Read   `json:"reads"`
	Uses     []Use    `json:"uses"`
	Policies []Policy `json:"policies"`
}

// Table returns the reads and their sums as text with aligned columns, at most 100
// columns wide, or "" without reads. What is read on all clusters of an environment is
// one row.
func (s Secrets) Table() string {
	rows := [][]string{{"ENV", "CLUSTERS", "APP", "SECRET", "STORE", "ENTRY", "CALLS/MONTH"}}
	for _, r := range merged(s.Reads) {
		app := r.App
		if app == "" {
			app = "(all)"
		}
		rows = append(rows, []string{r.Environment, r.Cluster, app, r.Secret, r.Store, r.entry(), fmt.Sprint(r.CallsPerMonth)})
	}
	if len(rows) == 1 {
		return ""
	}
	text := Columns(rows)
	rows = [][]string{{"ENV", "STORE", "PROVIDER", "ENTRIES", "CALLS/MONTH", "USD/MONTH"}}
	for _, u := range s.Uses {
		entries := fmt.Sprint(u.Entries)
		if u.Searches > 0 {
			entries += "+"
		}
		rows = append(rows, []string{u.Environment, u.Store, u.Provider, entries, fmt.Sprint(u.CallsPerMonth), fmt.Sprintf("%.2f", u.DollarsPerMonth)})
	}
	return text + "\n" + Columns(rows) +
		"\nEstimates: one call for each key at each refresh on each cluster, 730 hours a month, list prices.\n"
}

// PolicyText returns the policies, each below a comment that says whose it is.
func (s Secrets) PolicyText() string {
	var b strings.Builder
	for i, p := range s.Policies {
		if i > 0 {
			b.WriteString("\n")
		}
		who := "store " + p.Store
		if p.Generator != "" {
			who = "generator " + p.Generator + " of " + p.App
		}
		fmt.Fprintf(&b, "# %s for the %s in %s\n%s", p.Form, escape.Line(who), escape.Line(p.Environment), p.Text)
	}
	return b.String()
}

// entry returns what is read, as in prod/web/db#password.
func (r Read) entry() string {
	out := r.Key
	if r.Property != "" {
		out += "#" + r.Property
	}
	if r.Version != "" {
		out += "@" + r.Version
	}
	switch {
	case r.Find:
		return "search " + out
	case r.Generator != "":
		return strings.TrimSpace("generate " + r.Provider + " " + out)
	case r.Write:
		return "write " + out
	}
	return out
}

// merged joins reads that differ in their clusters only: the clusters are listed
// and the calls added up.
func merged(reads []Read) []Read {
	var out []Read
	at := map[Read]int{}
	for _, r := range reads {
		key := r
		key.Cluster, key.CallsPerMonth = "", 0
		if i, ok := at[key]; ok {
			if !strings.Contains(","+out[i].Cluster+",", ","+r.Cluster+",") {
				out[i].Cluster += "," + r.Cluster
			}
			out[i].CallsPerMonth += r.CallsPerMonth
			continue
		}
		at[key] = len(out)
		out = append(out, r)
	}
	return out
}
