// Package reads finds the values that a chart does not read.
//
// Helm ignores a value that no template asks for, and so a misspelt name changes
// nothing and says nothing. This package follows values through the parse trees of a
// chart and of its subcharts: field paths, variables, the bodies of with and range,
// helpers and the contexts that they are handed, maps that templates make of values,
// and the templates inside of strings that tpl is given. It executes nothing and knows
// no Kubernetes: what a template might read under some condition, it reads.
//
// Paths are followed as precisely as names are known. Where a name is not known before
// the chart is rendered (index with a variable), any name counts as read, but perhaps
// only.
package reads

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
)

// Chart is what the analysis sees of a chart: all of its subcharts are there, under
// the names that their values have, whether or not values switch them on.
type Chart struct {
	// Name is the chart's name, or the alias that its parent gives it.
	Name string
	// Path is where its files are: NAME, or PARENT/charts/NAME.
	Path string
	// Templates are the files that Helm executes or takes helpers from.
	Templates []File
	// Files are the other files, which templates read with .Files.
	Files []File
	// Values are the defaults of the chart.
	Values map[string]any
	// Conditions are the paths of values that switch subcharts, as in a.enabled.
	Conditions []string
	// Tags are names below tags of the whole chart that switch subcharts.
	Tags []string
	// Imports are paths of values that the parent imports.
	Imports []string
	// Subcharts are its dependencies.
	Subcharts []*Chart
}

// File is a file of a chart. Its name is relative to the chart.
type File struct {
	Name string
	Data []byte
}

// Unread is a value that nothing reads.
type Unread struct {
	// Path is the place in the values, as in controller.replicaCuont.
	Path fieldpath.Path
	// Nearest is the path of the value that was probably meant, or "".
	Nearest fieldpath.Path
	// Perhaps says that a template reads values by names that only it knows.
	Perhaps bool
}

// Reads are the values that a chart reads. Several goroutines use them at once.
type Reads struct {
	chart *Chart
	trees map[string]*parse.Tree
	texts []string
	base  *machine

	mu sync.Mutex
	// withTexts are what is read where values hold templates of their own.
	withTexts map[string]*machine
}

// Analyze follows the values through the templates of a chart. It returns an error
// where a template cannot be parsed.
func Analyze(c *Chart) (*Reads, error) {
	r := &Reads{chart: c, trees: map[string]*parse.Tree{}, withTexts: map[string]*machine{}}
	if err := r.parse(c); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(r.trees)) {
		literals(r.trees[name].Root, func(text string) { r.texts = append(r.texts, text) })
	}
	r.defaults(c)
	r.base = newMachine(r, r.texts)
	r.base.run()
	return r, nil
}

// parse reads the templates of a chart and of its subcharts. Of several helpers of one
// name, Helm takes the one that it reads last.
func (r *Reads) parse(c *Chart) error {
	for _, sub := range c.Subcharts {
		if err := r.parse(sub); err != nil {
			return err
		}
	}
	for _, f := range c.Templates {
		trees := map[string]*parse.Tree{}
		name := c.Path + "/" + f.Name
		t := parse.New(name)
		t.Mode = parse.SkipFuncCheck
		if _, err := t.Parse(string(f.Data), "", "", trees); err != nil {
			return fmt.Errorf("parsing %s: %w", name, err)
		}
		for name, tree := range trees {
			if r.trees[name] == nil || !parse.IsEmptyTree(tree.Root) {
				r.trees[name] = tree
			}
		}
	}
	return nil
}

// defaults collects the texts with templates among the defaults and files of a chart.
func (r *Reads) defaults(c *Chart) {
	r.texts = texts(r.texts, c.Values)
	for _, f := range c.Files {
		if !strings.HasSuffix(f.Name, ".md") && !strings.HasSuffix(f.Name, ".gotmpl") {
			r.texts = texts(r.texts, string(f.Data))
		}
	}
	for _, sub := range c.Subcharts {
		r.defaults(sub)
	}
}

// texts appends the strings within v that hold templates.
func texts(to []string, v any) []string {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, "{{") {
			to = append(to, v)
		}
	case []any:
		for _, e := range v {
			to = texts(to, e)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			to = texts(texts(to, k), v[k])
		}
	}
	return to
}

// Unread returns the values that nothing reads, as a user wrote them, in the order of
// their paths. What the chart has a default for is never among them, and of a chart
// whose templates are too many ways to follow, there is none.
func (r *Reads) Unread(values map[string]any) []Unread {
	m := r.machine(texts(nil, values))
	if m.steps > maxSteps {
		return nil
	}
	q := query{machine: m}
	q.descend("", values, places{m.roots[r.chart]: false}, []any{r.chart.Values})
	return q.unread
}

// machine returns what is read where values hold such texts.
func (r *Reads) machine(texts []string) *machine {
	slices.Sort(texts)
	texts = slices.DeleteFunc(slices.Compact(texts), func(t string) bool { return slices.Contains(r.texts, t) })
	if len(texts) == 0 || len(r.base.contexts.items) == 0 {
		return r.base
	}
	key := strings.Join(texts, "\x00")
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.withTexts[key]; m != nil {
		return m
	}
	m := newMachine(r, append(slices.Clone(r.texts), texts...))
	m.run()
	r.withTexts[key] = m
	return m
}
