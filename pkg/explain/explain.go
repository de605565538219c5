// Package explain says where each field of the output comes from: the line of
// the model, the layer, or the named rule that set it.
//
// The merge records which layer set each value of a resolved spec. Which spec
// value moves which output field is found by trying: generators are pure, so
// one value is changed, the objects are generated again, and what differs came
// from it. No generator has to know about it.
package explain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Source is where a field comes from.
type Source struct {
	// Layer is the layer of the model, such as "app" or "environment/prod",
	// "rule" for a named default, or "generator" for what every such object has.
	Layer string `json:"layer"`
	// Path is the value's path in the model, as in apps[frontend].spec.image.
	Path fieldpath.Path `json:"path,omitempty"`
	// Position is where it was written; zero for rules and values built in Go.
	Position finding.Position `json:"position,omitzero"`
	// Rule is the id of the rule that derived it.
	Rule string `json:"rule,omitempty"`
}

// String returns the source as in "fleet/apps/frontend.yaml:9:12 apps[frontend].spec.image (app)".
func (s Source) String() string {
	var parts []string
	if !s.Position.IsZero() {
		parts = append(parts, s.Position.String())
	}
	if s.Path != "" {
		parts = append(parts, string(s.Path))
	}
	if s.Rule != "" {
		parts = append(parts, "rule "+s.Rule)
	}
	if s.Layer != "rule" {
		parts = append(parts, "("+s.Layer+")")
	}
	return strings.Join(parts, " ")
}

// Field is one field of the output and where it comes from.
type Field struct {
	Object object.ID      `json:"object"`
	Path   fieldpath.Path `json:"path"`
	Value  any            `json:"value"`
	// Sources holds the closest source first: the one that moves the fewest
	// other fields.
	Sources []Source `json:"sources"`
	// Removed tells that a layer says the value and a rule, that of the source,
	// removes it. Object and Path are then the app's and the spec's.
	Removed bool `json:"removed,omitempty"`
}

// Input is what is explained.
type Input struct {
	Resolver *resolve.Resolver
	App      string
	Scope    view.Scope
	// Positions tells where the model was written.
	Positions finding.Positions
	// Objects makes the objects of a target; it is pure.
	Objects func(*view.Target) ([]object.Object, error)
}

// Target explains every field that a target builds, sorted by object and path,
// and then what rules removed, sorted by path.
func Target(in Input) ([]Field, error) {
	target, origins, removals := in.Resolver.Explained(in.App, in.Scope)
	before, err := in.Objects(&target)
	if err != nil {
		return nil, err
	}
	fields := leaves(before)
	moved := map[key][]candidate{}
	try := func(t view.Target, src Source) bool {
		after, err := in.attempt(t)
		if err != nil {
			return false
		}
		hit, gone := movedFields(fields, before, after)
		for _, k := range hit {
			moved[k] = append(moved[k], candidate{src, gone[k.id], len(hit)})
		}
		return len(hit) > 0
	}
	for _, path := range slices.Sorted(maps.Keys(origins)) {
		src := source(origins[path], in.Positions)
		for _, change := range changes {
			t := in.Resolver.Target(in.App, in.Scope)
			if change(&t.Spec, path) && try(t, src) {
				break
			}
		}
	}
	in.tryIdentity(target, try)
	for i := range fields {
		fields[i].Sources = closest(moved[key{fields[i].Object, fields[i].Path}])
	}
	for _, path := range slices.Sorted(maps.Keys(removals)) {
		fields = append(fields, Field{Object: object.ID{Kind: "App", Name: in.App}, Path: fieldpath.Path("spec").Join(path),
			Sources: []Source{source(removals[path], in.Positions)}, Removed: true})
	}
	return fields, nil
}

// attempt makes the objects of a target whose spec was changed behind the back
// of the derivation: those of its source too. Such a spec may lack what generators rely on; a generator
// that breaks on it has no answer, and that is all there is to know.
func (in Input) attempt(t view.Target) (objects []object.Object, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("generating from a changed spec: %v", r)
		}
	}()
	t.Sourced, t.SourceErr = nil, nil
	in.Resolver.Set().Yield(&t)
	return in.Objects(&t)
}

// tryIdentity changes what a target has beside its spec: the names.
func (in Input) tryIdentity(target view.Target, try func(view.Target, Source) bool) {
	app := fieldpath.Path("apps").Key(in.App)
	named := func(layer string, p fieldpath.Path) Source {
		return Source{Layer: layer, Path: p, Position: in.Positions.At(p)}
	}
	t := target
	t.Project += "x"
	if in.Resolver.HasProject(in.App) {
		try(t, named("app", app.Field("project")))
	} else {
		try(t, named("fleet", "name"))
	}
	t = target
	t.Namespace += "x"
	env := fieldpath.Path("environments").Key(in.Scope.Environment)
	if in.Resolver.HasNamespace(in.Scope.Environment) {
		try(t, named("environment/"+in.Scope.Environment, env.Field("namespace")))
	} else {
		try(t, named("environment/"+in.Scope.Environment, env.Field("name")))
	}
	t = target
	t.App += "x"
	try(t, named("app", app.Field("name")))
}

