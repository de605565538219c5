package reads

import (
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how far down values are followed: recursive helpers walk through
// anything.
const maxDepth = 24

// place is a place in the values of a chart, or a map or list that a template makes.
type place struct {
	id    int
	depth int
	// chart is that whose values begin here, else nil.
	chart *Chart
	// value says that the place is in the values; reading below it is noted.
	value bool

	// named are the values read by name; each are all, which a range reads; some is
	// one whose name is not known.
	named      map[string]*place
	each, some *place
	// whole says that everything below is read, perhaps that it may be.
	whole, perhaps bool

	// fields, elems and also are what templates wrote here: under names, under names
	// that are not known or into a list, and merged from other places.
	fields map[string]abstract
	elems  abstract
	also   abstract
}

// abstract is all that an expression may come out as.
type abstract struct {
	// items are the places that it may be, ordered by id.
	items []*place
	// yaml are the places whose text, as YAML or JSON, it may be.
	yaml []*place
	// texts are strings that it may be. A part that is not known is a NUL.
	texts []string
}

const (
	unknownText = "\x00"
	maxTexts    = 24
	maxPlaces   = 100
)

func text(s ...string) abstract { return abstract{texts: s} }

func item(p *place) abstract { return abstract{items: []*place{p}} }

// union returns what is a or b.
func union(a, b abstract) abstract {
	out := abstract{items: join(a.items, b.items), yaml: join(a.yaml, b.yaml), texts: a.texts}
	for _, t := range b.texts {
		if !slices.Contains(out.texts, t) {
			out.texts = append(slices.Clip(out.texts), t)
		}
	}
	slices.Sort(out.texts)
	if len(out.texts) > maxTexts {
		out.texts = []string{unknownText}
	}
	return out
}

func unionOf(all ...abstract) (out abstract) {
	for _, a := range all {
		out = union(out, a)
	}
	return out
}

// join returns the union of two ordered lists.
func join(a, b []*place) []*place {
	if len(a) == 0 {
		return b
	}
	for _, p := range b {
		i, found := slices.BinarySearchFunc(a, p.id, func(q *place, id int) int { return q.id - id })
		if !found {
			a = slices.Insert(slices.Clone(a), i, p)
		}
	}
	return a
}

// key tells abstracts apart.
func (a abstract) key() string {
	var b strings.Builder
	for _, p := range a.items {
		b.WriteString(strconv.Itoa(p.id) + ",")
	}
	b.WriteByte(';')
	for _, p := range a.yaml {
		b.WriteString(strconv.Itoa(p.id) + ",")
	}
	b.WriteByte(';')
	b.WriteString(strings.Join(a.texts, "\x01"))
	return b.String()
}

// grow joins b to what a holds and reports whether that was new.
func (m *machine) grow(a *abstract, b abstract) {
	joined := m.limit(union(*a, b))
	if len(joined.items) != len(a.items) || len(joined.yaml) != len(a.yaml) || !slices.Equal(joined.texts, a.texts) {
		*a, m.changed = joined, true
	}
}

// write notes that a template sets a name of p, which may be unknown.
func (m *machine) write(p *place, name string, v abstract) {
	if strings.Contains(name, unknownText) {
		m.grow(&p.elems, v)
		return
	}
	if p.fields == nil {
		p.fields = map[string]abstract{}
	}
	was, known := p.fields[name]
	m.grow(&was, v)
	m.changed = m.changed || !known
	p.fields[name] = was
}

// read returns what is at a name below a, and notes that it is read.
func (m *machine) read(a abstract, name string) abstract {
	return m.follow(a, func(p *place) (out abstract) {
		if strings.Contains(name, unknownText) {
			if p.value {
				out = item(m.below(p, &p.some))
			}
			for _, f := range p.fields {
				out = union(out, f)
			}
			return union(out, p.elems)
		}
		if p.value && isIndex(name) {
			out = item(m.below(p, &p.each))
		} else if p.value {
			if p.named == nil {
				p.named = map[string]*place{}
			}
			next := p.named[name]
			out = item(m.below(p, &next))
			p.named[name] = next
		}
		return unionOf(out, p.fields[name], p.elems)
	})
}

// isIndex reports whether a name is the number of an entry of a list.
func isIndex(name string) bool {
	return name != "" && strings.Trim(name, "0123456789") == ""
}

// readEach returns what are the entries of a, all of which are read.
func (m *machine) readEach(a abstract) abstract {
	return m.follow(a, func(p *place) (out abstract) {
		if p.value {
			out = item(m.below(p, &p.each))
		}
		for _, f := range p.fields {
			out = union(out, f)
		}
		return union(out, p.elems)
	})
}

// follow takes one step from all places of a, and from those merged into them.
func (m *machine) follow(a abstract, step func(p *place) abstract) (out abstract) {
	seen := map[*place]bool{}
	var visit func(items []*place)
	visit = func(items []*place) {
		for _, p := range items {
			if m.steps++; !seen[p] {
				seen[p] = true
				out = union(out, step(p))
				visit(p.also.items)
			}
		}
	}
	visit(a.items)
	if len(out.items) == 0 && len(out.texts) == 0 {
		out.texts = []string{unknownText}
	}
	return m.limit(out)
}

// limit gives up telling apart what may be too many places: all of them are read.
func (m *machine) limit(a abstract) abstract {
	if len(a.items)+len(a.yaml) <= maxPlaces {
		return a
	}
	m.take(a)
	return text(unknownText)
}

// below returns the place *at below p, which it makes where there is none.
func (m *machine) below(p *place, at **place) *place {
	if *at == nil {
		if m.steps++; p.depth >= maxDepth {
			p.whole = true
			*at = p
			return p
		}
		*at = m.place(p.depth + 1)
		(*at).value = true
	}
	return *at
}

func (m *machine) place(depth int) *place {
	m.places++
	return &place{id: m.places, depth: depth}
}

// consume notes that a is printed, or handed to a function that wants a text or a
// number: of maps, what is below them is read only where they become YAML.
func (m *machine) consume(a abstract) { m.take(abstract{items: a.yaml}) }

// take notes that everything below a is read. Handing on all values of a chart reads
// perhaps.
func (m *machine) take(a abstract) {
	seen := map[*place]bool{}
	var visit func(a abstract)
	visit = func(a abstract) {
		for _, p := range slices.Concat(a.items, a.yaml) {
			if seen[p] {
				continue
			}
			seen[p] = true
			if p.value {
				p.whole, p.perhaps = p.whole || p.chart == nil, p.perhaps || p.chart != nil
			}
			visit(p.elems)
			visit(p.also)
			for _, f := range p.fields {
				visit(f)
			}
		}
	}
	visit(a)
}
