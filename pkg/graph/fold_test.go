package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/graph"
)

// large returns a graph of apps in projects, each with a host, of which each calls
// the next and all call a host outside.
func large(apps, projects int) graph.Graph {
	g := graph.Graph{Groups: []graph.Group{{Node: graph.Node{ID: "env/prod", Label: "prod on one"}}}}
	id := func(i int) string { return fmt.Sprintf("prod/a%03d", i%apps) }
	for i := range apps {
		g.Groups[0].Nodes = append(g.Groups[0].Nodes, graph.Node{ID: id(i), Label: id(i)[5:], Project: fmt.Sprintf("p%d", i%projects)})
		host := fmt.Sprintf("a%03d.example.com", i)
		g.Hosts = append(g.Hosts, graph.Node{ID: "host/" + host, Label: host})
		g.Edges = append(g.Edges, graph.Edge{From: id(i), To: id(i + 1), Kind: graph.Calls}, graph.Edge{From: id(i), To: "outside/mail", Kind: graph.Calls},
			graph.Edge{From: "host/" + host, To: id(i), Kind: graph.Routes, Label: "gateway public"})
	}
	g.Nodes = []graph.Node{{ID: "outside/mail", Label: "mail"}, {ID: "argocd/hub", Label: "Argo CD hub on one"}}
	g.Edges = append(g.Edges, graph.Edge{From: "argocd/hub", To: "env/prod", Kind: graph.Syncs})
	return g
}

func TestFolded(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		give   graph.Graph
		want   string
	}{
		"Projects": {"Apps of a project are one node, and so are their hosts.", large(4, 2), `flowchart LR
  subgraph n0["prod on one"]
    n1["p0: 2 apps"]
    n2["p1: 2 apps"]
  end
  n3{{"a000.example.com and 1 more"}}
  n4{{"a001.example.com and 1 more"}}
  n5(["mail"])
  n6(["Argo CD hub on one"])
  n1 -->|"2 calls"| n2
  n1 -->|"2 calls"| n5
  n3 -->|"gateway public"| n1
  n2 -->|"2 calls"| n1
  n2 -->|"2 calls"| n5
  n4 -->|"gateway public"| n2
  n6 -.-> n0
`},
		"Alone": {"A project of one app is the app.", large(2, 2), `flowchart LR
  subgraph n0["prod on one"]
    n1["a000"]
    n2["a001"]
  end
  n3{{"a000.example.com"}}
  n4{{"a001.example.com"}}
  n5(["mail"])
  n6(["Argo CD hub on one"])
  n1 --> n2
  n1 --> n5
  n3 -->|"gateway public"| n1
  n2 --> n1
  n2 --> n5
  n4 -->|"gateway public"| n2
  n6 -.-> n0
`},
		"Environment": {"With many projects, all apps of an environment are one.", large(600, 300), `flowchart LR
  subgraph n0["prod on one"]
    n1["600 apps in 300 projects"]
  end
  n2{{"a000.example.com and 599 more"}}
  n3(["mail"])
  n4(["Argo CD hub on one"])
  n1 -->|"600 calls"| n3
  n2 -->|"gateway public"| n1
  n4 -.-> n0
`},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := tc.give.Folded().Write(&b, graph.Mermaid); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestFits(t *testing.T) {
	text := large(1, 1)
	text.Nodes[0].Label = strings.Repeat("x", graph.MaxText)
	for name, tc := range map[string]struct {
		reason string
		give   graph.Graph
		format graph.Format
		want   bool
	}{
		"Small":    {"166 apps have 499 edges.", large(166, 1), graph.Mermaid, true},
		"Edges":    {"167 have 502.", large(167, 1), graph.Mermaid, false},
		"Text":     {"Text is limited too.", text, graph.Mermaid, false},
		"Graphviz": {"Graphviz takes all.", large(167, 1), graph.Dot, true},
		"Folded":   {"What is folded fits.", large(600, 10).Folded(), graph.Mermaid, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.give.Fits(tc.format); got != tc.want {
				t.Errorf("%s: it fits: %t", tc.reason, got)
			}
		})
	}
}
