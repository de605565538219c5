package render_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestOptions checks that what a program hands in by mistake is an error, and
// neither a panic nor a tree that lacks everything.
func TestOptions(t *testing.T) {
	shop := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "one"}}, Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}}}
	for name, tc := range map[string]struct {
		reason string
		fleet  *model.Fleet
		option render.Option
		want   string
	}{
		"NoFleet":     {"There is nothing to render.", nil, render.WithWorkers(1), "the fleet is nil"},
		"Feature":     {"A feature has a name.", shop, render.WithFeature(feature.Feature{}), "is not a valid name of a feature"},
		"Twice":       {"No other feature has it.", shop, render.WithFeature(feature.Feature{Name: "workload"}), `two features have the name "workload"`},
		"Default":     {"A default that does nothing is a mistake.", shop, render.WithFeature(feature.Feature{Name: "cost", Defaults: []feature.Default{{ID: "cost"}}}), "the default cost of feature cost does nothing"},
		"App":         {"A selection of nothing would be an empty tree.", shop, render.WithSelection(render.Selection{Apps: []string{"wbe"}}), "the fleet has no app wbe"},
		"Environment": {"So would one of no environment.", shop, render.WithSelection(render.Selection{Environments: []string{"x"}}), "the fleet has no environment x"},
		"Cluster":     {"So would one of no cluster.", shop, render.WithSelection(render.Selection{Clusters: []string{"x"}}), "the fleet has no cluster x"},
		"Prior":       {"Without a prior tree nothing stands there.", shop, render.WithPrior(nil), ""},
		"Cache":       {"Without a cache everything is proved.", shop, render.WithCache(nil), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render.Fleet(context.Background(), tc.fleet, tc.option)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
	_, err := render.Fleet(context.Background(), shop, render.WithSelection(render.Selection{Apps: []string{"x"}, Clusters: []string{"y"}}))
	if found := new(finding.ValidationError); !errors.As(err, &found) || len(found.List) != 2 {
		t.Errorf("got %v, want a finding for each name", err)
	}
}
