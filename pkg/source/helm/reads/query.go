package reads

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// places are those that a path of values leads to, and whether only perhaps.
type places map[*place]bool

// query compares values with what is read.
type query struct {
	machine *machine
	unread  []Unread
}

// descend finds what is not read below v, whose path leads to places; known are the
// defaults there.
func (q *query) descend(at fieldpath.Path, v any, to places, known []any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			q.enter(at, v, name, to, known)
		}
	case []any:
		next, defaults := q.step(to, ""), entries(known)
		for i, e := range v {
			if len(next) > 0 {
				q.descend(at.Index(i), e, next, defaults)
			}
		}
	}
}

// enter looks at one name of a map.
func (q *query) enter(at fieldpath.Path, v map[string]any, name string, to places, known []any) {
	path, next := below(at, name), q.step(to, name)
	defaults, isDefault := q.named(to, known, name)
	if !isDefault && !sure(next) {
		near := q.nearest(at, v, name, to, known)
		if len(next) == 0 || near != "" {
			q.unread = append(q.unread, Unread{Path: path, Nearest: near, Perhaps: len(next) > 0})
			return
		}
	}
	if len(next) > 0 {
		q.descend(path, v[name], next, defaults)
	}
}

// sure reports whether some place is read for sure.
func sure(of places) bool {
	for _, perhaps := range of {
		if !perhaps {
			return true
		}
	}
	return false
}

func below(at fieldpath.Path, name string) fieldpath.Path {
	if strings.ContainsAny(name, `.[]\/`) || name == "" {
		return at.Key(name)
	}
	return at.Field(name)
}

// step returns where a name leads; the name of an entry of a list is "".
func (q *query) step(to places, name string) places {
	next := places{}
	add := func(p *place, perhaps bool) {
		if p == nil {
			return
		}
		if was, known := next[p]; !known || was {
			next[p] = perhaps
		}
	}
	for p, perhaps := range to {
		if name != "" {
			add(p.named[name], perhaps)
		}
		add(p.each, perhaps)
		add(p.some, perhaps || name != "")
		if p.whole || p.perhaps {
			add(p.rest(), true)
		}
		for _, sub := range subcharts(p) {
			if sub.Name == name {
				add(q.machine.roots[sub], perhaps)
			}
			if name == "global" {
				maps.Copy(next, q.step(places{q.machine.roots[sub]: perhaps}, name))
			}
		}
	}
	return next
}

// rest returns what is below p without being read by name: all of it is handed on.
func (p *place) rest() *place { return &place{value: true, whole: true} }

func subcharts(p *place) []*Chart {
	if p.chart == nil {
		return nil
	}
	return p.chart.Subcharts
}

// named returns the defaults below a name, and whether there are any.
func (q *query) named(to places, known []any, name string) (next []any, ok bool) {
	for _, k := range known {
		if m, isMap := k.(map[string]any); isMap {
			if v, has := m[name]; has {
				next, ok = append(next, v), true
			}
		}
	}
	for p := range to {
		for _, sub := range subcharts(p) {
			if sub.Name == name {
				next, ok = append(next, sub.Values), true
			}
			if global := globals(sub); name == "global" && len(global) > 0 {
				next, ok = append(next, global...), true
			}
		}
	}
	return next, ok
}

// globals returns the defaults for all charts that a chart and its subcharts have.
func globals(c *Chart) (out []any) {
	if g, ok := c.Values["global"]; ok {
		out = append(out, g)
	}
	for _, sub := range c.Subcharts {
		out = append(out, globals(sub)...)
	}
	return out
}

// entries returns the entries of all lists.
func entries(known []any) (out []any) {
	for _, k := range known {
		if l, ok := k.([]any); ok {
			out = append(out, l...)
		}
	}
	return out
}

// nearest returns the path that was probably meant: a similar name at the same place
// that v does not have, or the same name elsewhere.
func (q *query) nearest(at fieldpath.Path, v map[string]any, name string, to places, known []any) fieldpath.Path {
	names := map[string]bool{}
	for _, k := range known {
		if m, ok := k.(map[string]any); ok {
			for n := range m {
				names[n] = true
			}
		}
	}
	for p := range to {
		for n := range p.named {
			names[n] = true
		}
		for _, sub := range subcharts(p) {
			names[sub.Name] = true
		}
	}
	for n := range v {
		delete(names, n)
	}
	if near := finding.Nearest(name, slices.Collect(maps.Keys(names))); near != "" {
		return below(at, near)
	}
	if len(q.step(to, name)) > 0 {
		return ""
	}
	return q.elsewhere(name)
}

// elsewhere returns the shortest path of a default of this name that is read, if there
// is exactly one.
func (q *query) elsewhere(name string) fieldpath.Path {
	var found []fieldpath.Path
	var visit func(at fieldpath.Path, p *place)
	visit = func(at fieldpath.Path, p *place) {
		for _, n := range slices.Sorted(maps.Keys(p.named)) {
			if n == name {
				found = append(found, below(at, n))
			}
			if p.named[n] != p {
				visit(below(at, n), p.named[n])
			}
		}
		for _, sub := range subcharts(p) {
			visit(below(at, sub.Name), q.machine.roots[sub])
		}
	}
	visit("", q.machine.roots[q.machine.reads.chart])
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 1 {
		return found[0]
	}
	return ""
}
