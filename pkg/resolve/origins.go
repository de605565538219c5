package resolve

import (
	"maps"
	"reflect"
	"regexp"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Origin is where a value of a resolved spec comes from.
type Origin struct {
	// Layer is the layer, as in "fleet", "environment/prod", "cluster/tokyo",
	// "app", "app/prod" or "app/prod/tokyo"; "rule" for derived values.
	Layer string
	// Path is the value's path in the fleet; "" for derived values.
	Path fieldpath.Path
	// Rule is the id of the rule that derived the value.
	Rule string
}

// Origins holds the origin of each leaf of a spec, by its path in the spec.
type Origins map[fieldpath.Path]Origin

// Removals holds, for each leaf that a layer set and a rule removed, the origin
// that it had, with the id of the rule.
type Removals map[fieldpath.Path]Origin

// Explained is Target with the origin of each leaf of the spec: the last layer
// that set it, also where an earlier one had set the same value, or the rule.
// What names an entry of a list comes from the first layer that has the entry.
func (r *Resolver) Explained(app string, s view.Scope) (view.Target, Origins, Removals) {
	origins, removals := Origins{}, Removals{}
	a := r.apps[app]
	if a == nil {
		return view.Target{App: app, Scope: s}, origins, removals
	}
	t := r.bare(a, s)
	layers := r.layers(nil, a, s)
	for _, l := range layers {
		origins.layer(&t.Spec, l, l.name(s), l.path(app, s))
	}
	d := r.derivation(&t, layers)
	for _, rule := range r.set.Defaults() {
		rule.Apply(d)
		before, renamed := maps.Clone(origins), map[string]bool{}
		origins.settle(&t.Spec, func(at fieldpath.Path) {
			if _, ok := origins[at]; !ok {
				origins[at] = Origin{Layer: "rule", Rule: rule.ID}
				renamed[keyless(at)] = true
			}
		})
		for at, origin := range before {
			if _, ok := origins[at]; !ok && origin.Rule == "" && !renamed[keyless(at)] {
				origin.Rule = rule.ID
				removals[at] = origin
			}
		}
	}
	r.set.Yield(&t)
	return t, origins, removals
}

// keyless returns a path without what stands in its brackets: a rule that
// completes the name of an entry removes nothing.
func keyless(p fieldpath.Path) string { return brackets.ReplaceAllString(string(p), "[]") }

var brackets = regexp.MustCompile(`\[[^\]]*\]`)

// layer lays a layer over spec, and notes the origin of what it sets.
func (o Origins) layer(spec *model.AppSpec, l layer, name string, from fieldpath.Path) {
	if len(l.spec.Unset) > 0 {
		overlay(spec, &model.AppSpec{Unset: l.spec.Unset})
		o.settle(spec, nil)
	}
	lengths := map[fieldpath.Path]int{} // of lists without names, before the merge
	walker{
		visit: func(_, _ fieldpath.Path) {},
		place: func(_ *member, at fieldpath.Path, _ reflect.Value, i int) int {
			lengths[at] = i + 1
			return i
		},
	}.structure(specShape(), reflect.ValueOf(spec).Elem(), "", "")
	overlay(spec, l.spec)
	keys := map[fieldpath.Path]bool{}
	w := walker{
		key: func(at fieldpath.Path) { keys[at] = true },
		// Entries without names stand where the merge put them.
		place: func(m *member, at fieldpath.Path, e reflect.Value, i int) int {
			if m.mode == identity {
				if j := m.find(reflect.ValueOf(spec.Objects), m.nameOf(e)); j >= 0 {
					return j
				}
			}
			return lengths[at] + i
		},
		visit: func(at, source fieldpath.Path) {
			if _, known := o[at]; known && keys[at] {
				return // the key only says which entry of an earlier layer is meant
			}
			o[at] = Origin{Layer: name, Path: from.Join(source)}
		},
	}
	w.structure(specShape(), reflect.ValueOf(l.spec).Elem(), "", "")
	o.settle(spec, nil)
}

// settle forgets what the spec no longer holds, and shows each leaf to visit.
func (o Origins) settle(spec *model.AppSpec, visit func(fieldpath.Path)) {
	held := map[fieldpath.Path]bool{}
	for _, p := range Leaves(spec) {
		held[p] = true
		if visit != nil {
			visit(p)
		}
	}
	for p := range o {
		if !held[p] {
			delete(o, p)
		}
	}
}

// Leaves returns the paths of all leaves that a spec sets, sorted: its scalars,
// and its empty structs, maps and lists. Unset is no part of it.
func Leaves(spec *model.AppSpec) []fieldpath.Path {
	var out []fieldpath.Path
	w := walker{visit: func(at, _ fieldpath.Path) { out = append(out, at) }}
	w.structure(specShape(), reflect.ValueOf(spec).Elem(), "", "")
	slices.Sort(out)
	return out
}

// walker visits the leaves of a spec.
type walker struct {
	// visit is told the path of a leaf after the merge, and in its layer.
	visit func(at, source fieldpath.Path)
	// place returns the index after the merge of an entry of a list that is
	// appended or merges by identity, whose path is at; nil where there is no merge.
	place func(m *member, at fieldpath.Path, e reflect.Value, i int) int
	// key is told the path of what names an entry that merges; may be nil.
	key func(at fieldpath.Path)
}

func (w walker) structure(s *shape, v reflect.Value, at, source fieldpath.Path) {
	empty := true
	for i := range s.members {
		m := &s.members[i]
		f := m.of(v)
		if m.mode == private || f.IsZero() {
			continue
		}
		empty = false
		below, from := at.Field(m.name), source.Field(m.name)
		if m.shape.form == list {
			w.list(m, f, below, from)
		} else {
			w.value(m.shape, f, below, from)
		}
	}
	if empty && at != "" {
		w.visit(at, source)
	}
}

// value visits the leaves below a value.
func (w walker) value(s *shape, v reflect.Value, at, source fieldpath.Path) {
	switch {
	case s.form == structure:
		w.structure(s, v, at, source)
	case s.form == pointer && !v.IsNil():
		w.value(s.elem, v.Elem(), at, source)
	case s.form == list:
		w.list(&member{shape: s}, v, at, source)
	case s.form == mapping && v.Len() > 0:
		for it := v.MapRange(); it.Next(); {
			k := it.Key().String()
			w.value(s.elem, it.Value(), at.Key(k), source.Key(k))
		}
	case s.form == free && !v.IsNil():
		w.value(shapeOf(v.Elem().Type()), v.Elem(), at, source)
	default:
		w.visit(at, source)
	}
}

func (w walker) list(m *member, v reflect.Value, at, source fieldpath.Path) {
	if v.Len() == 0 {
		w.visit(at, source)
		return
	}
	all := v
	if m.mode == keyed {
		all = named(v)
	}
	for i := range v.Len() {
		e := v.Index(i)
		below, from := at.Index(i), source.Index(i)
		if m.mode == keyed {
			if name := m.nameOf(all.Index(i)); name != "" && m.find(all, name) == i {
				below = at.Key(name)
				if w.key != nil && !m.whole {
					w.key(below.Field(m.key))
				}
				if m.nameOf(e) == "" { // it goes by a name that nobody wrote
					w.visit(below.Field(m.key), from)
				} else {
					from = source.Key(name)
				}
			}
		} else if m.mode != replaced && w.place != nil {
			below = at.Index(w.place(m, at, e, i))
		}
		w.value(m.shape.elem, e, below, from)
	}
}
