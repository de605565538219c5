package diff

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
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

// Write prints the report.
func (r Report) Write(w io.Writer, f Format) error {
	switch f {
	case Text:
		_, err := io.WriteString(w, r.text())
		return err
	case Markdown:
		_, err := io.WriteString(w, r.markdown())
		return err
	case JSON:
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(r)
	}
	return fmt.Errorf("unknown format %q (use text, json or markdown)", f)
}

// Summary counts what changes, as in "2 targets, 3 objects, 5 files, 4 pods restart".
func (r Report) Summary() string {
	objects := 0
	for _, t := range r.Targets {
		objects += len(t.Objects)
	}
	summary := fmt.Sprintf("%s, %s, %s", finding.Count(len(r.Targets), "target"), finding.Count(objects, "object"), finding.Count(len(r.Files), "file"))
	if n := len(r.Restarts); n > 0 {
		summary += fmt.Sprintf(", %s of %s restart", countPods(r.Restarts), finding.Count(n, "workload"))
	}
	return summary
}

var signs = map[Kind]string{Added: "+", Removed: "-", Changed: "~", Moved: ">"}

func (r Report) text() string {
	var b strings.Builder
	r.header(&b, "\n", "  ", escape.Line)
	for _, t := range r.Targets {
		fmt.Fprintf(&b, "%s %s\n", signs[t.Kind], escape.Line(t.title()))
		for _, o := range t.Objects {
			fmt.Fprintf(&b, "  %s %s\n", signs[o.Kind], escape.Line(o.ID.String()))
			for _, f := range o.Fields {
				fmt.Fprintf(&b, "      %s\n", escape.Line(f.String()))
			}
		}
	}
	if quiet := r.quiet(); len(quiet) > 0 {
		b.WriteString("files that change without changing what is built:\n")
		for _, c := range quiet {
			fmt.Fprintf(&b, "  %s %s\n", c.Kind, escape.Line(c.Path))
		}
	}
	return b.String()
}

// header writes what Argo CD will delete, leave behind and keep, what is not
// changed in place, and where pods restart; escaped makes each entry fit for the
// format.
func (r Report) header(b *strings.Builder, behind, before string, escaped func(string) string) {
	section := func(title string, lines []string) {
		for i, line := range lines {
			switch {
			case i > 0:
			case b.Len() > 0:
				b.WriteString(behind[1:] + title + behind)
			default:
				b.WriteString(title + behind)
			}
			b.WriteString(before + escaped(line) + "\n")
		}
	}
	var gone, left, confirm, kept []string
	for _, d := range r.Deletions {
		if d.LeftBy != "" {
			left = append(left, d.String())
		} else {
			gone = append(gone, d.String())
		}
	}
	for _, c := range r.Confirmations {
		confirm = append(confirm, c.Command)
	}
	for _, k := range r.Kept {
		kept = append(kept, k.String())
	}
	section("Argo CD will delete:", gone)
	section("Argo CD will not delete, because the project no longer permits it:", left)
	section("Before that, a person has to confirm, once Argo CD has picked up the commit:", confirm)
	section("Argo CD will retain, because it contains data; the command deletes it once it is no longer needed:", kept)
	section("Cannot be changed in place:", r.immutable())
	section("Pods that restart:", r.restarting())
}

// immutable returns a line for each object that is not changed in place.
func (r Report) immutable() []string {
	var lines []string
	for _, t := range r.Targets {
		for _, o := range t.Objects {
			if o.Immutable != nil {
				lines = append(lines, fmt.Sprintf("%s: %s: %s", t.title(), o.ID, o.Immutable))
			}
		}
	}
	return lines
}

// quiet returns the changed files where no target builds anything else.
func (r Report) quiet() []tree.Change {
	built := map[string]bool{}
	for _, t := range r.Targets {
		built[t.Unit] = true
	}
	var out []tree.Change
	for _, c := range r.Files {
		if !built[unitOf(c.Path)] {
			out = append(out, c)
		}
	}
	return out
}

func (t Target) title() string {
	s := strings.TrimRight(t.Unit+" "+strings.Trim(t.Environment+"/"+t.Cluster, "/"), " ")
	if t.MovedFrom != "" {
		s += " (now built from " + t.Dir + ")"
	}
	return s
}

func (r Report) markdown() string {
	var b strings.Builder
	r.header(&b, "\n\n", "- ", escape.Code)
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	b.WriteString("| Target | Object | Change |\n| --- | --- | --- |\n")
	for _, t := range r.Targets {
		if t.Kind == Moved && len(t.Objects) == 0 {
			fmt.Fprintf(&b, "| %s | | the same objects |\n", escape.Code(t.title()))
		}
		for _, o := range t.Objects {
			change := string(o.Kind)
			if len(o.Fields) > 0 {
				lines := make([]string, len(o.Fields))
				for i, f := range o.Fields {
					lines[i] = escape.Code(f.String())
				}
				change = strings.Join(lines, "<br>")
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", escape.Code(t.title()), escape.Code(o.ID.String()), change)
		}
	}
	return b.String()
}

// String returns the field's change in one line, as in
// "spec.replicas: 3 -> 6"; a field that cannot be changed in place is marked.
func (f Field) String() string {
	mark := ""
	if f.Immutable {
		mark = " (immutable)"
	}
	switch f.Kind {
	case Added:
		return fmt.Sprintf("%s: + %s%s", f.Path, short(f.To), mark)
	case Removed:
		return fmt.Sprintf("%s: - %s%s", f.Path, short(f.From), mark)
	}
	return fmt.Sprintf("%s: %s -> %s%s", f.Path, short(f.From), short(f.To), mark)
}

// short returns a value as JSON, cut where it would fill the screen.
func short(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	s := []rune(strings.TrimSuffix(b.String(), "\n"))
	if len(s) > 160 {
		return string(s[:157]) + "..."
	}
	return string(s)
}
