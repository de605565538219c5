// Package graph draws a fleet: which apps run in which environments and
// clusters, by which hosts they are reached, who talks to whom, what comes after
// what, and which instance of Argo CD syncs it.
package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Kind tells what an edge means.
type Kind string

// The kinds of edge.
const (
	// Promotes leads from an environment to the one that is promoted from it.
	Promotes Kind = "promotes"
	// Syncs leads from an instance of Argo CD to an environment.
	Syncs Kind = "syncs"
	// Routes leads from a host to an app that answers its callers. Its label says
	// by which gateway or ingress class, and where not on all clusters.
	Routes Kind = "routes"
	// Calls leads from an app to whom it talks to.
	Calls Kind = "calls"
	// Before leads from an app to one that comes up after it.
	Before Kind = "before"
)

// Graph is a fleet as nodes and edges, in an order that depends on nothing else.
type Graph struct {
	// Groups are the environments, in the order of their promotion.
	Groups []Group
	// Hosts are those of routes, one node for each route, with its aliases.
	Hosts []Node
	// Nodes are what belongs to no environment: instances of Argo CD, and whom
	// apps call outside of the fleet.
	Nodes []Node
	Edges []Edge
}

// Group is an environment.
type Group struct {
	Node
	Nodes []Node
}

// Node is an app, an environment, an instance or a host.
type Node struct {
	// ID is unique in the graph, and Label is for people.
	ID, Label string
	// Project is the project of an app.
	Project string
}

// Edge leads from one node or group to another.
type Edge struct {
	From, To string
	Kind     Kind
	// Label says more, and is mostly empty.
	Label string
}

// Selection tells what to draw.
type Selection struct {
	App, Environment, Cluster func(string) bool
}

// Of returns the graph of a fleet. Apps that are not selected appear where a
// selected one talks to them.
func Of(fleet *model.Fleet, r *resolve.Resolver, s Selection) Graph {
	d := &drawing{fleet: fleet, resolver: r, selection: s, seen: map[string]bool{}, drawn: map[Edge]bool{}}
	for _, e := range d.environments() {
		d.environment(e)
	}
	for _, a := range view.Instances(fleet) {
		d.instance(a)
	}
	return d.Graph
}

type drawing struct {
	Graph
	fleet     *model.Fleet
	resolver  *resolve.Resolver
	selection Selection
	seen      map[string]bool // by the id of a node
	drawn     map[Edge]bool
}

// environments returns the selected environments, those first from which others
// are promoted.
func (d *drawing) environments() []model.Environment {
	out := slices.DeleteFunc(slices.Clone(d.fleet.Environments), func(e model.Environment) bool {
		return !d.selection.Environment(e.Name) || !slices.ContainsFunc(e.Clusters, d.selection.Cluster)
	})
	slices.SortStableFunc(out, func(x, y model.Environment) int {
		return cmp.Compare(d.resolver.Stage(x.Name), d.resolver.Stage(y.Name))
	})
	return out
}

func (d *drawing) environment(e model.Environment) {
	clusters := slices.DeleteFunc(slices.Clone(e.Clusters), func(c string) bool { return !d.selection.Cluster(c) })
	g := Group{Node: Node{ID: "env/" + e.Name, Label: label(e, clusters)}}
	scope := view.Scope{Environment: e.Name}
	if len(clusters) == 1 {
		scope.Cluster = clusters[0]
	}
	node := func(app string) string {
		id := e.Name + "/" + app
		if !d.seen[id] {
			d.seen[id] = true
			t, _ := d.resolver.TargetIdentity(app, scope)
			g.Nodes = append(g.Nodes, Node{ID: id, Label: app, Project: t.Project})
		}
		return id
	}
	for _, app := range d.resolver.Apps() {
		if _, ok := d.resolver.TargetIdentity(app, scope); !ok || !d.selection.App(app) {
			continue
		}
		d.calls(d.resolver.Target(app, scope), node(app), node)
	}
	d.routes(e.Name, clusters, node)
	for _, a := range d.fleet.Apps {
		for _, before := range a.After {
			if d.seen[e.Name+"/"+a.Name] && d.seen[e.Name+"/"+before] {
				d.edge(Edge{From: e.Name + "/" + before, To: e.Name + "/" + a.Name, Kind: Before})
			}
		}
	}
	slices.SortFunc(g.Nodes, func(x, y Node) int { return cmp.Compare(x.ID, y.ID) })
	d.Groups = append(d.Groups, g)
	if e.PromotedFrom != "" && d.selection.Environment(e.PromotedFrom) {
		d.edge(Edge{From: "env/" + e.PromotedFrom, To: g.ID, Kind: Promotes})
	}
}

// label names an environment and its clusters.
func label(e model.Environment, clusters []string) string {
	names := slices.Clone(clusters)
	for i, c := range names {
		if c == e.Canary {
			names[i] = c + " (canary)"
		}
	}
	return e.Name + " on " + strings.Join(names, ", ")
}

func (d *drawing) outside(id, label string) {
	if !d.seen[id] {
		d.seen[id] = true
		d.Nodes = append(d.Nodes, Node{ID: id, Label: label})
	}
}

func (d *drawing) instance(a model.ArgoCD) {
	id := "argocd/" + a.Name
	for _, e := range d.environments() {
		if slices.ContainsFunc(e.Clusters, func(c string) bool { return slices.Contains(a.Clusters, c) && d.selection.Cluster(c) }) {
			d.outside(id, fmt.Sprintf("Argo CD %s on %s", a.Name, a.Cluster))
			d.edge(Edge{From: id, To: "env/" + e.Name, Kind: Syncs})
		}
	}
}

func (d *drawing) edge(e Edge) {
	if !d.drawn[e] {
		d.drawn[e] = true
		d.Edges = append(d.Edges, e)
	}
}
