package cli_test

import (
	"context"
	"fmt"
	"os"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// A program of one's own is the whole command, for a fleet that is defined in Go.
func ExampleProgram() {
	fleet := &model.Fleet{
		Name:         "shop",
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
		Apps:         []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}},
	}
	code := cli.Program{Fleet: fleet}.Run(context.Background(), []string{"explain", "app/web", "--env", "prod", "ServiceAccount:metadata.namespace"},
		cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stdout, Getenv: func(string) string { return "" }})
	fmt.Println("exit code", code)
	// Output:
	// ServiceAccount shop-prod/web metadata.namespace: shop-prod <- environments[prod].name (environment/prod)
	// exit code 0
}
