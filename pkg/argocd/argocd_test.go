package argocd_test

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
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
		return argocd.Target{Unit: "apps/web", Scope: resolve.Scope{Environment: env, Cluster: cluster}, Dir: dir, Reads: []string{"apps/web/base"}}
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
	out, err := argocd.New(f, resolve.New(f)).App("web", targets(), func(resolve.Scope) bool { return true }, nil)
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
	f.Delivery = model.Delivery{Strategy: model.ListSet, Rolling: model.Ptr(true), MaxUpdate: "1"}
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
		"": applications, model.Applications: applications, model.ListSet: set, model.ClusterSet: set, model.MatrixSet: set, model.MergeSet: set,
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
	_, err := argocd.New(f, resolve.New(f)).App("web", targets(), func(resolve.Scope) bool { return true }, nil)
	const want = "the strategy directories cannot deliver app web: the clusters a, b of prod share a directory"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

// TestOrder checks the waves of apps that come after others.
func TestOrder(t *testing.T) {
	f := fleet()
	f.Apps = append(f.Apps, model.App{Name: "db"}, model.App{Name: "late", After: []string{"web", "db"}})
	f.Apps[0].After = []string{"db"}
	m := argocd.New(f, resolve.New(f))
	for app, want := range map[string]any{"db": nil, "web": "1", "late": "2"} {
		out, err := m.Applications([]argocd.Target{{Unit: "apps/" + app, Scope: resolve.Scope{Environment: "dev", Cluster: "a"}, Dir: layout.Overlay("apps/"+app, "dev")}})
		if err != nil {
			t.Fatal(err)
		}
		if got := value(t, out[0], "metadata", "annotations", "argocd.argoproj.io/sync-wave"); got != want {
			t.Errorf("%s: got wave %v, want %v", app, got, want)
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

// TestVersions checks what older and newer versions of Argo CD are told.
func TestVersions(t *testing.T) {
	tests := map[string]struct {
		compare, deletes, named bool
	}{
		"3.2": {compare: true}, "v3.3.9": {compare: true, named: true}, "3.4": {compare: true, named: true, deletes: true},
		"3.5.7": {compare: true, named: true, deletes: true}, "3.6": {named: true, deletes: true},
	}
	for version, want := range tests {
		f := fleet()
		f.ArgoCD[0].Version = version
		app := files(t, f)[0] // of prod
		if got := value(t, app, "metadata", "annotations", "argocd.argoproj.io/compare-options") != nil; got != want.compare {
			t.Errorf("%s: compare options: %v, want %v", version, got, want.compare)
		}
		options, _ := value(t, app, "spec", "syncPolicy", "syncOptions").([]any)
		deletes := false
		for _, o := range options {
			deletes = deletes || o == "Delete=confirm"
		}
		if deletes != want.deletes {
			t.Errorf("%s: asks before it deletes: %v, want %v", version, deletes, want.deletes)
		}
		projects, err := argocd.New(f, resolve.New(f)).Projects([]argocd.Deployed{{
			Target:  argocd.Target{Unit: "platform/namespaces", Scope: resolve.Scope{Environment: "dev", Cluster: "a"}},
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
