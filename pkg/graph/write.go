package graph

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Format is a way to write a graph.
type Format string

// The formats.
const (
	// Mermaid is drawn by forges in Markdown.
	Mermaid Format = "mermaid"
	// Dot is Graphviz's.
	Dot Format = "dot"
)

// Write writes the graph.
func (g Graph) Write(w io.Writer, f Format) error {
	var text string
	switch f {
	case Mermaid:
		text = g.mermaid()
	case Dot:
		text = g.dot()
	default:
		return fmt.Errorf("unknown format %q (use mermaid or dot)", f)
	}
	_, err := io.WriteString(w, text)
	return err
}

func (g Graph) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	ids := g.numbers()
	for _, group := range g.Groups {
		fmt.Fprintf(&b, "  subgraph %s[%q]\n", ids[group.ID], group.Label)
		for _, n := range group.Nodes {
			fmt.Fprintf(&b, "    %s[%q]\n", ids[n.ID], n.Label)
		}
		b.WriteString("  end\n")
	}
	for _, n := range g.Hosts {
		fmt.Fprintf(&b, "  %s{{%q}}\n", ids[n.ID], n.Label)
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "  %s([%q])\n", ids[n.ID], n.Label)
	}
	arrows := map[Kind]string{Promotes: "==>", Syncs: "-.->", Routes: "-->", Calls: "-->", Before: "-. before .->"}
	for _, e := range g.Edges {
		arrow := arrows[e.Kind]
		if e.Label != "" {
			arrow += fmt.Sprintf("|%q|", e.Label)
		}
		fmt.Fprintf(&b, "  %s %s %s\n", ids[e.From], arrow, ids[e.To])
	}
	return b.String()
}

func (g Graph) dot() string {
	var b strings.Builder
	b.WriteString("digraph fleet {\n  rankdir=LR;\n  compound=true;\n  node [shape=box];\n")
	ids, inside := g.numbers(), map[string]string{}
	for _, group := range g.Groups {
		fmt.Fprintf(&b, "  subgraph cluster_%s {\n    label=%s;\n    %s [style=invis, shape=point];\n", ids[group.ID], strconv.Quote(group.Label), ids[group.ID])
		inside[group.ID] = "cluster_" + ids[group.ID]
		for _, n := range group.Nodes {
			fmt.Fprintf(&b, "    %s [label=%s];\n", ids[n.ID], strconv.Quote(n.Label))
		}
		b.WriteString("  }\n")
	}
	for _, n := range g.Hosts {
		fmt.Fprintf(&b, "  %s [label=%s, shape=hexagon];\n", ids[n.ID], strconv.Quote(n.Label))
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "  %s [label=%s, shape=ellipse];\n", ids[n.ID], strconv.Quote(n.Label))
	}
	styles := map[Kind]string{Promotes: "style=bold", Syncs: "style=dashed", Routes: "style=solid", Calls: "style=solid", Before: "style=dotted, label=before"}
	for _, e := range g.Edges {
		attributes := styles[e.Kind]
		if e.Label != "" {
			attributes += ", label=" + strconv.Quote(e.Label)
		}
		if c := inside[e.From]; c != "" {
			attributes += ", ltail=" + c
		}
		if c := inside[e.To]; c != "" {
			attributes += ", lhead=" + c
		}
		fmt.Fprintf(&b, "  %s -> %s [%s];\n", ids[e.From], ids[e.To], attributes)
	}
	b.WriteString("}\n")
	return b.String()
}

// numbers returns short ids that both formats take.
func (g Graph) numbers() map[string]string {
	ids := map[string]string{}
	add := func(id string) { ids[id] = "n" + strconv.Itoa(len(ids)) }
	for _, group := range g.Groups {
		add(group.ID)
		for _, n := range group.Nodes {
			add(n.ID)
		}
	}
	for _, n := range slices.Concat(g.Hosts, g.Nodes) {
		add(n.ID)
	}
	return ids
}
