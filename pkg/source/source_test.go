package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestDirectory checks which specs a directory is the source of, and what it yields.
func TestDirectory(t *testing.T) {
	a := model.RawObject{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "a"}}
	for name, tc := range map[string]struct {
		reason  string
		spec    model.AppSpec
		names   bool
		defines []model.RawObject
		want    []view.WholeObject
	}{
		"Generated": {"Without a source, an app is generated.", model.AppSpec{}, false, nil, nil},
		"Objects":   {"Objects of the app itself are not those of a source.", model.AppSpec{Objects: []model.RawObject{a}}, false, nil, nil},
		"Directory": {"A directory yields its objects, each with its place.", model.AppSpec{Source: &model.Source{Path: "raw", Objects: []model.RawObject{a}}}, true,
			[]model.RawObject{a}, []view.WholeObject{{At: "source.objects[0]", Object: a}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := source.Directory()
			if got := s.Names(&tc.spec); got != tc.names {
				t.Fatalf("%s Names = %v", tc.reason, got)
			}
			if diff := cmp.Diff(tc.defines, s.Defines(&tc.spec)); diff != "" {
				t.Errorf("%s Defines (-want +got):\n%s", tc.reason, diff)
			}
			if !tc.names {
				return
			}
			got, err := s.Yield(&view.Target{Spec: tc.spec})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s Yield (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
