package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// maxChanges is how many lines a list of changes has, unless it is verbose.
const maxChanges = 20

// signs and marks are how a change is marked, the latter in color.
var (
	signs = map[tree.ChangeKind]string{tree.Added: "+", tree.Modified: "~", tree.Removed: "-"}
	marks = map[tree.ChangeKind]escape.Style{tree.Added: escape.Green, tree.Modified: escape.Yellow, tree.Removed: escape.Red}
)

// changed is what happens to an app or a component in some environments, or to a file
// of the guide.
type changed struct {
	unit   string
	kind   tree.ChangeKind
	places []string // environments or clusters, base first
	files  []tree.Change
}

// changes prints what changed, a line for each app or component and what happens to
// it; if these are many, a line for all to which the same happens. The environments
// are in the order of their promotion.
func (a *app) changes(list []ownership.Change, f *model.Fleet) {
	if a.quiet {
		return
	}
	all := byUnit(list, view.Stages(f))
	if !a.verbose && len(all) > maxChanges {
		a.groups(all)
		return
	}
	for _, c := range all {
		a.change(c.kind, c.unit, strings.Join(c.places, ", "))
		if a.verbose {
			for _, file := range c.files {
				a.Err.Printf("    %s %s\n", signs[file.Kind], file.Path)
			}
		}
	}
}

// change prints a line on what happens to something in some places.
func (a *app) change(kind tree.ChangeKind, what, places string) {
	a.Err.Paint(marks[kind], "%s\n", strings.TrimSpace(signs[kind]+" "+what+" "+places))
}

// groups prints changes, those of many units to which the same happens in one line.
func (a *app) groups(all []changed) {
	type key struct {
		kind        tree.ChangeKind
		top, places string
	}
	var keys []key
	names := map[key][]string{}
	for _, c := range all {
		top, name, _ := strings.Cut(c.unit, "/")
		k := key{c.kind, top, strings.Join(c.places, ", ")}
		if names[k] == nil {
			keys = append(keys, k)
		}
		names[k] = append(names[k], name)
	}
	for _, k := range keys[:min(len(keys), maxChanges)] {
		what := k.top + "/" + names[k][0]
		if n := len(names[k]); n > 1 {
			what = fmt.Sprintf("%s/{%s}", k.top, finding.Few(names[k]))
		}
		a.change(k.kind, what, k.places)
	}
	if n := len(keys) - maxChanges; n > 0 {
		a.Err.Printf("and %s (--verbose lists all)\n", finding.Count(n, "more group"))
	}
}

// byUnit joins the changes of owners to those of their apps and components.
func byUnit(list []ownership.Change, stages map[string]int) []changed {
	var out []changed
	type key struct {
		unit string
		kind tree.ChangeKind
	}
	at := map[key]int{}
	for _, c := range list {
		if c.Owner.Unit == layout.GuideUnit { // its files have names that people know
			for _, f := range c.Files {
				out = append(out, changed{unit: f.Path, kind: f.Kind})
			}
			continue
		}
		k := key{c.Owner.Unit, c.Kind}
		i, ok := at[k]
		if !ok {
			i, out = len(out), append(out, changed{unit: k.unit, kind: k.kind})
			at[k] = i
		}
		if place := placeOf(c.Owner); place != "" {
			out[i].places = append(out[i].places, place)
		}
		out[i].files = append(out[i].files, c.Files...)
	}
	for _, c := range out {
		slices.SortStableFunc(c.places, func(x, y string) int { return cmp.Compare(stages[x], stages[y]) })
	}
	return out
}

// placeOf returns where an owner is, or "" for what is the only one of its unit.
func placeOf(o tree.Owner) string {
	if o.IsShared() && strings.HasPrefix(o.Unit, "apps/") {
		return "base"
	}
	return cmp.Or(o.Environment, o.Cluster)
}
