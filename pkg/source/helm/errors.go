package helm

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

// Error is why a chart does not render. It is returned for what a template or the
// release causes, as opposed to values that do not fit the chart's schema.
type Error struct {
	// Template is the file, with the name of the chart, such as
	// podinfo/templates/service.yaml; "" where it is none.
	Template string
	// Line is the line in the template; 0 where it is not known.
	Line int
	// Reason is one line, and can be shown. It contains what the chart itself says,
	// as by `fail` and `required`.
	Reason string
}

func (e *Error) Error() string {
	switch {
	case e.Template == "":
		return e.Reason
	case e.Line == 0:
		return escape.Line(e.Template) + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d: %s", escape.Line(e.Template), e.Line, e.Reason)
}

// BudgetError is that a render went past a bound. Where Running is set, templates are
// still being executed, which nothing can interrupt: end the process.
type BudgetError struct {
	// Template is the file that causes it, if known, and Line a line of it.
	Template string
	Line     int
	// Reason is one line.
	Reason  string
	Running bool
}

func (e *BudgetError) Error() string {
	return (&Error{Template: e.Template, Line: e.Line, Reason: e.Reason}).Error()
}

// ValuesError is that values do not fit a chart, mostly its values.schema.json.
type ValuesError struct{ Faults []ValueFault }

// ValueFault is one value that does not fit.
type ValueFault struct {
	// Path leads to the value from the values of the release, as map keys and indices
	// of lists; of a value that is missing, to the map that lacks it.
	Path []string
	// Chart is the name of the chart, or subchart, that they do not fit.
	Chart string
	// Reason is one line, and may contain the value.
	Reason string
}

func (e *ValuesError) Error() string {
	var out []string
	for _, f := range e.Faults {
		at := escape.Line(strings.Join(f.Path, "."))
		if at != "" {
			at += ": "
		}
		out = append(out, at+f.Reason)
	}
	return "values do not fit the chart: " + strings.Join(out, "; ")
}

// maxReason bounds what is shown of a chart's own words, in bytes.
const maxReason = 1000

// oneLine returns a text of several lines as one that can be shown.
func oneLine(s string) string {
	return escape.Line(shortened(strings.Join(strings.Fields(s), " "), maxReason))
}

// shortened returns the beginning of a text, where it is long.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// The words of Helm's engine before what went wrong: where the template is that was
// executed, and those that it includes.
var (
	ended    = regexp.MustCompile(`(?s)^(?:execution|parse) error (?:at|in) \((.*?)(?::(\d+))?(?::\d+)?\): (.*)$`)
	included = regexp.MustCompile(`template: ([^:\n]+):(\d+)(?::\d+)?: `)
)

// mismatch is how Helm says that the values of a subchart are no map.
var mismatch = regexp.MustCompile(`^type mismatch on ([^:]*): `)

// valuesError returns the error of Helm's code that merges values.
func valuesError(err error) error {
	if m := mismatch.FindStringSubmatch(err.Error()); m != nil {
		return &ValuesError{Faults: []ValueFault{{Path: []string{m[1]}, Chart: m[1], Reason: notMap}}}
	}
	return &Error{Reason: oneLine(err.Error())}
}

const notMap = "the values of a subchart are a map"

// renderError returns the error of Helm's engine with the place that it names.
func renderError(err error) error {
	text := err.Error()
	if m := ended.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[2])
		return &Error{Template: m[1], Line: line, Reason: oneLine(m[3])}
	}
	chain := included.FindAllStringSubmatchIndex(text, -1)
	if chain == nil {
		return &Error{Reason: oneLine(text)}
	}
	part := func(of, i int) string { return text[chain[of][2*i]:chain[of][2*i+1]] }
	last := len(chain) - 1
	line, _ := strconv.Atoi(part(0, 2))
	// The chain of includes ends with what matters.
	reason := text[chain[last][1]:]
	if last > 0 {
		reason = "in " + part(last, 1) + ":" + part(last, 2) + ": " + reason
	}
	return &Error{Template: part(0, 1), Line: line, Reason: oneLine(reason)}
}
