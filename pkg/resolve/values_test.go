package resolve

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestMergeCharts lays layers with charts over each other.
func TestMergeCharts(t *testing.T) {
	type values = map[string]any
	of := func(v values) model.Chart { return model.Chart{Values: v} }
	for name, tc := range map[string]struct {
		reason string
		layers []model.AppSpec
		want   model.AppSpec
	}{
		"Deep": {"Maps merge at any depth; lists and single values are replaced.", []model.AppSpec{
			{Chart: &model.Chart{Values: values{"a": values{"b": values{"c": 1., "d": 1.}, "l": []any{1., 2.}}}}},
			{Chart: &model.Chart{Values: values{"a": values{"b": values{"c": 2.}, "l": []any{3.}}, "e": "x"}}},
		}, model.AppSpec{Chart: new(of(values{"a": values{"b": values{"c": 2., "d": 1.}, "l": []any{3.}}, "e": "x"}))}},
		"Null": {"Null is a value, which Helm gets; a later layer replaces it.", []model.AppSpec{
			{Chart: &model.Chart{Values: values{"a": values{"x": 1.}, "b": 1., "c": nil}}},
			{Chart: &model.Chart{Values: values{"a": nil, "b": nil, "c": values{"y": 1.}}}},
		}, model.AppSpec{Chart: new(of(values{"a": nil, "b": nil, "c": values{"y": 1.}}))}},
		"Unset": {"Unset returns to the chart's default: the value is gone, and so is a map that has no other.", []model.AppSpec{
			{Chart: &model.Chart{Values: values{"a": values{"b": 1., "c": 1.}, "d": values{"e": values{"f": 1.}}, "n": nil, "x.y/z": 1.}}},
			{Unset: []fieldpath.Path{"chart.values.a.b", "chart.values.d.e.f", "chart.values.n", "chart.values[x.y/z]", "chart.values.no.such"}},
		}, model.AppSpec{Chart: new(of(values{"a": values{"c": 1.}}))}},
		"UnsetBelowNull": {"What is below a null is not set.", []model.AppSpec{
			{Chart: &model.Chart{Values: values{"a": nil, "b": values{}}}}, {Unset: []fieldpath.Path{"chart.values.a.b", "chart.values.b.c"}},
		}, model.AppSpec{Chart: new(of(values{"a": nil, "b": values{}}))}},
		"Version": {"A layer may change the version alone.", []model.AppSpec{
			{Chart: &model.Chart{Repository: "oci://r", Name: "web", Version: "1.0.0"}}, {Chart: &model.Chart{Version: "1.1.0"}},
		}, model.AppSpec{Chart: &model.Chart{Repository: "oci://r", Name: "web", Version: "1.1.0"}}},
		"Path": {"A chart beside the model replaces one of a repository; the values stay.", []model.AppSpec{
			{Chart: &model.Chart{Repository: "oci://r", Name: "web", Version: "1.0.0", Values: values{"a": 1.}}}, {Chart: &model.Chart{Path: "web", Digest: "sha256:1"}},
		}, model.AppSpec{Chart: &model.Chart{Path: "web", Digest: "sha256:1", Values: values{"a": 1.}}}},
		"Repository": {"And the reverse.", []model.AppSpec{
			{Chart: &model.Chart{Path: "web", Digest: "sha256:1"}}, {Chart: &model.Chart{Repository: "oci://r", Name: "web"}},
		}, model.AppSpec{Chart: &model.Chart{Repository: "oci://r", Name: "web"}}},
		"Source": {"A chart replaces a directory.", []model.AppSpec{
			{Source: &model.Source{Path: "raw"}}, {Chart: &model.Chart{Path: "web"}},
		}, model.AppSpec{Chart: &model.Chart{Path: "web"}}},
		"From": {"What comes from the model merges by the path of the value.", []model.AppSpec{
			{Chart: &model.Chart{ValuesFrom: map[string]string{"host": "{app}.{domain}", "env": "{env}"}}}, {Chart: &model.Chart{ValuesFrom: map[string]string{"host": "www.{domain}"}}},
		}, model.AppSpec{Chart: &model.Chart{ValuesFrom: map[string]string{"host": "www.{domain}", "env": "{env}"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			before := merged(tc.layers[0])
			if diff := cmp.Diff(tc.want, merged(tc.layers...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(before, merged(tc.layers[0])); diff != "" {
				t.Errorf("merging changed a layer:\n%s", diff)
			}
		})
	}
}
