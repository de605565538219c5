package main

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/pkg/cli"
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// program is the gitopsgen command for this fleet.
func program() cli.Program {
	return cli.Program{
		Fleet: fleet(),
		Options: []render.Option{
			render.WithFeature(feature.Feature{Name: "pod-monitor", Objects: podMonitor}),
			render.WithFeature(feature.Feature{Name: "owner", CheckTarget: hasOwner}),
			render.WithFeature(cost),
		},
	}
}

// fleet is a shop of two apps. What is alike is a function. A third one is in
// reports.yaml.
func fleet() *model.Fleet {
	return &model.Fleet{
		Name:       "shop",
		Repository: model.Repository{URL: "https://git.example.com/acme/shop-config.git"},
		Clusters:   []model.Cluster{{Name: "home", KubernetesVersion: "1.36"}},
		Defaults: model.AppSpec{Extensions: model.Extensions{
			"cost": &Cost{Budget: new(int32(100)), Alerts: []CostAlert{{Name: "half", Percent: 50}}},
		}},
		Environments: []model.Environment{
			{Name: "dev", Clusters: []string{"home"}},
			{Name: "prod", Clusters: []string{"home"}, PromotedFrom: "dev", Defaults: model.AppSpec{Extensions: model.Extensions{
				"cost": &Cost{Budget: new(int32(500)), Alerts: []CostAlert{{Name: "all", Percent: 100}}},
			}}},
		},
		Apps: []model.App{
			service("catalog", "team-catalog", model.Override{AppSpec: model.AppSpec{Replicas: new(int32(3))}}),
			service("search", "team-search", model.Override{AppSpec: model.AppSpec{
				Autoscaling: &model.Autoscaling{MaxReplicas: 10},
			}}),
		},
	}
}

// service is an app as all services of the shop are.
func service(name, owner string, prod model.Override) model.App {
	return model.App{
		Name: name,
		Spec: model.AppSpec{
			Labels: map[string]string{ownerLabel: owner},
			// The user of the company's base image.
			Pod: &model.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(10001))}},
			ContainerSpec: model.ContainerSpec{
				Image: "ghcr.io/acme/" + name + ":1.4.0",
				Ports: []model.Port{{Name: "http", Port: 8080}, {Name: "metrics", Port: 9090, Private: new(true)}},
				Resources: &corev1.ResourceRequirements{Requests: corev1.ResourceList{
					corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("128Mi"),
				}},
			},
		},
		Environments: map[string]model.Override{"prod": prod},
	}
}
