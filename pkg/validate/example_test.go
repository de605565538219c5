package validate_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

func ExampleFleet() {
	fleet := &model.Fleet{
		Name:         "shop",
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"hmoe"}}},
		Apps:         []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}},
	}
	for _, f := range validate.Fleet(fleet, features.Default(), nil) {
		fmt.Println(f)
	}
	// Output:
	// environments[prod].clusters[0]: there is no cluster named hmoe (did you mean home?)
}
