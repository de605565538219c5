// Package finding has the findings about a user's input: where it is wrong, why,
// and what to change. Loading and validating collect findings and return all of
// them at once.
package finding

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// Severity determines whether a finding stops a run.
type Severity string

const (
	// Error stops the run; nothing is written.
	Error Severity = "error"
	// Warning is reported and does not stop the run.
	Warning Severity = "warning"
)

// Position is a position in an input file, or the whole file if Line is zero.
// Lines and columns count from one, in characters. The zero value means that the
// value was not read from a file.
type Position struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// IsZero reports whether p is the zero value.
func (p Position) IsZero() bool { return p.File == "" && p.Line == 0 }

// String returns file:line:col, only the file if Line is zero, or "" for the zero
// position.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders positions by file, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Positions are the positions at which the values of a fleet were written. The
// keys are paths from the fleet down, as in apps[frontend].spec.image. A nil map
// is a fleet that was built in Go.
type Positions map[fieldpath.Path]Position

// At returns the position of p, or that of its nearest known parent.
func (m Positions) At(p fieldpath.Path) Position {
	for {
		if pos, ok := m[p]; ok {
			return pos
		}
		i := strings.LastIndexAny(string(p), ".[")
		if i < 0 {
			return m[""]
		}
		p = p[:i]
	}
}

// Finding is one thing that the user should know or change.
type Finding struct {
	// Rule is the stable id of the rule, such as "unknown-field".
	Rule string `json:"rule"`
	// Severity is Error or Warning.
	Severity Severity `json:"severity"`
	// Path is the place in the fleet, as in apps[frontend].spec.image.
	Path fieldpath.Path `json:"path,omitempty"`
	// Position is where the value was written; zero for values built in Go.
	Position Position `json:"position,omitzero"`
	// Reason says what is wrong: a clause without a full stop. It never contains a
	// secret value.
	Reason string `json:"reason"`
	// Fix says what to do about it: an imperative without a full stop.
	Fix string `json:"fix,omitempty"`
}

// String returns the finding in one line, fit to be printed: file:line:col: path:
// reason (fix).
func (f Finding) String() string {
	var b strings.Builder
	if !f.Position.IsZero() {
		b.WriteString(f.Position.String() + ": ")
	}
	if f.Severity == Warning {
		b.WriteString("warning: ")
	}
	if f.Path != "" {
		b.WriteString(string(f.Path) + ": ")
	}
	b.WriteString(f.Reason)
	if f.Fix != "" {
		b.WriteString(" (" + f.Fix + ")")
	}
	return escape.Line(b.String())
}

// segments are the parts of a path.
var segments = regexp.MustCompile(`\[[^\]]*\]?|[^.\[\]]+`)

// Clean returns the finding without anything that looks secret: the path ends
// before it, addresses lose their logins and queries, and the reason or the fix
// is redacted as a whole.
func (f Finding) Clean() Finding {
	f.Path = cleanPath(f.Path)
	f.Reason, f.Fix = credential.RedactAddresses(f.Reason), credential.RedactAddresses(f.Fix)
	if what := credential.Find(f.Reason); what != "" {
		f.Reason = "redacted: the message looks like " + what
	}
	if credential.Find(f.Fix) != "" {
		f.Fix = ""
	}
	f.Reason, f.Fix = shorten(f.Reason), shorten(f.Fix)
	return f
}

// maxText bounds a reason and a fix, in bytes: they may quote what was written.
const maxText = 2000

func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "…"
}

// cleanPath cuts a path before the first part that looks secret. A key with dots
// is several parts, which may do so only together.
func cleanPath(p fieldpath.Path) fieldpath.Path {
	parts := segments.FindAllStringIndex(string(p), -1)
	for i, at := range parts {
		part := strings.Trim(string(p[at[0]:at[1]]), "[]")
		if credential.Redact(part) == part && credential.Find(string(p[:at[1]])) == "" {
			continue
		}
		for i > 0 && credential.Find(string(p[parts[i][0]:at[1]])) == "" && credential.Redact(part) == part {
			i--
		}
		return fieldpath.Path(strings.TrimSuffix(string(p[:parts[i][0]]), ".")).Field(credential.Redacted)
	}
	if credential.Find(string(p)) != "" {
		return credential.Redacted
	}
	return p
}

// List is a collection of findings.
type List []Finding

// Sort orders the list by position, path, rule and reason, drops duplicates
// and returns it. What looks secret is redacted.
func (l List) Sort() List {
	for i := range l {
		l[i] = l[i].Clean()
	}
	slices.SortFunc(l, func(a, b Finding) int {
		return cmp.Or(a.Position.Compare(b.Position), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(l)
}

// Errors returns the findings of severity Error.
func (l List) Errors() List { return l.of(Error) }

// Warnings returns the findings of severity Warning.
func (l List) Warnings() List { return l.of(Warning) }

func (l List) of(s Severity) List {
	var out List
	for _, f := range l {
		if f.Severity == s {
			out = append(out, f)
		}
	}
	return out
}

// Err returns a *ValidationError that holds the errors of the list, sorted, or
// nil where the list has no finding of severity Error.
func (l List) Err() error {
	if errs := l.Errors(); len(errs) > 0 {
		return &ValidationError{List: errs.Sort()}
	}
	return nil
}

// ValidationError is the error that a run returns when the input has to change. Use
// errors.As to reach the single findings.
type ValidationError struct {
	// List is sorted and not empty.
	List List
}

// Error returns one line for each finding.
func (e *ValidationError) Error() string {
	lines := make([]string, len(e.List))
	for i, f := range e.List {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}
