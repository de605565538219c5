package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestMoved says what is reported of a cluster that comes to differ from its
// environment, or no longer does: what changes for it, and no deletion.
func TestMoved(t *testing.T) {
	differ := func(f *model.Fleet) {
		o := f.Apps[0].Environments["prod"]
		o.Clusters = map[string]model.AppSpec{"two": {Replicas: new(int32(3))}}
		f.Apps[0].Environments = map[string]model.Override{"prod": o}
	}
	two := func(f *model.Fleet) {
		f.ArgoCD = []model.ArgoCD{{Name: "hub", Cluster: "one"}}
		f.Clusters = append(f.Clusters, model.Cluster{Name: "two"})
		f.Environments[1].Clusters = []string{"one", "two"}
	}
	const dir, own = "apps/api/overlays/prod", "apps/api/clusters/prod/two"
	type target struct {
		dir, from, cluster string
		kind               diff.Kind
		objects            []string
	}
	tests := map[string]struct {
		reason        string
		strategy      model.Strategy
		before, after func(*model.Fleet)
		want          []target
		deleted       int
	}{
		"Gone": {
			reason: "The difference goes: the replicas change, and everything else stays.",
			before: differ, after: func(*model.Fleet) {},
			want:    []target{{dir, own, "two", diff.Moved, []string{"Deployment.apps shop-prod/api", "PodDisruptionBudget.policy shop-prod/api"}}},
			deleted: 1, // the budget of three replicas
		},
		"Came": {
			reason: "The difference comes.",
			before: func(*model.Fleet) {}, after: differ,
			want: []target{{own, dir, "two", diff.Moved, []string{"Deployment.apps shop-prod/api", "PodDisruptionBudget.policy shop-prod/api"}}},
		},
		"Everywhere": {
			reason: "The environment becomes like the cluster, whose objects stay as they are.",
			before: differ, after: func(f *model.Fleet) {
				f.Apps[0].Environments = map[string]model.Override{"prod": {AppSpec: model.AppSpec{Replicas: new(int32(3))}}}
			},
			want: []target{
				{dir, "", "", diff.Changed, []string{"Deployment.apps shop-prod/api", "PodDisruptionBudget.policy shop-prod/api"}},
				{dir, own, "two", diff.Moved, nil},
			},
		},
		"Set": {
			reason: "So it is with an ApplicationSet.", strategy: model.ListSet,
			before: differ, after: func(*model.Fleet) {},
			want:    []target{{dir, own, "two", diff.Moved, []string{"Deployment.apps shop-prod/api", "PodDisruptionBudget.policy shop-prod/api"}}},
			deleted: 1,
		},
		"NoArgoCD": {
			reason: "Without Argo CD, the tree does not name its clusters: they stay.",
			before: func(f *model.Fleet) { differ(f); f.ArgoCD = nil }, after: func(f *model.Fleet) { f.ArgoCD = nil },
			want: []target{{dir, own, "two", diff.Moved, []string{"Deployment.apps shop-prod/api", "PodDisruptionBudget.policy shop-prod/api"}}},
		},
		"ClusterLeaves": {
			reason: "A cluster that leaves takes all along.",
			before: differ, after: func(f *model.Fleet) { f.Environments[1].Clusters = []string{"one"} },
			want:    []target{{own, "", "two", diff.Removed, nil}},
			deleted: 4,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before, after := shop(), shop()
			for i, f := range []*model.Fleet{before, after} {
				f.Delivery.Strategy = tc.strategy
				two(f)
				[]func(*model.Fleet){tc.before, tc.after}[i](f)
			}
			report, err := diff.Trees(render1(t, before), render1(t, after))
			if err != nil {
				t.Fatal(err)
			}
			var got []target
			for _, x := range report.Targets {
				if x.Unit != "apps/api" {
					continue
				}
				s := target{x.Dir, x.MovedFrom, x.Cluster, x.Kind, nil}
				for _, o := range x.Objects {
					if x.Kind != diff.Removed {
						s.objects = append(s.objects, o.ID.String())
					}
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(target{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			deleted := 0
			for _, d := range report.Deletions {
				if d.Cluster == "two" && d.ID.Name == "api" {
					deleted++
				}
			}
			if deleted != tc.deleted {
				t.Errorf("%s: %d objects are deleted from two, want %d: %v", tc.reason, deleted, tc.deleted, report.Deletions)
			}
		})
	}
}
