package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// section is what a reviewer reads first: a risk, or what is to be done about one.
type section struct {
	risk  RiskKind // "" for what is to be done
	title string
	count int // as in Risk
	// atLeast is as in Risk.
	atLeast bool
	lines   []string
	sites   []site
}

func (s section) environments() map[string]bool {
	out := map[string]bool{}
	for _, x := range s.sites {
		if x.env != "" {
			out[x.env] = true
		}
	}
	return out
}

// add adds entries, folded: where they are, and what happens there.
func (s *section) add(a atlas, entries []entry, clusters bool) {
	slices.SortStableFunc(entries, func(x, y entry) int { return a.compare(x.sites[0].env, y.sites[0].env) })
	for _, e := range entries {
		s.sites = append(s.sites, e.sites...)
	}
	for _, g := range fold(entries) {
		where := a.title(g, clusters)
		for _, what := range g.phrases() {
			s.lines = append(s.lines, where+": "+what)
		}
	}
}

// phrases returns the items of a group, each in one line. Objects that only have a
// name share one.
func (g group) phrases() []string {
	var out []string
	kinds := map[item]int{}
	for _, it := range g.items {
		key := item{name: it.name, note: it.note}
		if at, ok := kinds[key]; ok && it.field == nil {
			kind, rest, _ := strings.Cut(out[at], " "+it.name)
			out[at] = kind + ", " + it.kind + " " + it.name + rest
			continue
		}
		if it.field == nil {
			kinds[key] = len(out)
		}
		out = append(out, it.String())
	}
	return out
}

// sections returns what a reviewer reads first, the worst first.
func (r Report) sections() []section {
	var gone, data, left, kept []entry
	for _, d := range r.Deletions {
		e := d.entry()
		switch {
		case d.LeftBy != "":
			left = append(left, e)
			continue
		case d.Data:
			data = append(data, e)
		}
		gone = append(gone, e)
	}
	for _, k := range r.Kept {
		e := k.Deletion.entry()
		e.note = ": " + k.Command
		kept = append(kept, e)
	}
	lost := r.at(RiskData)
	all := []section{
		{risk: RiskData, title: "Data that will be lost", count: len(data) + len(lost)},
		{risk: RiskDeletion, title: "Argo CD will delete", count: len(gone)},
		{title: "Argo CD will not delete, because the project no longer permits it"},
		{title: "Before that, a person has to confirm, once Argo CD has picked up the commit", lines: commands(r.Confirmations)},
		{title: "Argo CD will retain, because it contains data; the command deletes it once it is no longer needed"},
	}
	all[0].add(r.atlas, data, true)
	all[0].add(r.atlas, lost, false)
	all[1].add(r.atlas, gone, true)
	all[2].add(r.atlas, left, true)
	all[4].add(r.atlas, kept, true)
	for _, x := range []struct {
		risk  RiskKind
		title string
	}{
		{RiskImmutable, "Cannot be changed in place"},
		{RiskReplacement, "Will be replaced"},
		{RiskPermissions, "More permissions"},
		{RiskNetwork, "More network access"},
		{RiskReplicas, "Fewer replicas"},
	} {
		found := r.at(x.risk)
		s := section{risk: x.risk, title: x.title, count: countObjects(found)}
		s.add(r.atlas, found, false)
		all = append(all, s)
	}
	all = append(all, r.restarting())
	return slices.DeleteFunc(all, func(s section) bool { return len(s.lines) == 0 })
}

// entry returns what is deleted, and where.
func (d Deletion) entry() entry {
	s := site{d.Unit, d.Environment, d.Cluster}
	if s.cluster == clustersOf(s.env) {
		s.cluster = ""
	}
	e := entry{target: d.Application + "\x00" + d.Cluster, sites: []site{s}, names: namesOf(s, d.namespace), of: Removed,
		item: itemOf(d.ID, Removed)}
	switch {
	case d.LeftBy != "":
		e.note = fmt.Sprintf(" (list it under alsoPermits of project %s until it is gone)", d.LeftBy)
	case d.ByHand:
		e.note = " (after a person deletes Application " + d.Application + ")"
	case d.Confirm:
		e.note = " (after a person confirms)"
	}
	return e
}

// at returns the changes with a risk, in the order of their targets. Those that
// are not made in place are objects, all others may be fields.
func (r Report) at(risk RiskKind) []entry {
	var out []entry
	for _, t := range r.Targets {
		for _, o := range t.Objects {
			e := t.entry(o)
			if means := o.Immutable; means != nil && (risk == RiskReplacement && means.Replaces || risk == RiskImmutable && !means.Replaces) {
				e.note = ": " + means.String()
				out = append(out, e)
				continue
			}
			if o.Risk == risk {
				out = append(out, e)
			}
			for _, f := range o.Fields {
				if f.Risk == risk {
					e.field = &f
					out = append(out, e)
				}
			}
		}
	}
	return out
}

// countObjects counts the objects of entries that follow each other.
func countObjects(entries []entry) int {
	n := 0
	for i, e := range entries {
		if i == 0 || e.target != entries[i-1].target || e.kind != entries[i-1].kind || e.name != entries[i-1].name {
			n++
		}
	}
	return n
}

// itemOf returns what happens to an object.
func itemOf(id object.ID, sign Kind) item {
	kind, name, _ := strings.Cut(id.String(), " ")
	return item{sign: sign, kind: kind, name: name}
}
