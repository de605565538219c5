package helm

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
)

var (
	// defined are the names of the helpers of a file, and indirect is an include whose
	// name is not written there.
	defined  = regexp.MustCompile(`\{\{-?\s*(?:define|block)\s+["` + "`" + `]([^"` + "`" + `]+)["` + "`" + `]`)
	indirect = regexp.MustCompile(`\binclude\s+[^"` + "`" + `\s]|\|\s*include\b|\btpl\b`)
)

// reaching returns the templates of a chart that constructs can reach: they hold one,
// or may include a file that does. Nil means any.
func reaching(root *chart.Chart, found []construct) map[*chart.File]bool {
	out := map[*chart.File]bool{}
	all := templatesOf(root, nil)
	for _, c := range found {
		if !slices.Contains(all, c.file) {
			return nil // tpl executes it, wherever that is
		}
		out[c.file] = true
	}
	for grown := true; grown; {
		grown = false
		var names []string
		for f := range out {
			for _, m := range defined.FindAllStringSubmatch(string(f.Data), -1) {
				names = append(names, m[1])
			}
		}
		for _, f := range all {
			text := string(f.Data)
			if !out[f] && (indirect.MatchString(text) || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(text, n) })) {
				out[f], grown = true, true
			}
		}
	}
	return out
}

func templatesOf(c *chart.Chart, out []*chart.File) []*chart.File {
	out = append(out, c.Templates...)
	for _, sub := range c.Dependencies() {
		out = templatesOf(sub, out)
	}
	return out
}

// keep removes the templates of a chart that nothing reaches, but helpers.
func keep(c *chart.Chart, reached map[*chart.File]bool) {
	if reached == nil {
		return
	}
	c.Templates = slices.DeleteFunc(c.Templates, func(f *chart.File) bool { return !reached[f] && !strings.HasPrefix(path.Base(f.Name), "_") })
	for _, sub := range c.Dependencies() {
		keep(sub, reached)
	}
}
