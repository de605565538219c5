package reads

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// machine executes all templates of a chart at once, for all values that there might
// be: both branches of a condition, the body of a loop for any entry.
type machine struct {
	reads     *Reads
	texts     []string
	functions map[string]func(c call) abstract
	// roots are where the values of each chart begin; contexts of charts are below.
	roots map[*Chart]*place
	// contexts are what tpl was given to execute texts with.
	contexts abstract

	places int
	// made are the maps and lists that templates make, by where and from what.
	made map[string]*place
	// calls are the helpers that were followed in this round, with their arguments.
	calls map[string]bool
	// wide are the joined arguments of helpers that are called with too many.
	wide map[string]*abstract
	args map[string]int
	// parsed are the templates in texts.
	parsed map[string]map[string]*parse.Tree
	// steps bounds what a chart that is built for it can cost.
	steps int
	// changed says that a round has seen something new.
	changed bool
}

const (
	maxRounds = 8
	// maxArgs is how many different arguments of a helper are told apart.
	maxArgs = 64
	// maxSteps is some seconds of work; large charts take a hundredth of it.
	maxSteps = 2_000_000
)

func newMachine(r *Reads, texts []string) *machine {
	return &machine{reads: r, texts: texts, functions: functions(), roots: map[*Chart]*place{}, made: map[string]*place{},
		wide: map[string]*abstract{}, args: map[string]int{}, parsed: map[string]map[string]*parse.Tree{}}
}

// frame is one execution of a template.
type frame struct {
	machine *machine
	id      string
	dot     abstract
	vars    []variable
}

type variable struct {
	name  string
	value *abstract
}

// run executes everything until nothing new is seen: a helper may write into a map
// that another one has read.
func (m *machine) run() {
	root := m.context(m.reads.chart)
	for range maxRounds {
		m.changed, m.calls = false, map[string]bool{}
		m.charts(m.reads.chart, root)
		for _, text := range m.texts {
			m.text(text, m.contexts)
		}
		if !m.changed {
			return
		}
	}
}

// context makes what the templates of a chart find at the dot.
func (m *machine) context(c *Chart) *place {
	values := m.place(0)
	values.value, values.chart = true, c
	m.roots[c] = values
	top, about, subs := m.place(0), m.place(0), m.place(0)
	about.fields = map[string]abstract{"Name": text(c.Name)}
	about.elems = text(unknownText)
	file := m.place(0)
	file.fields = map[string]abstract{"Name": text(unknownText), "BasePath": text(c.Path + "/templates")}
	top.fields = map[string]abstract{
		"Values": item(values), "Chart": item(about), "Template": item(file), "Subcharts": item(subs),
		"Release": text(unknownText), "Files": text(unknownText), "Capabilities": text(unknownText),
	}
	subs.fields = map[string]abstract{}
	for _, sub := range c.Subcharts {
		subs.fields[sub.Name] = item(m.context(sub))
	}
	m.made["context "+c.Path] = top
	return top
}

// charts executes the templates of a chart and its subcharts, and notes what Helm
// itself reads.
func (m *machine) charts(c *Chart, context *place) {
	values := item(m.roots[c])
	for _, path := range c.Conditions {
		m.path(values, path)
	}
	for _, tag := range c.Tags {
		m.path(item(m.roots[m.reads.chart]), "tags."+tag)
	}
	for _, path := range c.Imports {
		for _, p := range m.path(values, path).items {
			p.perhaps = true
		}
	}
	for _, f := range c.Templates {
		m.call(c.Path+"/"+f.Name, item(context))
	}
	for _, sub := range c.Subcharts {
		m.charts(sub, m.made["context "+sub.Path])
	}
}

func (m *machine) path(at abstract, path string) abstract {
	for name := range strings.SplitSeq(path, ".") {
		if name != "" {
			at = m.read(at, name)
		}
	}
	return at
}

// call follows a template or helper with an argument. A name may hold parts that are
// not known.
func (m *machine) call(name string, arg abstract) {
	if strings.Contains(name, unknownText) {
		for _, known := range slices.Sorted(maps.Keys(m.reads.trees)) {
			if like(name, known) {
				m.call(known, arg)
			}
		}
		return
	}
	tree := m.reads.trees[name]
	if tree == nil {
		for _, set := range m.parsed {
			if set[name] != nil {
				tree = set[name]
			}
		}
	}
	if tree == nil {
		return
	}
	key := name + "\x02" + arg.key()
	if m.calls[key] {
		return
	}
	if m.args[key]++; m.args[key] == 1 {
		m.args[name]++
	}
	if m.args[name] > maxArgs {
		wide := m.wide[name]
		if wide == nil {
			wide = &abstract{}
			m.wide[name] = wide
		}
		m.grow(wide, arg)
		arg, key = *wide, name+"\x02"+wide.key()
		if m.calls[key] {
			return
		}
	}
	m.calls[key] = true
	m.execute(key, tree.Root, arg)
}

func (m *machine) execute(id string, body *parse.ListNode, dot abstract) {
	f := &frame{machine: m, id: id, dot: dot, vars: []variable{{"$", &dot}}}
	f.list(body)
}

// text follows a template that is in a string.
func (m *machine) text(text string, context abstract) {
	if len(context.items) == 0 || !strings.Contains(text, "{{") {
		return
	}
	trees, done := m.parsed[text]
	if !done {
		trees = map[string]*parse.Tree{}
		t := parse.New(fmt.Sprintf("text %d", len(m.parsed)))
		t.Mode = parse.SkipFuncCheck
		if _, err := t.Parse(text, "", "", trees); err != nil {
			trees = nil
		}
		m.parsed[text] = trees
	}
	if trees == nil && strings.Contains(text, ".Values") {
		for _, root := range m.roots {
			root.perhaps = true
		}
	}
	for name := range trees {
		m.call(name, context)
	}
}

// like reports whether a name has a form in which NUL is any text.
func like(form, name string) bool {
	parts := strings.Split(form, unknownText)
	if !strings.HasPrefix(name, parts[0]) || !strings.HasSuffix(name, parts[len(parts)-1]) {
		return false
	}
	for _, part := range parts {
		_, after, found := strings.Cut(name, part)
		if !found {
			return false
		}
		name = after
	}
	return true
}
