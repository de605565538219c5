package resolve_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestRemovals names the rule that removes what a layer says.
func TestRemovals(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		spec   model.AppSpec
		want   resolve.Removals
	}{
		"Replicas": {"An autoscaler owns the number of replicas.", model.AppSpec{Replicas: new(int32(3)), Autoscaling: &model.Autoscaling{MaxReplicas: 5}},
			resolve.Removals{"replicas": {Layer: "app", Path: "apps[web].spec.replicas", Rule: "replicas"}}},
		"Surge": {"A strategy without numbers has none.", model.AppSpec{UpdateStrategy: &model.UpdateStrategy{Type: "Recreate", Partition: new(int32(1))}},
			resolve.Removals{"updateStrategy.partition": {Layer: "app", Path: "apps[web].spec.updateStrategy.partition", Rule: "update-strategy"}}},
		"Completed": {"A name that a rule completes is not removed.", model.AppSpec{Routes: []model.Route{{Host: "shop"}}, ContainerSpec: model.ContainerSpec{Ports: []model.Port{{Name: "http", Port: 80}}}}, resolve.Removals{}},
		"Nothing":   {"Most rules only fill in.", model.AppSpec{Replicas: new(int32(3))}, resolve.Removals{}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.spec.Image = "web:1"
			r := resolve.New(&model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "home"}},
				Environments: []model.Environment{{Name: "prod", Domain: "example.com", Clusters: []string{"home"}}},
				Apps:         []model.App{{Name: "web", Spec: tc.spec}}}, features.Default())
			_, _, got := r.Explained("web", view.Scope{Environment: "prod"})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
