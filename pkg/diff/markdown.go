package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// The lengths of a text in Markdown, in bytes. No forge counts more than that.
const (
	// DefaultLimit fits into a pull request of GitHub, which takes 65,536 characters,
	// with room for more.
	DefaultLimit = 58_000
	// LeastLimit is the least that a text may be limited to.
	LeastLimit = 2_000
)

// Markdown returns the report as the body of a pull request of at most limit bytes,
// which is at least LeastLimit: a title, the risks, and what changes, folded.
// Names and values are code, in which nothing is rendered, linked or mentioned.
// What does not fit is named at the end as far as that fits, and returned. An empty
// report has no body.
func (r Report) Markdown(limit int) (body string, omitted []string) {
	if r.IsEmpty() {
		return "", nil
	}
	s := r.Summary()
	w := &document{limit: max(limit, LeastLimit)}
	w.WriteString("### " + s.headline(func(name string) string { return escape.Code(cut(name, 40)) }) + "\n")
	if len(s.Risks) > 0 {
		w.WriteString("\n**Risks:** " + s.risks() + "\n")
	}
	for _, s := range r.sections() {
		w.section(s)
	}
	w.groups(r.folds())
	return w.String(), w.omitted
}

// document is a body that is being written.
type document struct {
	strings.Builder
	limit   int
	omitted []string
}

// fits reports whether a text fits, and n bytes behind it.
func (w *document) fits(text string, n int) bool { return w.Len()+len(text)+n <= w.limit }

// unfolded is how many lines of a section are not folded.
const unfolded = 10

// section writes a section in at most half of the body: its first lines, and the
// others folded.
func (w *document) section(s section) {
	text := "\n#### " + s.title + "\n\n"
	const more = 200 // bytes, for what does not fit
	if !w.fits(text, w.limit/2+more) {
		w.omitted = append(w.omitted, s.title)
		return
	}
	w.WriteString(text)
	n := 0
	for ; n < len(s.lines) && (n < unfolded || len(s.lines) == unfolded+1); n++ {
		item := "- " + escape.Code(s.lines[n]) + "\n"
		if !w.fits(item, w.limit/2+more) {
			break
		}
		w.WriteString(item)
	}
	rest := len(s.lines) - n
	if rest == 0 {
		return
	}
	f := foldable{title: fmt.Sprintf("%d more", rest)}
	for _, l := range s.lines[n:] {
		f.lines = append(f.lines, line{depth: 1, text: l})
	}
	text, left := f.text(false, w.limit/2-w.Len()-more)
	if left == rest {
		text = "- " + f.title + "\n"
	}
	w.WriteString(text)
	if left > 0 {
		w.omitted = append(w.omitted, fmt.Sprintf("%s: %d lines", s.title, left))
	}
}

// foldable is what is folded: a title, and lines.
type foldable struct {
	sign  Kind
	title string
	kinds string // of its objects
	lines []line
}

// folds returns what changes.
func (r Report) folds() []foldable {
	var out []foldable
	for _, g := range r.groups() {
		var kinds []string
		for _, it := range g.items {
			if kind, _, _ := strings.Cut(it.kind, "."); kind != "" && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		out = append(out, foldable{g.of, r.atlas.title(g, false), list(kinds), g.lines()})
	}
	if quiet := r.quiet(); len(quiet) > 0 {
		f := foldable{title: quietTitle}
		for _, text := range quiet {
			f.lines = append(f.lines, line{depth: 1, text: text})
		}
		out = append(out, f)
	}
	return out
}

// groups writes what changes, folded where that is much.
func (w *document) groups(all []foldable) {
	total := 0
	for _, f := range all {
		total += len(f.lines)
	}
	const shown = 30
	w.WriteString("\n#### Changes\n")
	reserve := min(w.limit/5, 4000) // to name what does not fit
	var left []string
	for i, f := range all {
		if i == len(all)-1 && left == nil {
			reserve = 0
		}
		text, rest := f.text(total <= shown, w.limit/4)
		if !w.fits(text, reserve) {
			left = append(left, f.title)
			continue
		}
		w.WriteString(text)
		if rest > 0 {
			w.omitted = append(w.omitted, fmt.Sprintf("%s: %d lines", f.title, rest))
		}
	}
	w.name(left)
}

// name writes the names of what is left out.
func (w *document) name(left []string) {
	if left == nil {
		return
	}
	w.omitted = append(w.omitted, left...)
	w.WriteString("\n#### Not shown\n\n")
	for i, title := range left {
		const more = 40 // bytes, for the number of others
		item := "- " + escape.Code(cut(title, 200)) + "\n"
		if !w.fits(item, more) {
			fmt.Fprintf(w, "- and %d more\n", len(left)-i)
			return
		}
		w.WriteString(item)
	}
}

// marks are what a block of code has for what happens, where the language is diff.
var marks = map[Kind]string{Added: "+ ", Removed: "- ", Changed: "! ", Moved: "! ", "": "  "}

// heads say what happens to a target.
var heads = map[Kind]string{Added: "<b>New</b> ", Removed: "<b>Removed</b> ", Moved: "<b>Moved</b> "}

// text returns the block, with at most most bytes of lines, and how many lines it
// lacks.
func (f foldable) text(open bool, most int) (text string, rest int) {
	var lines strings.Builder
	for i, l := range f.lines {
		code := marks[l.sign] + strings.Repeat("  ", max(0, l.depth-1)) + escape.Line(l.text) + "\n"
		if lines.Len()+len(code) > most {
			rest = len(f.lines) - i
			fmt.Fprintf(&lines, "  and %d more lines\n", rest)
			break
		}
		lines.WriteString(code)
	}
	fence := "```"
	for strings.Contains(lines.String(), fence) {
		fence += "`"
	}
	tag := "<details>"
	if open {
		tag = "<details open>"
	}
	head := heads[f.sign] + escape.HTML(cut(f.title, 400))
	if f.kinds != "" {
		head += " " + escape.HTML(f.kinds)
	}
	return "\n" + tag + "<summary>" + head + "</summary>\n\n" + fence + "diff\n" + lines.String() + fence + "\n\n</details>\n", rest
}
