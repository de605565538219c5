package features_test

import (
	"fmt"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// BenchmarkFleet audits a thousand apps with a route each, in two environments.
func BenchmarkFleet(b *testing.B) {
	f := featurestest.Fleet()
	for i := range 1000 {
		f.Apps = append(f.Apps, model.App{Name: fmt.Sprint("app-", i), Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{Ports: []model.Port{{Name: "http", Port: 80}}}, Routes: []model.Route{{Host: fmt.Sprint("app-", i)}}}})
	}
	r := resolve.New(f, features.Default())
	for b.Loop() {
		validate.Resolved(r, nil)
	}
}
