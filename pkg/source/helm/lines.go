package helm

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
)

// templateTexts returns the texts of the templates of a chart and its subcharts, by
// the names that Helm gives them.
func templateTexts(c *chart.Chart) map[string]string {
	out := map[string]string{}
	for _, t := range c.Templates {
		out[path.Join(c.ChartFullPath(), t.Name)] = string(t.Data)
	}
	for _, d := range c.Dependencies() {
		for name, text := range templateTexts(d) {
			out[name] = text
		}
	}
	return out
}

// line returns the line of a template where an object begins: where its kind is
// written. Of several objects of one kind, each has its own, as long as there are more.
func (o *outputs) line(template string, m map[string]any, source string) int {
	kinds := o.lines[template]
	if kinds == nil {
		kinds = kindLines(source)
		o.lines[template] = kinds
	}
	kind, _ := m["kind"].(string)
	lines := kinds[kind]
	if len(lines) == 0 {
		return 0
	}
	if len(lines) > 1 {
		kinds[kind] = lines[1:]
	}
	return lines[0]
}

// kindLines returns the lines where a template writes kinds of objects, by the kind.
func kindLines(source string) map[string][]int {
	out := map[string][]int{}
	n := 0
	for text := range strings.Lines(source) {
		n++
		if kind, ok := strings.CutPrefix(text, "kind:"); ok {
			kind, _, _ = strings.Cut(kind, " #")
			kind = strings.Trim(kind, " \"'\t\r\n")
			out[kind] = append(out[kind], n)
		}
	}
	return out
}

// lineOf returns the line of a template that printed a line of a document: the last
// one up to there that is in the template exactly once. 0 is none.
func lineOf(source, document string, line int) int {
	at, count := map[string]int{}, map[string]int{}
	n := 0
	for text := range strings.Lines(source) {
		n++
		text = strings.TrimRight(text, " \t\r\n")
		at[text] = n
		count[text]++
	}
	lines := strings.Split(document, "\n")
	for i := min(line, len(lines)) - 1; i >= 0; i-- {
		if text := strings.TrimRight(lines[i], " \t\r"); strings.TrimSpace(text) != "" && count[text] == 1 {
			return at[text]
		}
	}
	return 0
}

// yamlLine is how the reader of YAML names a line.
var yamlLine = regexp.MustCompile(`line (\d+)`)

// invalid returns the error of a document that is not valid YAML. The line is that of
// the template, where it is known; the reason says that of the document.
func invalid(template, document, source string, err error) error {
	line := 1
	if at := yamlLine.FindStringSubmatch(err.Error()); at != nil {
		line, _ = strconv.Atoi(at[1])
	}
	return &Error{Template: template, Line: lineOf(source, document, line), Reason: "this is not valid YAML: " + oneLine(err.Error())}
}

// headFailed is how Helm says that it cannot read the head of a document.
var headFailed = regexp.MustCompile(`(?s)^YAML parse error on (.*?): (.*)$`)

// sortError returns the error of Helm's code that sorts documents.
func sortError(err error) error {
	m := headFailed.FindStringSubmatch(err.Error())
	if m == nil {
		return &Error{Reason: oneLine(err.Error())}
	}
	return &Error{Template: m[1], Reason: "an object is not one of Kubernetes: " + oneLine(m[2])}
}
