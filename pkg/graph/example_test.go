package graph_test

import (
	"fmt"
	"os"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/graph"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// A host leads to its app, and the app to what it calls, in and outside of the fleet.
func ExampleOf() {
	port := []model.Port{{Name: "http", Port: 8080}}
	fleet := &model.Fleet{
		Name:         "shop",
		Gateways:     []model.Gateway{{Name: "public", Class: "proxy"}},
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}, Domain: "example.com"}},
		Apps: []model.App{
			{Name: "cart", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "cart:1", Ports: port},
				Outside: []model.OutsideService{{Name: "db", Addresses: []string{"192.0.2.7"}, Ports: port}}}},
			{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1", Ports: port},
				Routes: []model.Route{{Host: "shop"}}, TalksTo: []model.Peer{{App: "cart"}}}},
		},
	}
	all := func(string) bool { return true }
	g := graph.Of(fleet, resolve.New(fleet, features.Default()), graph.Selection{App: all, Environment: all, Cluster: all})
	if err := g.Write(os.Stdout, graph.Mermaid); err != nil {
		fmt.Println(err)
	}
	// Output:
	// flowchart LR
	//   subgraph n0["prod on home"]
	//     n1["cart"]
	//     n2["web"]
	//   end
	//   n3{{"shop.example.com"}}
	//   n4(["db: 192.0.2.7"])
	//   n5(["Argo CD argocd on home"])
	//   n1 --> n4
	//   n2 --> n1
	//   n3 -->|"gateway public"| n2
	//   n5 -.-> n0
}
