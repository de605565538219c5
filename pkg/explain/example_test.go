package explain_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/explain"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

func ExampleTarget() {
	resolver := resolve.New(&model.Fleet{
		Name:         "shop",
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}},
			Environments: map[string]model.Override{"prod": {AppSpec: model.AppSpec{Replicas: new(int32(3))}}}}},
	}, features.Default())
	fields, err := explain.Target(explain.Input{
		Resolver: resolver, App: "web", Scope: view.Scope{Environment: "prod"},
		Objects: func(t *view.Target) ([]object.Object, error) {
			return resolver.Set().Objects(t, resolver.View())
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, f := range fields {
		if f.Match("Deployment:spec.replicas") || f.Match("PodDisruptionBudget:spec.maxUnavailable") {
			fmt.Println(f)
		}
	}
	// Output:
	// Deployment.apps shop-prod/web spec.replicas: 3 <- apps[web].environments[prod].replicas (app/prod)
	// PodDisruptionBudget.policy shop-prod/web spec.maxUnavailable: 1 <- rule disruption-budget
}
