package diff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Format is a way to print a report.
type Format string

// The formats.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "markdown"
)

// Formats are all formats.
var Formats = []Format{Text, JSON, Markdown}

// Write prints the report. Nothing is printed for an empty one, except in JSON.
// Markdown is that of Report.Markdown, with DefaultLimit.
func (r Report) Write(w io.Writer, f Format) error {
	var err error
	switch f {
	case Text:
		_, err = io.WriteString(w, r.text())
	case Markdown:
		body, _ := r.Markdown(DefaultLimit)
		_, err = io.WriteString(w, body)
	case JSON:
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(r)
	default:
		return fmt.Errorf("unknown format %q (use text, json or markdown)", f)
	}
	return err
}

// MarshalJSON returns the report with its summary. No list is null.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	out := struct {
		Summary Summary `json:"summary"`
		plain
	}{r.Summary(), plain(r)}
	out.Deletions, out.Kept, out.Confirmations = orEmpty(r.Deletions), orEmpty(r.Kept), orEmpty(r.Confirmations)
	out.Restarts, out.Targets, out.Files = orEmpty(r.Restarts), slices.Clone(orEmpty(r.Targets)), orEmpty(r.Files)
	for i := range out.Targets {
		out.Targets[i].Objects = orEmpty(out.Targets[i].Objects)
	}
	return json.Marshal(out)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// line is a line for people, with a sign for what happens, or none.
type line struct {
	sign  Kind
	depth int
	text  string
}

// signs are what text has for what happens.
var signs = map[Kind]string{Added: "+ ", Removed: "- ", Changed: "~ ", Moved: "> "}

// mostEntries bounds the lines of what stands before the changes.
const mostEntries = 20

func (r Report) text() string {
	if r.IsEmpty() {
		return ""
	}
	var b strings.Builder
	write := func(l line) {
		b.WriteString(strings.Repeat("  ", l.depth) + signs[l.sign] + escape.Line(l.text) + "\n")
	}
	s := r.Summary()
	write(line{text: s.headline(func(name string) string { return name })})
	if len(s.Risks) > 0 {
		write(line{text: "Risks: " + s.risks()})
	}
	for _, s := range r.sections() {
		b.WriteString("\n")
		write(line{text: s.title + ":"})
		shown, more := s.shown(mostEntries)
		for _, l := range append(shown, more...) {
			write(line{depth: 1, text: l})
		}
	}
	for _, g := range r.groups() {
		b.WriteString("\n")
		write(line{sign: g.of, text: r.atlas.title(g, false)})
		for _, l := range g.lines() {
			write(l)
		}
	}
	if quiet := r.quiet(); len(quiet) > 0 {
		b.WriteString("\nFiles that change without changing what is built:\n")
		for i, c := range quiet {
			if i == mostEntries && len(quiet) > mostEntries+1 {
				write(line{depth: 1, text: fmt.Sprintf("and %d more", len(quiet)-i)})
				break
			}
			write(line{depth: 1, text: string(c.Kind) + " " + c.Path})
		}
	}
	return b.String()
}

// shown returns the first lines of a section, and a line that counts the others.
func (s section) shown(most int) (lines, more []string) {
	if n := len(s.lines) - most; n > 1 {
		return s.lines[:most:most], []string{fmt.Sprintf("and %d more", n)}
	}
	return s.lines, nil
}

// sites returns those of a target.
func (t Target) sites() []site {
	if len(t.at) > 0 {
		return t.at
	}
	return []site{{t.Unit, t.Environment, t.Cluster}}
}

// entry returns what happens to an object of the target.
func (t Target) entry(o Object) entry {
	own := site{t.Unit, t.Environment, t.Cluster}
	e := entry{target: t.Dir + "\x00" + t.Cluster, sites: t.sites(), names: namesOf(own, t.namespace), of: t.Kind, item: itemOf(o.ID, o.Kind)}
	if o.From != nil {
		e.note = ", before " + itemOf(*o.From, Moved).name
	}
	if isPlain(t.Unit) {
		e.root = t.Unit
		if o.about != (site{}) {
			e.target += "\x00" + o.ID.String()
			e.sites, e.names = []site{o.about}, namesOf(o.about, o.namespace)
		}
	}
	return e
}

// move returns where a target moved from.
func (t Target) move() string {
	p, _ := layout.ParseDir(t.MovedFrom)
	switch {
	case p.Unit != t.Unit:
		return "renamed from " + p.Unit
	case p.Environment != t.Environment:
		return "moved from environment " + p.Environment
	case p.Cluster != "" && t.Cluster != "" && p.Cluster != t.Cluster:
		return "moved from cluster " + p.Cluster
	}
	return "now built from " + t.Dir
}

func isPlain(unit string) bool {
	return unit == layout.ArgoCD("") || unit == path.Dir(layout.Bootstrap("x"))
}

// groups returns all changes, once each, in the order in which they are read: what
// happens in many places first.
func (r Report) groups() []group {
	var entries []entry
	for _, t := range r.Targets {
		if t.MovedFrom != "" {
			e := t.entry(Object{})
			e.item = item{sign: Moved, note: t.move()}
			entries = append(entries, e)
		}
		for _, o := range t.Objects {
			e := t.entry(o)
			if o.Kind != Changed || len(o.Fields) == 0 {
				entries = append(entries, e)
			}
			for _, f := range o.Fields {
				e.field = &f
				entries = append(entries, e)
			}
		}
	}
	out := fold(entries)
	spread := func(g group) int {
		units := map[string]bool{}
		for _, s := range g.sites {
			units[s.unit] = true
		}
		return len(units)
	}
	slices.SortStableFunc(out, func(x, y group) int {
		return cmp.Or(cmp.Compare(x.root, y.root), -cmp.Compare(spread(x), spread(y)), cmp.Compare(x.sites[0].unit, y.sites[0].unit),
			-cmp.Compare(len(x.sites), len(y.sites)), r.atlas.compare(x.sites[0].env, y.sites[0].env))
	})
	return out
}

// title returns where a group is.
func (a atlas) title(g group, clusters bool) string {
	where := a.where(g.sites, clusters)
	switch {
	case g.root != "" && g.root != where:
		return g.root + " for " + where
	}
	return where
}

// quiet returns the changed files where no target builds anything else.
func (r Report) quiet() []tree.Change {
	built := map[string]bool{}
	for _, t := range r.Targets {
		built[t.Unit] = true
		built[unitOf(path.Join(t.MovedFrom, "x"))] = true
	}
	var out []tree.Change
	for _, c := range r.Files {
		if !built[unitOf(c.Path)] {
			out = append(out, c)
		}
	}
	return out
}
