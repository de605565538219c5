package load

import "go.yaml.in/yaml/v3"

// maxExpanded bounds the values that the aliases of all files stand for.
const maxExpanded = 1_000_000

// expansion measures what the aliases of a document stand for.
type expansion struct {
	sizes map[*yaml.Node]int // of the anchored nodes; 0 while one is measured
	total int
}

// bounded reports whether a document can be read: whether no alias is part of
// what it names, and whether the aliases do not multiply it without bounds.
// What is wrong is a finding.
func (d *decoder) bounded(root *yaml.Node) bool {
	e := expansion{sizes: map[*yaml.Node]int{}, total: d.expanded}
	_, bad := e.size(root)
	d.expanded = e.total
	switch {
	case bad == nil:
		return true
	case e.sizes[bad.Alias] == 0:
		d.errorf("alias-bomb", bad, "", "write the value out", "the alias *%s is part of what it names", bad.Value)
	default:
		d.errorf("alias-bomb", bad, "", "write the values out", "aliases multiply the input beyond %d values", maxExpanded)
	}
	return false
}

// size returns the number of values below a node, its aliases written out, or
// the alias that goes too far.
func (e *expansion) size(n *yaml.Node) (size int, bad *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		size, known := e.sizes[n.Alias]
		if e.total += size; !known || size == 0 || e.total > maxExpanded {
			return 0, n
		}
		return size, nil
	}
	if n.Anchor != "" {
		e.sizes[n] = 0
	}
	size = 1
	for _, c := range n.Content {
		s, bad := e.size(c)
		if bad != nil {
			return 0, bad
		}
		size += s
	}
	if n.Anchor != "" {
		e.sizes[n] = size
	}
	return size, nil
}
