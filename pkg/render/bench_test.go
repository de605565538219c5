package render_test

import (
	"context"
	"fmt"
	"os/exec"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// fleetOf returns a fleet of so many apps in five environments, with the
// overrides that real apps have.
func fleetOf(apps int) *model.Fleet {
	f := &model.Fleet{Name: "bench", Clusters: []model.Cluster{{Name: "one", KubernetesVersion: "1.36"}, {Name: "two", KubernetesVersion: "1.36"}}}
	for i, env := range []string{"dev", "test", "staging", "canary", "prod"} {
		f.Environments = append(f.Environments, model.Environment{Name: env, Clusters: []string{f.Clusters[i%2].Name}})
	}
	for i := range apps {
		name := fmt.Sprintf("app-%05d", i)
		app := model.App{Name: name, Project: fmt.Sprintf("team-%d", i%20), Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{
				Image: fmt.Sprintf("ghcr.io/acme/%s:1.%d.0", name, i%9),
				Ports: []model.Port{{Name: "http", Port: 8080}},
				Env:   []model.EnvVar{{Name: "LOG_LEVEL", Value: model.Ptr("info")}, {Name: "REGION", Value: model.Ptr("eu")}},
				Resources: &corev1.ResourceRequirements{Requests: corev1.ResourceList{
					corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("128Mi")}},
			},
			Config: []model.Config{{Name: "settings", Env: model.Ptr(true), Data: map[string]string{"MODE": "normal"}}},
		}, Environments: map[string]model.Override{
			"dev":     {AppSpec: model.AppSpec{ContainerSpec: model.ContainerSpec{Env: []model.EnvVar{{Name: "LOG_LEVEL", Value: model.Ptr("debug")}}}}},
			"staging": {AppSpec: model.AppSpec{Replicas: model.Ptr[int32](2)}},
			"prod":    {AppSpec: model.AppSpec{Autoscaling: &model.Autoscaling{MaxReplicas: 10}}},
		}}
		if i > 0 {
			app.Spec.TalksTo = []model.Peer{{App: fmt.Sprintf("app-%05d", i-1)}}
		}
		f.Apps = append(f.Apps, app)
	}
	return f
}

// renderTo renders a fleet into a directory, as the command does.
func renderTo(b *testing.B, fleet *model.Fleet, dir string, opts ...render.Option) *render.Result {
	b.Helper()
	stands, err := disk.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	result, err := render.Fleet(context.Background(), fleet, append(opts, render.WithPrior(stands.Tree()))...)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := stands.Apply(context.Background(), result.Tree, ownership.Options{}); err != nil {
		b.Fatal(err)
	}
	return result
}

// BenchmarkWrite renders and writes without the proof, beside cp -r of the tree.
func BenchmarkWrite(b *testing.B) {
	for _, apps := range []int{100, 1000} {
		fleet := fleetOf(apps)
		source := b.TempDir()
		files := renderTo(b, fleet, source, render.WithoutProof()).Tree.Len()
		b.Run(fmt.Sprintf("render/apps=%d", apps), func(b *testing.B) {
			for b.Loop() {
				renderTo(b, fleet, b.TempDir(), render.WithoutProof())
			}
			b.ReportMetric(float64(files), "files")
		})
		b.Run(fmt.Sprintf("cp/apps=%d", apps), func(b *testing.B) {
			for b.Loop() {
				if out, err := exec.Command("cp", "-r", source, b.TempDir()).CombinedOutput(); err != nil {
					b.Fatalf("cp: %v: %s", err, out)
				}
			}
		})
	}
}

// BenchmarkUnchanged renders a fleet again whose tree stands and whose proofs
// are remembered, and then with one app changed.
func BenchmarkUnchanged(b *testing.B) {
	fleet, dir, remembered := fleetOf(1000), b.TempDir(), &memory{keys: map[string]bool{}}
	renderTo(b, fleet, dir, render.WithMemory(remembered))
	b.Run("none", func(b *testing.B) {
		for b.Loop() {
			renderTo(b, fleet, dir, render.WithMemory(remembered))
		}
	})
	b.Run("one", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			fleet.Apps[500].Spec.Image = fmt.Sprintf("ghcr.io/acme/changed:2.0.%d", i)
			if r := renderTo(b, fleet, dir, render.WithMemory(remembered)); r.Report.Proved > 5 {
				b.Fatalf("proved %d", r.Report.Proved)
			}
		}
	})
}

// BenchmarkProof proves 1,000 overlays.
func BenchmarkProof(b *testing.B) {
	fleet := fleetOf(200)
	proved := 0
	for b.Loop() {
		result, err := render.Fleet(context.Background(), fleet)
		if err != nil {
			b.Fatal(err)
		}
		proved += result.Report.Proved
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(proved), "ms/overlay")
}
