package render_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestCounts checks that a narrowed run has the targets of a whole one: the
// overlay that the clusters of an environment share is none where each of them
// has one of its own.
func TestCounts(t *testing.T) {
	for name, different := range map[string][]string{
		"Same":      nil,
		"OneDiffer": {"two"},
		"AllDiffer": {"one", "two"},
	} {
		t.Run(name, func(t *testing.T) {
			app := model.App{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}}}
			clusters := map[string]model.AppSpec{}
			for i, c := range different {
				clusters[c] = model.AppSpec{Replicas: new(int32(i + 2))}
			}
			app.Environments = map[string]model.Override{"prod": {Clusters: clusters}}
			f := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "one"}, {Name: "two"}},
				Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}, {Name: "prod", Clusters: []string{"one", "two"}}},
				Apps:         []model.App{app}}
			whole := fleet(t, f)
			narrow := fleet(t, f, render.WithPrior(whole.Tree), render.WithSelection(render.Selection{Environments: []string{"dev"}}))
			if diff := cmp.Diff(whole.Targets, narrow.Targets); diff != "" {
				t.Errorf("targets (-whole +narrowed):\n%s", diff)
			}
			if r := narrow.Report; r.Proved+r.Remembered+r.Retained != r.Targets {
				t.Errorf("the counters do not add up: %+v", r)
			}
		})
	}
}
