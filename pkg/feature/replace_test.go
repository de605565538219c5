package feature_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestReplace checks that a feature can put an object in the place of another's.
func TestReplace(t *testing.T) {
	made := func(kind, name string) object.Object {
		o, err := object.FromMap(map[string]any{"apiVersion": "example.com/v1", "kind": kind, "metadata": map[string]any{"name": name}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	set, err := feature.NewSet(
		feature.Feature{Name: "wrapper", Replace: func(_ *view.Target, o object.Object) (object.Object, error) {
			if o.Kind() == "Job" {
				return made("Wrapped", o.Name()), nil
			}
			return o, nil
		}},
		feature.Feature{Name: "workload", Objects: func(*view.Target, *view.View) ([]object.Object, error) {
			return []object.Object{made("Job", "web"), made("Other", "web")}, nil
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := set.Objects(&view.Target{App: "web"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range objects {
		got = append(got, o.Kind())
	}
	if diff := cmp.Diff([]string{"Other", "Wrapped"}, got); diff != "" {
		t.Errorf("The Job is not an object of the app any more (-want +got):\n%s", diff)
	}
}
