package diff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
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

// Lines returns the lines of the report as text, each with what happens in it, or
// "" where it does not say that something comes, goes, changes or moves. An empty
// report has none.
func (r Report) Lines() iter.Seq2[Kind, string] {
	return func(yield func(Kind, string) bool) {
		for _, l := range r.lines() {
			if !yield(l.sign, strings.Repeat("  ", l.depth)+signs[l.sign]+escape.Line(l.text)) {
				return
			}
		}
	}
}

func (r Report) text() string {
	var b strings.Builder
	for _, l := range r.Lines() {
		b.WriteString(l + "\n")
	}
	return b.String()
}

func (r Report) lines() []line {
	if r.IsEmpty() {
		return nil
	}
	s := r.Summary()
	out := []line{{text: s.headline(func(name string) string { return name })}}
	if len(s.Risks) > 0 {
		out = append(out, line{text: "Risks: " + s.risks()})
	}
	for _, s := range r.sections() {
		out = append(out, line{}, line{text: s.title + ":"})
		out = append(out, first(s.lines)...)
	}
	for _, g := range r.groups() {
		out = append(out, line{}, line{sign: g.of, text: r.atlas.title(g, false)})
		out = append(out, g.lines()...)
	}
	if quiet := r.quiet(); len(quiet) > 0 {
		out = append(out, line{}, line{text: quietTitle + ":"})
		out = append(out, first(quiet)...)
	}
	return out
}

// quietTitle is the title of files for which no target builds anything else.
const quietTitle = "Files that change without changing what is built"

// first returns the first of some texts as lines, and one that counts the others.
func first(texts []string) []line {
	var out []line
	for i, text := range texts {
		if i == mostEntries && len(texts) > mostEntries+1 {
			return append(out, line{depth: 1, text: fmt.Sprintf("and %d more", len(texts)-i)})
		}
		out = append(out, line{depth: 1, text: text})
	}
	return out
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

// quiet returns the changed files for which no target builds anything else, as
// lines.
func (r Report) quiet() []string {
	built := map[string]bool{}
	for _, t := range r.Targets {
		built[t.Unit] = true
		built[unitOf(path.Join(t.MovedFrom, "x"))] = true
	}
	var out []string
	for _, c := range r.Files {
		if !built[unitOf(c.Path)] {
			out = append(out, string(c.Kind)+" "+c.Path)
		}
	}
	return out
}
