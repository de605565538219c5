package gitopsgen_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/pkg/disk"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/ownership"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// The benchmarks behind the figures of CONTRIBUTING.md; .ci/bench runs them all
// and compares.

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
				Env:   []model.EnvVar{{Name: "LOG_LEVEL", Value: new("info")}, {Name: "REGION", Value: new("eu")}},
				Resources: &corev1.ResourceRequirements{Requests: corev1.ResourceList{
					corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("128Mi")}},
			},
			Config: []model.Config{{Name: "settings", Env: new(true), Data: map[string]string{"MODE": "normal"}}},
		}, Environments: map[string]model.Override{
			"dev":     {AppSpec: model.AppSpec{ContainerSpec: model.ContainerSpec{Env: []model.EnvVar{{Name: "LOG_LEVEL", Value: new("debug")}}}}},
			"staging": {AppSpec: model.AppSpec{Replicas: new(int32(2))}},
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
	debug.SetGCPercent(800) // as the command does
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

// remembered is a cache of proofs.
type remembered struct {
	mu   sync.Mutex
	keys map[string]string
}

func (m *remembered) Get(key string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.keys[key]
	return v, ok
}

func (m *remembered) Put(key, value string) { m.mu.Lock(); defer m.mu.Unlock(); m.keys[key] = value }

// BenchmarkWrite renders and writes without the proof, beside cp -r of the tree.
func BenchmarkWrite(b *testing.B) {
	fleet, source := fleetOf(1000), b.TempDir()
	files := renderTo(b, fleet, source, render.WithoutProof()).Tree.Len()
	b.Run("render", func(b *testing.B) {
		for b.Loop() {
			renderTo(b, fleet, b.TempDir(), render.WithoutProof())
		}
		b.ReportMetric(float64(files), "files")
	})
	b.Run("cp", func(b *testing.B) {
		for b.Loop() {
			if out, err := exec.Command("cp", "-r", source, b.TempDir()).CombinedOutput(); err != nil {
				b.Fatalf("cp: %v: %s", err, out)
			}
		}
	})
}

// BenchmarkUnchanged renders a fleet again whose tree stands and whose proofs
// are remembered, and then with one app changed.
func BenchmarkUnchanged(b *testing.B) {
	fleet, dir, m := fleetOf(1000), b.TempDir(), &remembered{keys: map[string]string{}}
	renderTo(b, fleet, dir, render.WithCache(m))
	b.Run("none", func(b *testing.B) {
		for b.Loop() {
			if r := renderTo(b, fleet, dir, render.WithCache(m)); r.Report.Proved > 0 {
				b.Fatalf("proved %d", r.Report.Proved)
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			fleet.Apps[500].Spec.Image = fmt.Sprintf("ghcr.io/acme/changed:2.0.%d", i)
			if r := renderTo(b, fleet, dir, render.WithCache(m)); r.Report.Proved > 5 {
				b.Fatalf("proved %d", r.Report.Proved)
			}
		}
	})
}

// BenchmarkProof proves 1,000 overlays, beside the kustomize command, if there
// is one, which builds 200 of them with as many processes as there are cores.
func BenchmarkProof(b *testing.B) {
	fleet, dir := fleetOf(200), b.TempDir()
	targets := renderTo(b, fleet, dir).Targets
	b.Run("gitopsgen", func(b *testing.B) {
		proved := 0
		for b.Loop() {
			result, err := render.Fleet(context.Background(), fleet)
			if err != nil {
				b.Fatal(err)
			}
			proved += result.Report.Proved
		}
		b.ReportMetric(b.Elapsed().Seconds()*1000/float64(proved), "ms/overlay")
	})
	b.Run("kustomize", func(b *testing.B) {
		if _, err := exec.LookPath("kustomize"); err != nil {
			b.Skip("there is no kustomize in PATH")
		}
		some := targets[:200]
		for b.Loop() {
			next := make(chan string)
			var wg sync.WaitGroup
			for range runtime.NumCPU() {
				wg.Go(func() {
					for overlay := range next {
						if out, err := exec.Command("kustomize", "build", overlay).CombinedOutput(); err != nil {
							b.Errorf("kustomize: %v: %s", err, out)
						}
					}
				})
			}
			for _, t := range some {
				next <- filepath.Join(dir, t.Dir)
			}
			close(next)
			wg.Wait()
		}
		b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N*len(some)), "ms/overlay")
	})
}

// BenchmarkCommand runs the command itself: how long version takes over a
// program that does nothing, and how the time and the memory of a first render
// with its proofs grow with the fleet.
func BenchmarkCommand(b *testing.B) {
	dir := b.TempDir()
	empty := filepath.Join(dir, "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	for bin, source := range map[string]string{"gitopsgen": "./cmd/gitopsgen", "empty": empty} {
		if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, bin), source).CombinedOutput(); err != nil {
			b.Fatalf("go build: %v\n%s", err, out)
		}
	}
	run := func(b *testing.B, bin string, args ...string) *os.ProcessState {
		cmd := exec.Command(filepath.Join(dir, bin), args...)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		return cmd.ProcessState
	}
	for _, bin := range []string{"empty", "gitopsgen"} {
		b.Run("version/"+bin, func(b *testing.B) {
			for b.Loop() {
				run(b, bin, "version")
			}
		})
	}
	for _, apps := range []int{100, 1000, 10000} {
		file := filepath.Join(dir, fmt.Sprint(apps, ".yaml"))
		if err := os.WriteFile(file, documents(b, fleetOf(apps)), 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("render/apps=%d", apps), func(b *testing.B) {
			peak := 0.0
			for b.Loop() {
				state := run(b, "gitopsgen", "render", "-f", file, "--output-dir", b.TempDir(), "--cache-dir", "none")
				peak = max(peak, peakMiB(state))
			}
			b.ReportMetric(peak, "MiB")
		})
	}
}

// documents writes a fleet as documents of JSON, which is YAML.
func documents(b *testing.B, f *model.Fleet) []byte {
	b.Helper()
	var out bytes.Buffer
	add := func(kind, name string, spec any) {
		data, err := json.Marshal(map[string]any{"apiVersion": model.APIVersion, "kind": kind, "metadata": map[string]string{"name": name}, "spec": spec})
		if err != nil {
			b.Fatal(err)
		}
		out.WriteString("---\n")
		out.Write(append(data, '\n'))
	}
	add("Fleet", f.Name, nil)
	for _, c := range f.Clusters {
		add("Cluster", c.Name, map[string]any{"kubernetesVersion": c.KubernetesVersion})
	}
	for _, e := range f.Environments {
		add("Environment", e.Name, map[string]any{"clusters": e.Clusters})
	}
	for _, a := range f.Apps {
		add("App", a.Name, struct {
			model.AppSpec
			Project      string                    `json:"project"`
			Environments map[string]model.Override `json:"environments"`
		}{a.Spec, a.Project, a.Environments})
	}
	return out.Bytes()
}
