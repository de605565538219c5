package argocd_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// fleet has two stages, and three clusters in the second.
func fleet() *model.Fleet {
	app := model.App{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1.0.0"}}}
	return &model.Fleet{
		Name: "shop", Repository: model.Repository{URL: "https://git.example.com/shop.git"},
		ArgoCD:       []model.ArgoCD{{Name: "hub", Cluster: "a"}},
		Clusters:     []model.Cluster{{Name: "a"}, {Name: "b", Server: "https://b"}, {Name: "c", Server: "https://c"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"a"}}, {Name: "prod", PromotedFrom: "dev", Canary: "b", Clusters: []string{"a", "b", "c"}}},
		Apps:         []model.App{app},
	}
}

// targets are those of an app whose cluster c differs.
func targets() []argocd.Target {
	target := func(env, cluster, dir string) argocd.Target {
		return argocd.Target{Unit: "apps/web", Scope: view.Scope{Environment: env, Cluster: cluster}, Dir: dir, Reads: []string{"apps/web/base"}}
	}
	return []argocd.Target{
		target("prod", "c", layout.Cluster("apps/web", "prod", "c")),
		target("prod", "a", layout.Overlay("apps/web", "prod")),
		target("prod", "b", layout.Overlay("apps/web", "prod")),
		target("dev", "a", layout.Overlay("apps/web", "dev")),
	}
}

