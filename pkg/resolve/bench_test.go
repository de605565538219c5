package resolve_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// large returns a fleet of so many apps in five environments of two clusters.
func large(apps int) *model.Fleet {
	list := func(pairs ...string) corev1.ResourceList {
		return corev1.ResourceList{"cpu": resource.MustParse(pairs[0]), "memory": resource.MustParse(pairs[1])}
	}
	f := &model.Fleet{Name: "large", Defaults: model.AppSpec{Labels: map[string]string{"team": "platform"}}}
	for i := range 5 {
		env := model.Environment{Name: fmt.Sprint("env", i)}
		for j := range 2 {
			name := fmt.Sprint("cluster", i, j)
			env.Clusters = append(env.Clusters, name)
			f.Clusters = append(f.Clusters, model.Cluster{Name: name, KubernetesVersion: "1.36"})
		}
		env.Defaults.Env = []model.EnvVar{{Name: "ENVIRONMENT", Value: &env.Name}}
		f.Environments = append(f.Environments, env)
	}
	for i := range apps {
		probe := &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromString("http")}}}
		f.Apps = append(f.Apps, model.App{
			Name: fmt.Sprintf("app-%05d", i),
			Spec: model.AppSpec{
				ContainerSpec: model.ContainerSpec{
					Image: "ghcr.io/acme/app:1.0.0", Ports: []model.Port{{Name: "http", Port: 8080}},
					Env:       []model.EnvVar{{Name: "A", Value: new("a")}, {Name: "B", FromSecret: &model.KeySelector{Name: "s", Key: "k"}}},
					Readiness: probe, Liveness: probe,
					Resources: &corev1.ResourceRequirements{Requests: list("100m", "128Mi")},
				},
				Config:  []model.Config{{Name: "conf", Data: map[string]string{"a": "1", "b": "2"}, MountPath: "/etc/app"}},
				TalksTo: []model.Peer{{App: fmt.Sprintf("app-%05d", (i+1)%apps)}},
			},
			Environments: map[string]model.Override{"env4": {
				AppSpec:  model.AppSpec{Replicas: new(int32(4)), ContainerSpec: model.ContainerSpec{Resources: &corev1.ResourceRequirements{Requests: list("1", "1Gi")}}},
				Clusters: map[string]model.AppSpec{"cluster40": {Replicas: new(int32(8))}},
			}},
		})
	}
	return f
}

func BenchmarkTarget(b *testing.B) {
	r := resolve.New(large(100), features.Default())
	apps, scopes := r.Apps(), r.Scopes("app-00000")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Target(apps[i%len(apps)], scopes[i%len(scopes)])
	}
}

func BenchmarkIndex(b *testing.B) {
	r := resolve.New(large(100), features.Default())
	apps, scopes := r.Apps(), r.Scopes("app-00000")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		app, scope := apps[i%len(apps)], scopes[i%len(scopes)]
		r.View().App(app, scope)
		r.View().Callers(app, scope)
	}
}

func BenchmarkNew(b *testing.B) {
	f := large(10_000)
	b.ReportAllocs()
	for b.Loop() {
		resolve.New(f, features.Default())
	}
}

func BenchmarkExplained(b *testing.B) {
	r := resolve.New(large(10), features.Default())
	for b.Loop() {
		r.Explained("app-00000", view.Scope{Environment: "env4", Cluster: "cluster40"})
	}
}
