package diff

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// entry is one thing that happens at one target: to an object, or to one of its
// fields.
type entry struct {
	// target tells targets apart, and sites is where it is.
	target string
	sites  []site
	names  names
	// of is what happens to the target.
	of Kind
	// root is argocd or clusters for an object of those; sites are what it is for.
	root string
	item
}

// item is what happens.
type item struct {
	sign Kind // of the object
	// kind is the object's, as in Deployment.apps, and name its name, behind the
	// namespace if it has one.
	kind, name string
	field      *Field // nil for the object as a whole
	// note is more text.
	note string
}

// group is what happens alike at some targets.
type group struct {
	of    Kind
	root  string
	sites []site // sorted
	items []item
}

// fold returns what happens, once each, with all targets where it does. Things
// that happen alike but for the names of the target are the same. The order of
// groups, and of the items in them, is that of their first entries.
func fold(entries []entry) []group {
	alike, same := map[[32]byte]int{}, map[[32]byte]int{}
	keys := make([][2][32]byte, len(entries))
	for i, e := range entries {
		keys[i] = [2][32]byte{e.key(e.names.hide), e.key(func(s string) string { return s })}
		alike[keys[i][0]]++
		same[keys[i][1]]++
	}
	index := map[[32]byte]int{}
	var found []*folded
	for i, e := range entries {
		key, asIs := keys[i][0], same[keys[i][1]] >= alike[keys[i][0]]
		if asIs { // what happens to be called like an app, such as a container
			key = keys[i][1]
		}
		n, ok := index[key]
		if !ok {
			n = len(found)
			index[key] = n
			found = append(found, &folded{first: e, asIs: asIs, common: e.names})
		}
		f := found[n]
		f.members = append(f.members, i)
		f.common = f.common.common(e.names)
	}
	return together(entries, found)
}

// folded are entries that are alike.
type folded struct {
	first   entry
	asIs    bool // field and note of all are the same, names included
	members []int
	common  names
}

// together puts in one group what happens at the same targets.
func together(entries []entry, found []*folded) []group {
	index := map[[32]byte]int{}
	var out []group
	for _, f := range found {
		h := sha256.New()
		fmt.Fprintf(h, "%s\x00%s\x00", f.first.of, f.first.root)
		for _, i := range f.members {
			fmt.Fprintf(h, "%s\x00", entries[i].target)
		}
		key := [32]byte(h.Sum(nil))
		n, ok := index[key]
		if !ok {
			n = len(out)
			index[key] = n
			g := group{of: f.first.of, root: f.first.root}
			for _, i := range f.members {
				g.sites = append(g.sites, entries[i].sites...)
			}
			slices.SortFunc(g.sites, site.compare)
			g.sites = slices.Compact(g.sites)
			out = append(out, g)
		}
		out[n].items = append(out[n].items, f.item())
	}
	return out
}

// item returns what happens to all, with placeholders for names that differ.
func (f *folded) item() item {
	show := func(s string) string { return f.common.show(f.first.names.hide(s)) }
	it := f.first.item
	it.name = show(it.name)
	if f.asIs {
		return it
	}
	it.note = show(it.note)
	if it.field != nil {
		changed := it.field.each(show)
		it.field = &changed
	}
	return it
}

// key returns a hash of what happens; hide is applied to what may hold names of
// the target beside the object's own.
func (e entry) key(hide func(string) string) [32]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00%s\x00%s\x00", e.of, e.root, e.sign, e.kind, e.names.hide(e.name), hide(e.note))
	if f := e.field; f != nil {
		fmt.Fprintf(h, "%s\x00%s\x00%t%t\x00%s\x00", hide(f.path()), f.Kind, f.Immutable, f.Order, f.Risk)
		fmt.Fprintf(h, "%s\x00%s", encode(eachText(f.From, hide)), encode(eachText(f.To, hide)))
	}
	return [32]byte(h.Sum(nil))
}

// lines returns a group's items as lines: objects, and their fields below them.
// Objects of one name to which the same happens share a line.
func (g group) lines() []line {
	type block struct {
		sign       Kind
		name, note string
		fields     string // as text
	}
	var order []block
	kinds, fields := map[block][]string{}, map[block][]line{}
	for i := 0; i < len(g.items); {
		first := g.items[i]
		b := block{sign: first.sign, name: first.name, note: first.note}
		var below []line
		for ; i < len(g.items) && g.items[i].kind == first.kind && g.items[i].name == first.name; i++ {
			if f := g.items[i].field; f != nil {
				below = append(below, f.lines(2)...)
			}
		}
		b.fields = fmt.Sprint(below)
		if kinds[b] == nil {
			order = append(order, b)
		}
		kinds[b], fields[b] = append(kinds[b], first.kind), below
	}
	var out []line
	for _, b := range order {
		out = append(out, line{sign: b.sign, depth: 1, text: strings.TrimSpace(strings.Join(kinds[b], ", ")+" "+b.name) + b.note})
		out = append(out, fields[b]...)
	}
	return out
}

func (it item) title() string { return strings.TrimSpace(it.kind+" "+it.name) + it.note }

// String returns the item in one line.
func (it item) String() string {
	if it.field != nil {
		return it.title() + ": " + it.field.String()
	}
	return it.title()
}

// lines returns what becomes of a field: one line, or some for a text of several.
func (f Field) lines(depth int) []line {
	if f.Kind == Changed {
		if changed, ok := lineChanges(f.From, f.To); ok {
			for i := range changed {
				changed[i].depth = depth + 1
			}
			return append([]line{{sign: Changed, depth: depth, text: f.path() + ":" + f.mark()}}, changed...)
		}
	}
	return []line{{sign: f.Kind, depth: depth, text: f.path() + ": " + f.values()}}
}
