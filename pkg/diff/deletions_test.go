package diff_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func shop() *model.Fleet {
	app := func(name string) model.App {
		return model.App{Name: name, Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: name + ":1"}}}
	}
	f := &model.Fleet{
		Name: "shop", Repository: model.Repository{URL: "https://git.example.com/shop.git", Path: "deploy"},
		Clusters:     []model.Cluster{{Name: "one"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}, {Name: "prod", PromotedFrom: "dev", Clusters: []string{"one"}}},
		Apps:         []model.App{app("api"), app("web")},
	}
	f.Apps[1].RunsIn = []string{"prod"}
	f.Apps[1].Spec.Autoscaling = &model.Autoscaling{MaxReplicas: 4}
	f.Apps[1].Spec.Config = []model.Config{{Name: "settings", Data: map[string]string{"A": "b"}}}
	f.Apps[1].Spec.Volumes = []model.Volume{{Name: "data", ExistingClaim: "data"}}
	return f
}

func render1(t *testing.T, f *model.Fleet) *tree.Tree {
	t.Helper()
	result, err := render.Fleet(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return result.Tree
}

// reportOf compares the trees of the shop before and after a change. What is set
// up first is part of both.
func reportOf(t *testing.T, setup, change func(*model.Fleet)) diff.Report {
	t.Helper()
	before, after := shop(), shop()
	if setup != nil {
		setup(before)
		setup(after)
	}
	change(after)
	report, err := diff.Trees(render1(t, before), render1(t, after))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestKept says what Argo CD keeps when the model changes, because it holds data,
// and how it is deleted.
func TestKept(t *testing.T) {
	claim := func(f *model.Fleet) {
		f.Apps[0].Spec.Volumes = []model.Volume{{Name: "data", Claim: &model.Claim{Size: resource.MustParse("1Gi")}}}
	}
	stateful := func(f *model.Fleet) { claim(f); f.Apps[0].Spec.Kind = model.StatefulSet }
	tests := map[string]struct {
		reason string
		before func(*model.Fleet)
		change func(*model.Fleet)
		want   []string
	}{
		"Claim": {
			reason: "A claim that leaves its app stays.",
			before: claim, change: func(f *model.Fleet) { f.Apps[0].Spec.Volumes = nil },
			want: []string{
				"one: PersistentVolumeClaim shop-dev/api-data (Application api-dev-one): kubectl --context=one --namespace=shop-dev delete persistentvolumeclaim api-data",
				"one: PersistentVolumeClaim shop-prod/api-data (Application api-prod-one): kubectl --context=one --namespace=shop-prod delete persistentvolumeclaim api-data",
			},
		},
		"App": {
			reason: "It stays when its app goes.",
			before: claim, change: func(f *model.Fleet) { f.Apps = f.Apps[1:] },
			want: []string{
				"one: PersistentVolumeClaim shop-dev/api-data (Application api-dev-one): kubectl --context=one --namespace=shop-dev delete persistentvolumeclaim api-data",
				"one: PersistentVolumeClaim shop-prod/api-data (Application api-prod-one): kubectl --context=one --namespace=shop-prod delete persistentvolumeclaim api-data",
			},
		},
		"StatefulSet": {
			reason: "The claims of a StatefulSet outlive it, and nobody else knows them.",
			before: stateful, change: func(f *model.Fleet) { f.Apps = f.Apps[1:] },
			want: []string{
				"one: PersistentVolumeClaim shop-dev/data-api-* (Application api-dev-one): kubectl --context=one --namespace=shop-dev delete persistentvolumeclaim --selector=app.kubernetes.io/name=api",
				"one: PersistentVolumeClaim shop-prod/data-api-* (Application api-prod-one): kubectl --context=one --namespace=shop-prod delete persistentvolumeclaim --selector=app.kubernetes.io/name=api",
			},
		},
		"Scaled": {
			reason: "A StatefulSet that stays has its claims.",
			before: stateful, change: func(f *model.Fleet) { f.Apps[0].Spec.Replicas = new(int32(2)) },
		},
		"Pruned": {
			reason: "A claim that may be pruned is deleted.",
			before: func(f *model.Fleet) {
				claim(f)
				f.Apps[0].Spec.Volumes[0].Claim.Annotations = map[string]string{"argocd.argoproj.io/sync-options": "Prune=true"}
			},
			change: func(f *model.Fleet) { f.Apps[0].Spec.Volumes = nil },
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before, after := shop(), shop()
			tc.before(before)
			tc.before(after)
			tc.change(after)
			report, err := diff.Trees(render1(t, before), render1(t, after))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, k := range report.Kept {
				got = append(got, k.String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: (-want +got):\n%s", tc.reason, diff)
			}
			for _, d := range report.Deletions {
				if d.ID.Kind == "PersistentVolumeClaim" && name != "Pruned" {
					t.Errorf("%s: %s is deleted", tc.reason, d)
				}
			}
		})
	}
}

// TestDeletions says what Argo CD deletes, or leaves behind, when the model
// changes.
func TestDeletions(t *testing.T) {
	tests := map[string]struct {
		reason string
		before func(*model.Fleet)
		change func(*model.Fleet)
		want   []string
	}{
		"App": {
			reason: "In production a person is asked; what no other app has is no longer permitted, and stays.",
			change: func(f *model.Fleet) { f.Apps = f.Apps[:1] },
			want: []string{
				"one: ConfigMap shop-prod/web-settings (Application web-prod-one; list it under alsoPermits of project shop until it is gone)",
				"one: ServiceAccount shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: Deployment.apps shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: HorizontalPodAutoscaler.autoscaling shop-prod/web (Application web-prod-one; list it under alsoPermits of project shop until it is gone)",
				"one: NetworkPolicy.networking.k8s.io shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: PodDisruptionBudget.policy shop-prod/web (Application web-prod-one; list it under alsoPermits of project shop until it is gone)",
			},
		},
		"AlsoPermitted": {
			reason: "What the project goes on to permit goes.",
			change: func(f *model.Fleet) {
				f.Apps = f.Apps[:1]
				f.Projects = []model.Project{{Name: "shop", AlsoPermits: &model.Permits{Kinds: []string{"autoscaling/HorizontalPodAutoscaler", "policy/PodDisruptionBudget", "ConfigMap"}}}}
			},
			want: []string{
				"one: ConfigMap shop-prod/web-settings (Application web-prod-one, after a person confirms)",
				"one: ServiceAccount shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: Deployment.apps shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: HorizontalPodAutoscaler.autoscaling shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: NetworkPolicy.networking.k8s.io shop-prod/web (Application web-prod-one, after a person confirms)",
				"one: PodDisruptionBudget.policy shop-prod/web (Application web-prod-one, after a person confirms)",
			},
		},
		"Object": {
			reason: "An object that leaves an app is pruned without asking.",
			change: func(f *model.Fleet) { f.Apps[1].Spec.Config = nil },
			want:   []string{"one: ConfigMap shop-prod/web-settings (Application web-prod-one; list it under alsoPermits of project shop until it is gone)"},
		},
		"NoPrune": {
			reason: "Without pruning, it stays, out of sync.",
			before: func(f *model.Fleet) { f.Defaults.Sync = &model.Sync{Prune: new(false)} },
			change: func(f *model.Fleet) { f.Apps[1].Spec.Config = nil },
		},
		"Set": {
			reason: "A set that preserves resources deletes nothing.",
			before: func(f *model.Fleet) { f.Delivery.Strategy = model.ListSet },
			change: func(f *model.Fleet) { f.Apps = f.Apps[:1] },
		},
		"Renamed": {
			reason: "A new name is another object.",
			change: func(f *model.Fleet) { f.Apps[0].Name = "backend" },
			want: []string{
				"one: ServiceAccount shop-dev/api (Application api-dev-one)",
				"one: Deployment.apps shop-dev/api (Application api-dev-one)",
				"one: NetworkPolicy.networking.k8s.io shop-dev/api (Application api-dev-one)",
				"one: ServiceAccount shop-prod/api (Application api-prod-one, after a person confirms)",
				"one: Deployment.apps shop-prod/api (Application api-prod-one, after a person confirms)",
				"one: NetworkPolicy.networking.k8s.io shop-prod/api (Application api-prod-one, after a person confirms)",
			},
		},
		"Value": {
			reason: "A changed value deletes nothing.",
			change: func(f *model.Fleet) { f.Apps[0].Spec.Image = "api:2" },
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			report := reportOf(t, tc.before, tc.change)
			var got []string
			for _, d := range report.Deletions {
				got = append(got, d.String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
