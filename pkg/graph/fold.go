package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// What viewers of Mermaid take by default.
const (
	// MaxText is the length of a graph, in characters.
	MaxText = 50_000
	// MaxEdges is the number of its edges.
	MaxEdges = 500
)

// Fits reports whether viewers of a format take the graph. Graphviz takes any.
func (g Graph) Fits(f Format) bool {
	return f != Mermaid || len(g.Edges) <= MaxEdges && len(g.mermaid()) <= MaxText
}

// Folded returns the graph with one node for the apps of a project in an environment,
// or for all apps of an environment where that is still too much for Mermaid. Hosts,
// and what is outside, become one node where they have the same edges.
func (g Graph) Folded() Graph {
	byProject := g.fold(func(n Node) string { return n.Project }, func(project string, apps []Node) string {
		return project + ": " + finding.Count(len(apps), "app")
	})
	if byProject.Fits(Mermaid) {
		return byProject
	}
	return g.fold(func(Node) string { return "" }, func(_ string, apps []Node) string {
		projects := map[string]bool{}
		for _, n := range apps {
			projects[n.Project] = true
		}
		return finding.Count(len(apps), "app") + " in " + finding.Count(len(projects), "project")
	})
}

// fold returns the graph with one node for the apps of each environment that have a
// key in common.
func (g Graph) fold(key func(Node) string, label func(key string, apps []Node) string) Graph {
	out := Graph{}
	to := map[string]string{}
	for _, group := range g.Groups {
		apps := map[string][]Node{}
		for _, n := range group.Nodes {
			apps[key(n)] = append(apps[key(n)], n)
			to[n.ID] = group.ID + "/" + key(n)
		}
		folded := Group{Node: group.Node}
		for _, k := range slices.Sorted(maps.Keys(apps)) {
			n := Node{ID: group.ID + "/" + k, Label: label(k, apps[k]), Project: k}
			if len(apps[k]) == 1 {
				n.Label = apps[k][0].Label
			}
			folded.Nodes = append(folded.Nodes, n)
		}
		out.Groups = append(out.Groups, folded)
	}
	out.Hosts = g.alike(g.Hosts, to, func(e Edge) (string, string) { return e.From, e.To + " " + e.Label })
	out.Nodes = g.alike(g.Nodes, to, func(e Edge) (string, string) { return e.To, e.From + " " + string(e.Kind) })
	out.Edges = g.between(to)
	return out
}

// alike joins nodes with the same edges, at an end that a function returns with
// what the edge leads to. It notes in to what they became.
func (g Graph) alike(nodes []Node, to map[string]string, end func(Edge) (node, other string)) []Node {
	edges := map[string]map[string]bool{}
	for _, e := range g.Edges {
		moved := e
		moved.From, moved.To = renamed(to, e.From), renamed(to, e.To)
		node, _ := end(e)
		_, other := end(moved)
		if edges[node] == nil {
			edges[node] = map[string]bool{}
		}
		edges[node][other] = true
	}
	var out []Node
	labels, at := map[string][]string{}, map[string]int{}
	for _, n := range nodes {
		like := strings.Join(slices.Sorted(maps.Keys(edges[n.ID])), "\n")
		if like == "" { // it has none here, such as an instance, which only syncs
			like = n.ID
		}
		if _, ok := at[like]; !ok {
			at[like], out = len(out), append(out, n)
		}
		to[n.ID] = out[at[like]].ID
		labels[like] = append(labels[like], n.Label)
	}
	for like, i := range at {
		if n := len(labels[like]); n > 1 {
			out[i].Label = fmt.Sprintf("%s and %d more", labels[like][0], n-1)
		}
	}
	return out
}

// between returns the edges between what nodes became, each once. One that stands
// for several calls says so.
func (g Graph) between(to map[string]string) []Edge {
	var out []Edge
	at, count := map[Edge]int{}, []int{}
	for _, e := range g.Edges {
		e.From, e.To = renamed(to, e.From), renamed(to, e.To)
		if e.From == e.To {
			continue
		}
		i, ok := at[e]
		if !ok {
			i, out, count = len(out), append(out, e), append(count, 0)
			at[e] = i
		}
		count[i]++
	}
	for i := range out {
		if out[i].Kind == Calls && count[i] > 1 {
			out[i].Label = finding.Count(count[i], "call")
		}
	}
	return out
}

func renamed(to map[string]string, id string) string {
	if now, ok := to[id]; ok {
		return now
	}
	return id
}
