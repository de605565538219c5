package render_test

import (
	"context"
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

func ExampleFleet() {
	fleet := &model.Fleet{
		Name:         "shop",
		Clusters:     []model.Cluster{{Name: "home"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
		Apps: []model.App{{
			Name: "web",
			Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "ghcr.io/acme/web:1.0.0"}},
			Environments: map[string]model.Override{
				"prod": {AppSpec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "ghcr.io/acme/web:1.0.1"}}},
			},
		}},
	}
	result, err := render.Fleet(context.Background(), fleet)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := result.Tree.Get(layout.Overlay("apps/web", "prod") + "/kustomization.yaml")
	fmt.Printf("%s", f.Data)
	// Output:
	// apiVersion: kustomize.config.k8s.io/v1beta1
	// kind: Kustomization
	// namespace: shop-prod
	// resources:
	// - ../../base
	// images:
	// - name: ghcr.io/acme/web
	//   newTag: 1.0.1
}
