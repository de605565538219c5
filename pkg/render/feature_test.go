package render_test

import (
	stdcmp "cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/rules"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// costs are the settings of the feature cost.
type costs struct {
	Center string      `json:"center,omitempty" doc:"Center is who pays. Default: the project."`
	Alerts []costAlert `json:"alerts,omitempty" merge:"name" doc:"Alerts say when somebody is asked."`
}

type costAlert struct {
	Name    string `json:"name"`
	Percent int32  `json:"percent,omitempty"`
}

// cost is a feature like those of gitopsgen: a budget for each app with a label, one
// for the fleet's environments, and checks of both.
func cost() feature.Feature {
	const label = "example.com/cost-center"
	budget := kind.Name{Group: "cost.example.com", Kind: "Budget"}
	quota := kind.Name{Group: "cost.example.com", Kind: "Quota"}
	make := func(n kind.Name, name, namespace, center string, alerts ...costAlert) (object.Object, error) {
		meta := map[string]any{"name": name}
		if namespace != "" {
			meta["namespace"] = namespace
		}
		spec := map[string]any{"center": center}
		for _, a := range alerts {
			spec["at-"+a.Name] = int64(a.Percent)
		}
		return object.FromMap(map[string]any{"apiVersion": n.Group + "/v1", "kind": n.Kind, "metadata": meta, "spec": spec})
	}
	return feature.Feature{
		Name: "cost", Version: "1", Settings: (*costs)(nil),
		Kinds: []kind.Kind{{Name: budget, Scope: kind.Namespaced, HoldsData: true, Creates: []kind.Name{{Group: "cost.example.com", Kind: "Bill"}}}, {Name: quota, Scope: kind.Cluster}},
		Rules: []rules.Rule{{ID: "cost-center", Reason: "Somebody pays.", Fix: "Add the label.", Source: "the finance department"}},
		Defaults: []feature.Default{{ID: "cost-center", Doc: "A workload without a cost center belongs to its project.", After: []string{"workload-kind"},
			Apply: func(d *feature.Derivation) {
				if d.Spec.Labels[label] == "" && d.Runs() {
					settings := feature.SettingsFor[costs](d, "cost")
					settings.Center = stdcmp.Or(settings.Center, d.Project)
					labels := map[string]string{label: settings.Center}
					for k, v := range d.Spec.Labels {
						labels[k] = v
					}
					d.Spec.Labels = labels
				}
			}}},
		CheckLayer: func(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
			if settings := feature.SettingsIn[costs](s, "cost"); settings != nil {
				for _, a := range settings.Alerts {
					if a.Percent > 100 {
						r.Errorf("cost-center", at.Field("extensions").Key("cost").Field("alerts").Key(a.Name).Field("percent"), "use at most 100", "%d is not a percentage", a.Percent)
					}
				}
			}
			if center := s.Labels[label]; strings.HasPrefix(center, "x") {
				r.Errorf("cost-center", at.Field("labels").Key(label), "use the name of a team", "%s is not a cost center", center)
			}
		},
		CheckFleet: func(r *feature.Report, f view.Fleet) {
			for _, app := range f.Apps() {
				if t, ok := f.TargetIdentity(app, view.Scope{}); ok && t.Project == "lab" {
					r.Warnf("cost-center", fieldpath.Path("apps").Key(app), "move it", "nobody pays for %s", app)
				}
			}
		},
		Objects: func(t *view.Target, v *view.View) ([]object.Object, error) {
			var out []object.Object
			callers := len(v.Callers(t.App, t.Scope))
			var alerts []costAlert
			if settings := feature.SettingsOf[costs](t, "cost"); settings != nil {
				alerts = settings.Alerts
			}
			o, err := make(budget, fmt.Sprintf("%s-for-%d", t.App, callers), t.Namespace, t.Spec.Labels[label], alerts...)
			return append(out, o), err
		},
		Components: []feature.Component{{Name: "cost", Objects: func(s view.Environment) ([]object.Object, error) {
			o, err := make(quota, s.Model.Name, "", s.Model.Name)
			return []object.Object{o}, err
		}}},
	}
}

// TestFeature adds a capability to the others, as one value and one option: it fills
// in, checks, makes objects of apps and of the platform, has kinds with a scope, data
// and children, and is remembered.
func TestFeature(t *testing.T) {
	shop := func(change func(*model.Fleet)) *model.Fleet {
		f := &model.Fleet{Name: "shop", Repository: model.Repository{URL: "https://git.example.com/shop.git"}, Clusters: []model.Cluster{{Name: "one"}, {Name: "two"}},
			Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}, {Name: "prod", Clusters: []string{"one"}}},
			ArgoCD:       []model.ArgoCD{{Name: "argocd", Cluster: "one", Clusters: []string{"one", "two"}}},
			Apps: []model.App{
				{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1"}, TalksTo: []model.Peer{{App: "db"}}}},
				{Name: "db", Project: "data", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "db:1", Ports: []model.Port{{Name: "sql", Port: 5432}}}}},
			}}
		if change != nil {
			change(f)
		}
		return f
	}
	m := &proofs{keys: map[string]string{}}
	opts := []render.Option{render.WithFeature(cost()), render.WithCache(m)}
	first := fleet(t, shop(nil), opts...)
	read := func(r *render.Result, path string) string {
		f, ok := r.Tree.Get(path)
		if !ok {
			t.Fatalf("there is no %s", path)
		}
		return string(f.Data)
	}
	for path, want := range map[string][]string{
		"apps/db/base/budget.yaml":                       {"name: db-for-1", "kind: Budget", "center: data", "argocd.argoproj.io/sync-options: Prune=false,Delete=false"},
		"apps/web/base/deployment.yaml":                  {"example.com/cost-center: shop"},
		"platform/cost/overlays/prod/quota.yaml":         {"kind: Quota", "center: prod"},
		"argocd/projects/data.yaml":                      {"kind: Budget", "kind: Bill"},
		"apps/db/overlays/prod/kustomization.yaml":       {"namespace: data-prod"},
		"platform/cost/overlays/prod/kustomization.yaml": {"quota.yaml"},
	} {
		for _, text := range want {
			if !strings.Contains(read(first, path), text) {
				t.Errorf("%s has no %q:\n%s", path, text, read(first, path))
			}
		}
	}
	if strings.Contains(read(first, "platform/cost/overlays/prod/quota.yaml"), "namespace:") {
		t.Error("a kind of the feature that is cluster-scoped got a namespace")
	}
	if diff := cmp.Diff([]string{"cost"}, first.Extensions); diff != "" {
		t.Errorf("extensions (-want +got):\n%s", diff)
	}
	again := fleet(t, shop(nil), append(opts, render.WithPrior(first.Tree))...)
	edge := fleet(t, shop(func(f *model.Fleet) { f.Apps[0].Spec.TalksTo = nil }), append(opts, render.WithPrior(first.Tree))...)
	if again.Report.Proved != 0 || edge.Report.Proved == 0 {
		t.Errorf("proved %d without a change, and %d after a change of what the feature asked", again.Report.Proved, edge.Report.Proved)
	}
	if !strings.Contains(read(edge, "apps/db/base/budget.yaml"), "name: db-for-0") {
		t.Error("what is remembered of db holds although its caller is gone")
	}
	_, err := render.Fleet(t.Context(), shop(func(f *model.Fleet) {
		f.Apps[0].Spec.Labels = map[string]string{"example.com/cost-center": "x1"}
	}), opts...)
	if want := "apps[web].spec.labels[example.com/cost-center]: x1 is not a cost center (use the name of a team)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	lab := fleet(t, shop(func(f *model.Fleet) { f.Apps[1].Project = "lab" }), opts...)
	if diff := cmp.Diff([]string{"warning: apps[db]: nobody pays for db (move it)"}, texts(lab)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	settings := func(c costs) model.Extensions { return model.Extensions{"cost": &c} }
	charged := func(percent int32) *model.Fleet {
		return shop(func(f *model.Fleet) {
			f.Defaults.Extensions = settings(costs{Center: "all", Alerts: []costAlert{{"half", 50}}})
			f.Environments[1].Defaults.Extensions = settings(costs{Alerts: []costAlert{{"half", percent}, {"full", 100}}})
			f.Apps[1].Spec.Extensions = settings(costs{Center: "dba"})
		})
	}
	paid := fleet(t, charged(60), append(opts, render.WithPrior(first.Tree))...)
	warm, cold := fleet(t, charged(70), append(opts, render.WithPrior(paid.Tree))...), fleet(t, charged(70), render.WithFeature(cost()))
	if stale := tree.Changes(cold.Tree, warm.Tree); len(stale) > 0 || len(tree.Changes(paid.Tree, warm.Tree)) == 0 {
		t.Errorf("what is remembered hides a change of settings: %v", stale)
	}
	for path, want := range map[string][]string{
		"apps/db/base/budget.yaml":                {"center: dba", "at-half: 50"},
		"apps/web/base/deployment.yaml":           {"example.com/cost-center: all"},
		"apps/db/overlays/prod/budget.patch.yaml": {"at-half: 60", "at-full: 100"},
	} {
		for _, text := range want {
			if !strings.Contains(read(paid, path), text) {
				t.Errorf("%s has no %q:\n%s", path, text, read(paid, path))
			}
		}
	}
	for name, tc := range map[string]struct {
		change func(*model.Fleet)
		want   string
	}{
		"Layer": {func(f *model.Fleet) {
			f.Environments[1].Defaults.Extensions = settings(costs{Alerts: []costAlert{{"half", 500}}})
		}, "environments[prod].defaults.extensions[cost].alerts[half].percent: 500 is not a percentage (use at most 100)"},
		"Type":  {func(f *model.Fleet) { f.Apps[0].Spec.Extensions = model.Extensions{"cost": costs{}} }, "apps[web].spec.extensions[cost]: the settings of the feature cost are not a render_test.costs (use a *render_test.costs)"},
		"Unset": {func(f *model.Fleet) { f.Apps[0].Spec.Unset = []fieldpath.Path{"extensions[cost].alert"} }, "apps[web].spec.unset[0]: extensions[cost] has no field alert: did you mean alerts? (use a field of the spec, as in env[DEBUG])"},
	} {
		if _, err := render.Fleet(t.Context(), shop(tc.change), opts...); err == nil || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
	set, err := render.Features(opts...)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(set.Rules(), func(r rules.Rule) bool { return r.ID == "cost-center" }) {
		t.Error("the rule is not documented")
	}
}

// texts returns the warnings of a result, but those about users of images.
func texts(r *render.Result) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Rule != "unknown-user" {
			out = append(out, f.String())
		}
	}
	return out
}
