package render_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

var update = flag.Bool("update", false, "rewrite the expected findings")

// TestBroken loads and renders each broken fleet and compares all findings with
// those that stand beside it.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("../../testdata/broken/*.yaml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d broken fleets, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: data})
			if err == nil {
				_, err = render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
			}
			var findings *finding.ValidationError
			if !errors.As(err, &findings) {
				t.Fatalf("no findings, but %v", err)
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestExtensionErrors lets a generator and a filter of the user's own fail: each is
// a finding about the app, beside those about other apps.
func TestExtensionErrors(t *testing.T) {
	fleet := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}}, Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
		Apps: []model.App{
			{Name: "api", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "api:1"}, Patches: []model.Patch{{Target: &model.PatchTarget{Kind: "Job"}, Merge: map[string]any{}}}}},
			{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}, {Name: "worker", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "worker:1"}}},
		}}
	_, err := render.Fleet(context.Background(), fleet,
		render.WithFeature(feature.Feature{Name: "owners", Objects: func(t *view.Target, _ *view.View) ([]object.Object, error) {
			if t.App == "web" {
				return nil, errors.New("web has no owner")
			}
			return nil, nil
		}}),
		render.WithFeature(feature.Feature{Name: "quota", Filter: func(t *view.Target, objects []object.Object) ([]object.Object, error) {
			if t.App == "worker" && t.Environment == "prod" {
				return nil, errors.New("worker is too large")
			}
			return objects, nil
		}}))
	var findings *finding.ValidationError
	if !errors.As(err, &findings) {
		t.Fatalf("no findings, but %v", err)
	}
	want := `apps[api].spec.patches[0]: the patch does not match anything: there is no Job (select an existing object with target.kind and target.name)
apps[web]: prod/home: feature owners: web has no owner (fix the feature)
apps[web]: the base: feature owners: web has no owner (fix the feature)
apps[worker]: prod/home: feature quota: worker is too large (fix the feature)`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestExtensionPanics lets extensions panic: each is a finding that names the
// extension and the line.
func TestExtensionPanics(t *testing.T) {
	fleet := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}}, Environments: []model.Environment{{Name: "prod", Clusters: []string{"home"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}}}
	for name, tc := range map[string]struct {
		reason string
		option render.Option
		want   string
	}{
		"Generator": {"A generator forgets that a field may be nil.",
			render.WithFeature(feature.Feature{Name: "owners", Objects: func(t *view.Target, _ *view.View) ([]object.Object, error) {
				return nil, errors.New(t.Spec.Schedule.TimeZone)
			}}), `feature owners panicked at broken_test\.go:\d+: runtime error: invalid memory address or nil pointer dereference \(fix the feature\)`},
		"Filter": {"A filter panics by itself.",
			render.WithFeature(feature.Feature{Name: "quota", Filter: func(*view.Target, []object.Object) ([]object.Object, error) { panic("no quota") }}),
			`feature quota panicked at broken_test\.go:\d+: no quota \(fix the feature\)`},
		"Check": {"A check looks behind the end of a list.",
			render.WithFeature(feature.Feature{Name: "last", CheckObjects: func(_ *feature.Report, _ fieldpath.Path, _ *view.Target, objects []object.Object) {
				_ = objects[len(objects)]
			}}),
			`feature last panicked at broken_test\.go:\d+: runtime error: index out of range .*\(fix the feature\)`},
		"Default": {"A default panics.", render.WithFeature(feature.Feature{Name: "cost", Defaults: []feature.Default{{ID: "cost", Apply: func(*feature.Derivation) { panic("no cost") }}}}),
			`feature cost panicked at broken_test\.go:\d+: no cost`},
		"Facts": {"So do facts.", render.WithFeature(feature.Feature{Name: "cost", Facts: func(*view.Target, *view.Facts) { panic("no facts") }}),
			`feature cost panicked at broken_test\.go:\d+: no facts`},
		"Model": {"A check of the fleet as it was written panics.", render.WithFeature(feature.Feature{Name: "cost", CheckModel: func(*feature.Report) { panic("no model") }}),
			`feature cost panicked at broken_test\.go:\d+: no model`},
		"Layer": {"A check of a layer panics.", render.WithFeature(feature.Feature{Name: "cost", CheckLayer: func(*feature.Report, fieldpath.Path, *model.AppSpec) { panic("no layer") }}),
			`feature cost panicked at broken_test\.go:\d+: no layer`},
		"Fleet": {"A check of the fleet panics.", render.WithFeature(feature.Feature{Name: "cost", CheckFleet: func(*feature.Report, view.Fleet) { panic("no fleet") }}),
			`feature cost panicked at broken_test\.go:\d+: no fleet`},
		"Component": {"A component of the platform panics.", render.WithFeature(feature.Feature{Name: "cost", Components: []feature.Component{{Name: "cost", Objects: func(view.Environment) ([]object.Object, error) { panic("no component") }}}}),
			`feature cost panicked at broken_test\.go:\d+: no component`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render.Fleet(context.Background(), fleet, tc.option)
			if err == nil || !regexp.MustCompile(tc.want).MatchString(err.Error()) {
				t.Errorf("%s: got %v, want %s", tc.reason, err, tc.want)
			}
		})
	}
}
