package helm_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// BenchmarkRender renders charts for five environments each, and compares that with
// one process of the helm command that GITOPSGEN_HELM names, if any. The charts are one
// of testdata, and the archives in the directory that GITOPSGEN_CHARTS names. Loading
// is done once for many releases, and has a figure of its own.
func BenchmarkRender(b *testing.B) {
	file := filepath.Join(b.TempDir(), "shop.tgz")
	if err := os.WriteFile(file, pack(b, filesOf(b, "testdata/charts/shop")), 0o644); err != nil {
		b.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(os.Getenv("GITOPSGEN_CHARTS"), "*.tgz"))
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range append([]string{file}, more...) {
		name := filepath.Base(file)
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		c, err := helm.Load(data)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/load", func(b *testing.B) {
			for b.Loop() {
				if _, err := helm.Load(data); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/environments=5", func(b *testing.B) {
			for b.Loop() {
				for _, env := range []string{"dev", "test", "stage", "prod", "dr"} {
					r := helm.Release{Name: releaseName, Namespace: env, KubeVersion: kubeVersion, Values: map[string]any{"global": map[string]any{"env": env}}}
					if _, err := c.Render(context.Background(), r); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run(name+"/helm", func(b *testing.B) {
			binary := os.Getenv("GITOPSGEN_HELM")
			if binary == "" {
				b.Skip("set GITOPSGEN_HELM to a helm binary")
			}
			for b.Loop() {
				if out, err := exec.Command(binary, "template", releaseName, file, "--include-crds", "--kube-version", kubeVersion).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}
