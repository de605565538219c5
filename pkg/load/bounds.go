package load

import "go.yaml.in/yaml/v3"

// The bounds of one value. Kubernetes takes no longer names, and etcd no larger
// objects; names stand in paths and messages again and again.
const (
	maxName  = 1024    // of a key, or of what names an entry, in bytes
	maxValue = 3 << 19 // of a text, in bytes: 1.5 MiB
	maxDepth = 256     // of mappings and lists in each other
)

// The bounds of everything that is read. A thousand apps take less than ten
// megabytes.
const (
	maxFiles = 200_000   // in a directory and those below it
	maxTotal = 256 << 20 // of all YAML together, in bytes
	maxOther = 1 << 30   // of the other files of a directory, which are searched for documents
)

// within reports whether the keys, texts and depth of a node are within bounds.
// What is wrong is a finding.
func (d *decoder) within(n *yaml.Node, depth int) bool {
	ok := true
	switch {
	case depth > maxDepth:
		d.errorf("too-large", n, "", "reduce the nesting", "mappings and lists are nested more than %d levels deep", maxDepth)
		return false
	case n.Kind == yaml.ScalarNode && len(n.Value) > maxValue:
		d.errorf("too-large", n, "", "keep it elsewhere: a Kubernetes object cannot be that large", "the value has %d bytes, more than %d", len(n.Value), maxValue)
		return false
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			ok = d.named(c) && ok
		} else {
			ok = d.within(c, depth+1) && ok
		}
	}
	return ok
}

// named reports whether a key or a name is within bounds.
func (d *decoder) named(n *yaml.Node) bool {
	if len(n.Value) > maxName {
		d.errorf("too-large", n, "", "shorten it", "the name has %d bytes, more than %d", len(n.Value), maxName)
		return false
	}
	return true
}

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
		d.errorf("alias-bomb", bad, "", "write the value out", "the alias *%s is part of the value that it refers to", bad.Value)
	default:
		d.errorf("alias-bomb", bad, "", "write the values out", "aliases expand the input to more than %d values", maxExpanded)
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