func files(t *testing.T, f *model.Fleet) []tree.File {
	t.Helper()
	out, err := argocd.New(f, resolve.New(f, features.Default())).App("web", targets(), func(view.Scope) bool { return true }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func value(t *testing.T, f tree.File, path ...string) any {
	t.Helper()
	objects, err := object.Parse(f.Data)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := objects[0].Get(path...)
	return v
}

// TestSteps checks the order of a rolling sync.
func TestSteps(t *testing.T) {
	f := fleet()
	f.Delivery = model.Delivery{Strategy: model.ListSet, Rolling: new(true), MaxUpdate: "1"}
	in := func(key, operator string, values ...any) any {
		return map[string]any{"key": "gitopsgen.dev/" + key, "operator": operator, "values": values}
	}
	step := func(of ...any) any { return map[string]any{"matchExpressions": of, "maxUpdate": int64(1)} }
	want := []any{
		step(in("environment", "In", "dev")),
		step(in("environment", "In", "prod"), in("cluster", "In", "b")),
		step(in("environment", "In", "prod"), in("cluster", "NotIn", "b")),
	}
	set := files(t, f)[0]
	if diff := cmp.Diff(want, value(t, set, "spec", "strategy", "rollingSync", "steps")); diff != "" {
		t.Errorf("stages of promotion, and the canary first (-want +got):\n%s", diff)
	}
	if v := value(t, set, "spec", "template", "spec", "syncPolicy", "automated"); v != nil {
		t.Errorf("a rolling sync is not automated: %v", v)
	}
}

// TestFiles checks which files each strategy writes.
func TestFiles(t *testing.T) {
	applications := []string{"argocd/apps/prod/web-c.yaml", "argocd/apps/prod/web-a.yaml", "argocd/apps/prod/web-b.yaml", "argocd/apps/dev/web-a.yaml"}
	set := []string{"argocd/appsets/web.yaml"}
	for strategy, want := range map[model.Strategy][]string{
		"": applications, model.Applications: applications, model.ListSet: set, model.ClusterSet: set, model.MatrixSet: set,
		model.FileSet: append(set, "apps/web/targets/prod-c.yaml", "apps/web/targets/prod-a.yaml", "apps/web/targets/prod-b.yaml", "apps/web/targets/dev-a.yaml"),
	} {
		f := fleet()
		f.Delivery.Strategy = strategy
		var got []string
		for _, file := range files(t, f) {
			got = append(got, file.Path)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", strategy, diff)
		}
	}
}

// TestShared checks that directories cannot tell clusters apart which share one.
func TestShared(t *testing.T) {
	f := fleet()
	f.Delivery.Strategy = model.DirectorySet
	_, err := argocd.New(f, resolve.New(f, features.Default())).App("web", targets(), func(view.Scope) bool { return true }, nil)
	const want = "the strategy directories cannot deliver app web: the clusters a, b of prod share a directory"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

// TestOrder checks the waves of apps that come after others, and what roots wait
// for: never for an app that nothing comes after.
func TestOrder(t *testing.T) {
	app := func(name string, after ...string) model.App { return model.App{Name: name, After: after} }
	only := func(a model.App, env string) model.App { a.RunsIn = []string{env}; return a }
	inSet := func(a model.App) model.App { a.Delivery = &model.Delivery{Strategy: model.ListSet}; return a }
	tests := map[string]struct {
		reason string
		apps   []model.App
		want   map[string]string // waves in dev, where not 0
	}{
		"Free":      {"nothing comes after them", []model.App{app("a"), app("b")}, nil},
		"Chain":     {"the last of a chain is in the last wave, with those that are free", []model.App{app("a"), app("b", "a"), app("c", "b"), app("free")}, map[string]string{"a": "-2", "b": "-1"}},
		"Fork":      {"an app is before the first that comes after it", []model.App{app("a"), app("b", "a"), app("c", "a", "b")}, map[string]string{"a": "-2", "b": "-1"}},
		"Elsewhere": {"what comes after it does not run here", []model.App{app("a"), only(app("b", "a"), "prod")}, nil},
		"Through":   {"what comes after another that does not run here stays behind", []model.App{app("a"), only(app("b", "a"), "prod"), app("c", "b")}, map[string]string{"a": "-1"}},
		"AfterSet":  {"a root does not create what a set makes", []model.App{inSet(app("a")), app("b", "a")}, nil},
		"SetAfter":  {"a set makes what comes after it", []model.App{app("a"), inSet(app("b", "a"))}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := fleet()
			f.Apps = tc.apps
			m := argocd.New(f, resolve.New(f, features.Default()))
			for _, a := range tc.apps {
				if a.Delivery != nil || a.RunsIn != nil {
					continue // its root creates no Application of it
				}
				out, err := m.Applications([]argocd.Target{{Unit: "apps/" + a.Name, Scope: view.Scope{Environment: "dev", Cluster: "a"}, Dir: layout.Overlay("apps/"+a.Name, "dev")}})
				if err != nil {
					t.Fatal(err)
				}
				wave, _ := value(t, out[0], "metadata", "annotations", "argocd.argoproj.io/sync-wave").(string)
				awaited := value(t, out[0], "metadata", "annotations", "gitopsgen.dev/awaited") != nil
				if wave != tc.want[a.Name] || awaited != (wave != "") {
					t.Errorf("%s: %s: got wave %q, awaited %v, want wave %q", tc.reason, a.Name, wave, awaited, tc.want[a.Name])
				}
			}
		})
	}
}

// TestRoots checks what each root creates, and that the root of all has nothing
// to wait for.
func TestRoots(t *testing.T) {
	f := fleet()
	f.Environments[1].Branch = "live"
	f.Apps = append(f.Apps, model.App{Name: "late", After: []string{"web"}, Delivery: &model.Delivery{Strategy: model.ListSet}})
	f.Clusters[1].Registration = &model.Registration{Store: "vault", Key: "clusters/b"}
	f.Repository.Path = "deploy"
	m := argocd.New(f, resolve.New(f, features.Default()))
	applications, err := m.Applications(targets())
	if err != nil {
		t.Fatal(err)
	}
	projects, err := m.Projects([]argocd.Deployed{{Target: targets()[0], Project: "shop", Namespace: "shop-prod"}})
	if err != nil {
		t.Fatal(err)
	}
	bootstrap, err := m.Bootstrap(applications)
	if err != nil {
		t.Fatal(err)
	}
	type reads struct {
		Name, Path, Exclude, Branch string
		PrunesLast                  bool
	}
	got := map[string]reads{}
	for _, file := range bootstrap {
		if value(t, file, "kind") != "Application" {
			continue
		}
		text := func(path ...string) string { s, _ := value(t, file, path...).(string); return s }
		options, _ := value(t, file, "spec", "syncPolicy", "syncOptions").([]any)
		got[file.Path] = reads{text("metadata", "name"), text("spec", "source", "path"), text("spec", "source", "directory", "exclude"),
			text("spec", "source", "targetRevision"), slices.Contains(options, any("PruneLast=true"))}
		if value(t, file, "metadata", "finalizers") != nil {
			t.Errorf("%s: deleting a root must delete nothing else", file.Path)
		}
	}
	want := map[string]reads{
		"clusters/a/hub-roots.yaml": {"shop-roots", "deploy/argocd", "{apps,platform}/*", "main", false},
		"argocd/roots/dev.yaml":     {"shop-root-dev", "deploy/argocd/apps/dev", "", "main", true},
		"argocd/roots/prod.yaml":    {"shop-root-prod", "deploy/argocd/apps/prod", "", "live", true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
	for _, file := range append(projects, bootstrap...) {
		if wave := value(t, file, "metadata", "annotations", "argocd.argoproj.io/sync-wave"); wave != nil {
			t.Errorf("%s: has wave %v, for which the root of all would wait", file.Path, wave)
		}
	}
}

// TestJob checks that Argo CD compares the Application of a Job by itself, in
// every version: the API server refuses a dry run of what it cannot change.
func TestJob(t *testing.T) {
	for _, version := range []string{"3.5.7", "3.6"} {
		f := fleet()
		f.ArgoCD[0].Version = version
		for i := range f.Apps {
			f.Apps[i].Spec.Kind = model.Job
		}
		got := value(t, files(t, f)[0], "metadata", "annotations", "argocd.argoproj.io/compare-options")
		if got != "ServerSideDiff=false" {
			t.Errorf("%s: compare options are %v", version, got)
		}
	}
}

// TestSyncTimeout checks that no operation that goes well is ended.
func TestSyncTimeout(t *testing.T) {
	hook := func(phase model.HookPhase, seconds int64) model.Hook {
		return model.Hook{Name: "h" + string(phase), Phase: phase, Job: &model.JobSpec{ActiveDeadlineSeconds: &seconds}}
	}
	tests := map[string]struct {
		reason string
		change func(f *model.Fleet)
		want   string
	}{
		"Plain":   {"nothing but ten minutes for all else", func(*model.Fleet) {}, "600"},
		"Hook":    {"a hook's deadline", func(f *model.Fleet) { f.Apps[0].Spec.Hooks = []model.Hook{hook("", 1800)} }, "2400"},
		"Default": {"ten minutes where a hook does not say", func(f *model.Fleet) { f.Apps[0].Spec.Hooks = []model.Hook{{Name: "h"}} }, "1200"},
		"Behind": {"hooks one after another, and the rollout between them", func(f *model.Fleet) {
			f.Apps[0].Spec.Hooks = []model.Hook{hook(model.PreSync, 100), hook(model.PostSync, 200)}
		}, "1500"},
		"Deletion": {"a hook after a deletion is part of no sync", func(f *model.Fleet) { f.Apps[0].Spec.Hooks = []model.Hook{hook(model.PostDelete, 9000)} }, "600"},
		"Override": {"the longest of all environments", func(f *model.Fleet) {
			f.Apps[0].Environments = map[string]model.Override{"prod": {AppSpec: model.AppSpec{Hooks: []model.Hook{hook("", 3000)}}}}
		}, "3600"},
		"Order": {"a root waits for one wave after another", func(f *model.Fleet) {
			f.Apps = append(f.Apps, model.App{Name: "b", After: []string{"web"}}, model.App{Name: "c", After: []string{"b"}})
		}, "1800"},
		"Job": {"a root waits for a Job until its deadline", func(f *model.Fleet) {
			f.Apps[0].Spec.Kind = model.Job
			f.Apps = append(f.Apps, model.App{Name: "b", After: []string{"web"}})
		}, "4200"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := fleet()
			tc.change(f)
			out, err := argocd.New(f, resolve.New(f, features.Default())).Bootstrap(nil)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(out, func(f tree.File) bool { return path.Base(f.Path) == "hub-cmd-params-cm.yaml" })
			if got := value(t, out[i], "data", "controller.sync.timeout.seconds"); got != tc.want {
				t.Errorf("%s: got %v, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

// TestVersions checks what older and newer versions of Argo CD are told. Where
// Argo CD cannot ask at the deletion of an Application, its root does not delete
// it, and no root ever asks.
func TestVersions(t *testing.T) {
	tests := map[string]struct {
		compare, deletes, named, retained bool
	}{
		"3.2": {compare: true, retained: true}, "v3.3.9": {compare: true, named: true, retained: true}, "3.4": {compare: true, named: true, deletes: true},
		"3.5.7": {compare: true, named: true, deletes: true}, "3.6": {named: true, deletes: true},
	}
	for version, want := range tests {
		f := fleet()
		f.ArgoCD[0].Version = version
		app := files(t, f)[0] // of prod
		compare, _ := value(t, app, "metadata", "annotations", "argocd.argoproj.io/compare-options").(string)
		if got := strings.Contains(compare, "ServerSideDiff=true"); got != want.compare {
			t.Errorf("%s: compare options: %v, want %v", version, got, want.compare)
		}
		prune := value(t, app, "metadata", "annotations", "argocd.argoproj.io/sync-options")
		if got := prune == "Prune=false" && strings.Contains(compare, "IgnoreExtraneous"); got != want.retained || !got && prune != nil {
			t.Errorf("%s: the root has %v, and %s", version, prune, compare)
		}
		options, _ := value(t, app, "spec", "syncPolicy", "syncOptions").([]any)
		deletes := false
		for _, o := range options {
			deletes = deletes || o == "Delete=confirm"
		}
		if deletes != want.deletes {
			t.Errorf("%s: asks before it deletes: %v, want %v", version, deletes, want.deletes)
		}
		projects, err := argocd.New(f, resolve.New(f, features.Default())).Projects([]argocd.Deployed{{
			Target:  argocd.Target{Unit: "platform/namespaces", Scope: view.Scope{Environment: "dev", Cluster: "a"}},
			Project: "shop-platform", Namespace: "shop-dev", Objects: []object.ID{{Kind: "Namespace", Name: "shop-dev"}}}})
		if err != nil {
			t.Fatal(err)
		}
		list, _ := value(t, projects[0], "spec", "clusterResourceWhitelist").([]any)
		entry, _ := list[0].(map[string]any)
		if named := entry["name"] == "shop-dev"; named != want.named || path.Base(projects[0].Path) != "shop-platform.yaml" {
			t.Errorf("%s: kinds of the cluster by name: %v, want %v", version, named, want.named)
		}
	}
}