type key struct {
	id   object.ID
	path fieldpath.Path
}

type candidate struct {
	Source
	gone  bool // the whole object went
	reach int  // how many fields moved
}

// closest orders sources, without duplicates: first those that move the field
// and not the whole object, and among them those that move the fewest fields. A
// field that nothing moves is the generator's own.
func closest(found []candidate) []Source {
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.gone != b.gone {
			return cmp.Compare(fmt.Sprint(a.gone), fmt.Sprint(b.gone)) // false comes first
		}
		return cmp.Or(cmp.Compare(a.reach, b.reach), cmp.Compare(a.Path, b.Path))
	})
	var out []Source
	for _, c := range found {
		if !slices.Contains(out, c.Source) {
			out = append(out, c.Source)
		}
	}
	if out == nil {
		out = []Source{{Layer: "generator"}}
	}
	return out
}

func source(o resolve.Origin, positions finding.Positions) Source {
	s := Source{Layer: o.Layer, Path: o.Path, Rule: o.Rule}
	if o.Path != "" {
		s.Position = positions.At(o.Path)
	}
	return s
}

// leaves returns every scalar and empty collection of the objects.
func leaves(objects []object.Object) []Field {
	var out []Field
	for _, o := range objects {
		for _, f := range diff.Leaves(o.Map()) {
			out = append(out, Field{Object: o.ID(), Path: f.Path, Value: f.To})
		}
	}
	return out
}

// movedFields returns the fields that differ between two sets of objects: by
// themselves, or as part of a map or list that goes as a whole; and the objects
// that are gone, all of whose fields moved.
func movedFields(fields []Field, before, after []object.Object) (out []key, gone map[object.ID]bool) {
	moved := map[object.ID][]diff.Field{}
	gone = map[object.ID]bool{}
	for _, o := range before {
		if p, ok := counterpart(o, before, after); ok {
			moved[o.ID()] = diff.Values("", o.Map(), p.Map())
		} else {
			moved[o.ID()], gone[o.ID()] = []diff.Field{{}}, true
		}
	}
	for _, f := range fields {
		if slices.ContainsFunc(moved[f.Object], func(m diff.Field) bool { return m.Kind != diff.Added && below(f.Path, m.Path) }) {
			out = append(out, key{f.Object, f.Path})
		}
	}
	return out, gone
}

// counterpart returns what became of an object: the one with its identity, the
// one with its name in another namespace, or the only one of its kind that is
// new, where it is the only one that is gone.
func counterpart(o object.Object, before, after []object.Object) (object.Object, bool) {
	var fresh []object.Object
	for _, a := range after {
		if a.ID() == o.ID() || a.Kind() == o.Kind() && a.Group() == o.Group() && a.Name() == o.Name() {
			return a, true
		}
		if a.Kind() == o.Kind() && a.Group() == o.Group() && !has(before, a.ID()) {
			fresh = append(fresh, a)
		}
	}
	gone := 0
	for _, b := range before {
		if b.Kind() == o.Kind() && b.Group() == o.Group() && !has(after, b.ID()) {
			gone++
		}
	}
	if len(fresh) != 1 || gone != 1 {
		return object.Object{}, false
	}
	return fresh[0], true
}

func has(objects []object.Object, id object.ID) bool {
	return slices.ContainsFunc(objects, func(o object.Object) bool { return o.ID() == id })
}

// below reports whether p is parent or lies below it.
func below(p, parent fieldpath.Path) bool {
	rest, ok := strings.CutPrefix(string(p), string(parent))
	return ok && (parent == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Match reports whether a field is meant by what a user wrote: a path of the
// output, whole or its end, optionally behind KIND/NAME and a colon. Of what was
// removed, only the last name counts: it has no place in the output.
func (f Field) Match(query string) bool {
	if query == "" {
		return true
	}
	if f.Removed {
		return last(query) == last(string(f.Path))
	}
	if obj, rest, ok := strings.Cut(query, ":"); ok {
		if !strings.EqualFold(obj, f.Object.Kind+"/"+f.Object.Name) && !strings.EqualFold(obj, f.Object.Kind) {
			return false
		}
		query = rest
	}
	p := string(f.Path)
	return query == "" || p == query || below(f.Path, fieldpath.Path(query)) || strings.HasSuffix(p, "."+query)
}

// last returns the last name of a path.
func last(p string) string {
	p, _, _ = strings.Cut(p[strings.LastIndexAny(p, ".:")+1:], "[")
	return p
}

// String returns the field in one line: OBJECT PATH: VALUE <- SOURCE.
func (f Field) String() string {
	if f.Removed {
		return fmt.Sprintf("%s %s: removed <- %s", f.Object, f.Path, f.Sources[0])
	}
	return fmt.Sprintf("%s %s: %v <- %s", f.Object, f.Path, f.Value, f.Sources[0])
}
