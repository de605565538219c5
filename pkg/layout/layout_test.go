package layout_test

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func objects(t *testing.T, ids ...object.ID) []object.Object {
	t.Helper()
	var out []object.Object
	for _, id := range ids {
		meta := map[string]any{"name": id.Name}
		if id.Namespace != "" {
			meta["namespace"] = id.Namespace
		}
		version := "v1"
		if id.Group != "" {
			version = id.Group + "/v1"
		}
		o, err := object.FromMap(map[string]any{"apiVersion": version, "kind": id.Kind, "metadata": meta})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, o)
	}
	return out
}

func TestParseDir(t *testing.T) {
	for dir, want := range map[string]layout.Place{
		layout.Overlay(layout.App("web"), "prod"):                   {Unit: "apps/web", Environment: "prod"},
		layout.Overlay(layout.App("overlays"), "prod"):              {Unit: "apps/overlays", Environment: "prod"},
		layout.Overlay(layout.Component(layout.Namespaces), "prod"): {Unit: "platform/namespaces", Environment: "prod"},
		layout.Cluster(layout.App("web"), "prod", "tokyo"):          {Unit: "apps/web", Environment: "prod", Cluster: "tokyo"},
		layout.OnCluster(layout.Component("storage"), "tokyo"):      {Unit: "platform/storage", Cluster: "tokyo"},
		layout.Rendered("", "tokyo", layout.Component("storage")):   {Unit: "platform/storage", Cluster: "tokyo"},
		layout.Cluster(layout.App("clusters"), "prod", "tokyo"):     {Unit: "apps/clusters", Environment: "prod", Cluster: "tokyo"},
		layout.Rendered("prod", "tokyo", layout.App("web")):         {Unit: "apps/web", Environment: "prod", Cluster: "tokyo"},
		layout.Rendered("prod", "tokyo", layout.Component("ns")):    {Unit: "platform/ns", Environment: "prod", Cluster: "tokyo"},
		layout.Rendered("overlays", "overlays", layout.App("a")):    {Unit: "apps/a", Environment: "overlays", Cluster: "overlays"},
	} {
		got, ok := layout.ParseDir(dir)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("ParseDir(%q): %v (-want +got):\n%s", dir, ok, diff)
		}
	}
	for _, dir := range []string{"", ".", "apps", layout.Base("apps/web"), "apps/web/overlays", "a/b/c/d/e", "rendered/prod/tokyo"} {
		if got, ok := layout.ParseDir(dir); ok {
			t.Errorf("ParseDir(%q): got %v, want none", dir, got)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, tc := range []struct{ from, to, want string }{
		{"apps/a/overlays/prod", "apps/a/base", "../../base"},
		{"apps/a/clusters/prod/tokyo", "apps/a/overlays/prod", "../../../overlays/prod"},
		{"apps/a/overlays/prod", "platform/b", "../../../../platform/b"},
		{"apps/a", "apps/a/base", "base"},
		{"apps/a", "apps/ab", "../ab"},
	} {
		if got := layout.Relative(tc.from, tc.to); got != tc.want {
			t.Errorf("Relative(%q, %q): got %q, want %q", tc.from, tc.to, got, tc.want)
		}
	}
}

func TestObjectFiles(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		ids    []object.ID
		want   []string
	}{
		"Kinds":      {"The only object of its kind needs no name.", []object.ID{{Kind: "Service", Name: "x"}, {Group: "apps", Kind: "Deployment", Name: "web"}}, []string{"service.yaml", "deployment.yaml"}},
		"Names":      {"Where there are several, only the app's own has none.", []object.ID{{Kind: "ConfigMap", Name: "web"}, {Kind: "ConfigMap", Name: "b"}}, []string{"configmap.yaml", "configmap-b.yaml"}},
		"Groups":     {"The group tells kinds of one name apart.", []object.ID{{Kind: "Service", Name: "web"}, {Group: "serving.knative.dev", Kind: "Service", Name: "web"}}, []string{"service--web.yaml", "service-serving.knative.dev-web.yaml"}},
		"Namespaces": {"The namespace tells the rest apart.", []object.ID{{Kind: "Secret", Namespace: "m", Name: "a"}, {Kind: "Secret", Namespace: "p", Name: "a"}}, []string{"secret-_m_a.yaml", "secret-_p_a.yaml"}},
		"RBAC":       {"Names of roles hold what files may not.", []object.ID{{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "system:a/b"}, {Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "c"}}, []string{"clusterrole-system%3aa%2fb.yaml", "clusterrole-c.yaml"}},
		"Patches":    {"No object has the name of a patch.", []object.ID{{Kind: "ConfigMap", Name: "a.patch"}, {Kind: "ConfigMap", Name: "a"}}, []string{"configmap-a%2epatch.yaml", "configmap-a.yaml"}},
		"None":       {"No objects, no files.", nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, layout.ObjectFiles("apps/web", objects(t, tc.ids...))); diff != "" {
				t.Errorf("%s: ObjectFiles (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestPatchFile(t *testing.T) {
	if got := layout.PatchFile("configmap-a.yaml"); got != "configmap-a.patch.yaml" {
		t.Errorf("the patch of configmap-a.yaml is %s", got)
	}
}

func TestRenderedFiles(t *testing.T) {
	ids := []object.ID{
		{Kind: "Namespace", Name: "shop"}, {Group: "apps", Kind: "Deployment", Namespace: "shop", Name: "web"}, {Kind: "Secret", Namespace: "other", Name: "web"},
		{Kind: "Service", Namespace: "shop", Name: "web"}, {Group: "serving.knative.dev", Kind: "Service", Namespace: "shop", Name: "web"},
		{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "system:a"},
	}
	want := []string{"namespace-shop.yaml", "deployment-web.yaml", "secret-web_other.yaml", "service-web.yaml", "service.serving.knative.dev-web.yaml", "clusterrole-system%3aa.yaml"}
	if diff := cmp.Diff(want, layout.RenderedFiles("shop", ids)); diff != "" {
		t.Errorf("RenderedFiles (-want +got):\n%s", diff)
	}
}

// TestFilesAreApart names many objects whose parts look alike: no two share a
// file, and every file can stand in a tree.
func TestFilesAreApart(t *testing.T) {
	var ids []object.ID
	for _, group := range []string{"", "a", "a.b"} {
		for _, kind := range []string{"Aa", "Bb"} {
			for _, ns := range []string{"", "a", "c", "c.d"} {
				for _, name := range []string{"a", "b", "a-b", "b-a", "a-a-b", "web"} {
					ids = append(ids, object.ID{Group: group, Kind: kind, Namespace: ns, Name: name})
				}
			}
		}
	}
	for name, files := range map[string][]string{
		"ObjectFiles": layout.ObjectFiles("apps/web", objects(t, ids...)), "RenderedFiles": layout.RenderedFiles("a", ids),
	} {
		first := map[string]object.ID{}
		for i, f := range files {
			if id, ok := first[f]; ok {
				t.Errorf("%s: %s and %s are both in %s", name, id, ids[i], f)
			}
			first[f] = ids[i]
			if err := tree.CheckPath(f); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// FuzzPlaces checks that directories are named apart and found again, whatever
// the names of their parts, and that the way from one to the other is right.
func FuzzPlaces(f *testing.F) {
	f.Add("web", "prod", "tokyo")
	f.Add("overlays", "clusters", "rendered")
	f.Add("base", "overlays", "base")
	f.Fuzz(func(t *testing.T, app, env, cluster string) {
		for _, name := range []string{app, env, cluster} {
			if strings.Contains(name, "/") || tree.CheckPath(name) != nil {
				return // no name of a model
			}
		}
		unit := layout.App(app)
		for dir, want := range map[string]layout.Place{
			layout.Overlay(unit, env):           {Unit: unit, Environment: env},
			layout.Cluster(unit, env, cluster):  {Unit: unit, Environment: env, Cluster: cluster},
			layout.Rendered(env, cluster, unit): {Unit: unit, Environment: env, Cluster: cluster},
		} {
			if got, ok := layout.ParseDir(dir); !ok || got != want {
				t.Errorf("ParseDir(%q): got %v, want %v", dir, got, want)
			}
			for _, to := range []string{layout.Base(unit), layout.Overlay(unit, env), layout.Component(app)} {
				if way := layout.Relative(dir, to); path.Join(dir, way) != to {
					t.Errorf("Relative(%q, %q): %q leads to %q", dir, to, way, path.Join(dir, way))
				}
			}
		}
		for _, dir := range []string{layout.ArgoCD(""), layout.ArgoCD("hub")} {
			if e, c, ok := layout.ParseApplication(layout.Application(dir, env, app, cluster), app); !ok || e != env || c != cluster {
				t.Errorf("ParseApplication: got %q, %q, %v, want %q, %q", e, c, ok, env, cluster)
			}
			if above, e, ok := layout.ParseApplications(layout.Applications(dir, env)); !ok || e != env || above != dir {
				t.Errorf("ParseApplications: got %q, %q, %v, want %q, %q", above, e, ok, dir, env)
			}
		}
		if c, ok := layout.ParseParameters(layout.Parameters(unit, env, cluster), unit, env); !ok || c != cluster {
			t.Errorf("ParseParameters: got %q, %v, want %q", c, ok, cluster)
		}
		if files := layout.RenderedFiles("", []object.ID{{Kind: app, Namespace: env, Name: cluster}}); tree.CheckPath(files[0]) != nil {
			t.Errorf("RenderedFiles: %q cannot stand in a tree", files[0])
		}
	})
}

func TestOwnsOnCluster(t *testing.T) {
	const storage = "platform/storage"
	for _, tc := range []struct {
		unit, cluster, path string
		want                bool
		reason              string
	}{
		{storage, "tokyo", layout.OnCluster(storage, "tokyo") + "/storageclass.yaml", true, "its overlay"},
		{storage, "tokyo", layout.OnCluster(storage, "paris") + "/storageclass.yaml", false, "another cluster's"},
		{storage, "tokyo", layout.Base(storage) + "/storageclass.yaml", false, "what clusters share"},
		{storage, "tokyo", layout.Application("argocd", "", "platform-storage", "tokyo"), true, "its Application"},
		{storage, "tokyo", layout.Application("argocd/hub", "", "platform-storage", "tokyo"), true, "its Application in another instance"},
		{storage, "tokyo", layout.Application("argocd", "", "platform-storage", "paris"), false, "another cluster's"},
		{storage, "tokyo", layout.Rendered("", "tokyo", storage) + "/a.yaml", true, "what is built"},
		{storage, "tokyo", layout.Rendered("prod", "tokyo", storage) + "/a.yaml", false, "an environment's"},
		{"apps/web", "tokyo", layout.OnCluster("apps/web", "tokyo") + "/a.yaml", false, "apps have environments"},
	} {
		if got := layout.OwnsOnCluster(tc.unit, tc.cluster, tc.path); got != tc.want {
			t.Errorf("OwnsOnCluster(%q, %q, %q): got %v: %s", tc.unit, tc.cluster, tc.path, got, tc.reason)
		}
		if tc.want && !layout.CanOwn(tc.path) {
			t.Errorf("CanOwn(%q): got false", tc.path)
		}
	}
}

func TestCanOwn(t *testing.T) {
	for path, want := range map[string]bool{
		"apps/web/base/service.yaml": true, layout.Guide: true, layout.Attributes: true,
		"README.md": false, ".gitattributes": false, "apps/README.md": false, "src/lib/base/main.go": false,
		layout.Inventories + "/mine.md": false, layout.Inventories + "/apps/README.md": false, layout.Guide + "/x": false,
	} {
		if got := layout.CanOwn(path); got != want {
			t.Errorf("CanOwn(%q): got %v, want %v", path, got, want)
		}
	}
}

func TestOwns(t *testing.T) {
	const (
		web   = "apps/web"
		store = "platform/stores"
	)
	for _, tc := range []struct {
		unit, env, path string
		want            bool
		reason          string
	}{
		{web, "", layout.Base(web) + "/service.yaml", true, "what environments share"},
		{web, "", layout.Overlay(web, "prod") + "/service.yaml", false, "an environment's"},
		{web, "", "apps/web/notes.md", false, "a person's"},
		{web, "", "apps/web2/base/x.yaml", false, "another app's"},
		{web, "", "CODEOWNERS", false, "a person's"},
		{web, "prod", layout.Overlay(web, "prod") + "/a/b.yaml", true, "an overlay"},
		{web, "prod", layout.Overlay(web, "production") + "/b.yaml", false, "another environment's"},
		{web, "prod", layout.Cluster(web, "prod", "tokyo") + "/b.yaml", true, "a cluster's overlay"},
		{web, "dev", layout.Preview(web, "dev") + "/b.yaml", true, "the overlay of previews"},
		{web, "prod", layout.Preview(web, "dev") + "/b.yaml", false, "that of another environment"},
		{web, "", layout.Preview(web, "dev") + "/b.yaml", false, "an environment's"},
		{store, "dev", layout.Preview(store, "dev") + "/b.yaml", false, "a component has no previews"},
		{web, "prod", layout.Parameters(web, "prod", "tokyo"), true, "what a set reads"},
		{web, "prod", layout.Parameters(web, "dev", "tokyo"), false, "another environment's"},
		{web, "prod", layout.Rendered("prod", "tokyo", web) + "/x.yaml", true, "built objects"},
		{web, "prod", layout.Rendered("dev", "tokyo", web) + "/x.yaml", false, "another environment's"},
		{web, "prod", layout.Rendered("prod", "tokyo", "apps/api") + "/x.yaml", false, "another app's"},
		{web, "prod", layout.Application(layout.ArgoCD(""), "prod", "web", "tokyo"), true, "its Application"},
		{web, "prod", layout.Application(layout.ArgoCD("hub"), "prod", "web", "tokyo"), true, "one of several instances"},
		{web, "prod", layout.Application(layout.ArgoCD(""), "dev", "web", "tokyo"), false, "another environment's"},
		{web, "prod", layout.Application(layout.ArgoCD(""), "prod", "api", "tokyo"), false, "another app's"},
		{store, "prod", layout.Application(layout.ArgoCD(""), "prod", "platform-stores", "tokyo"), true, "a component's Application"},
		{web, "", layout.ApplicationSet(layout.ArgoCD(""), "web"), true, "its set"},
		{web, "", layout.ApplicationSet(layout.ArgoCD("hub"), "web-previews"), true, "the set of its previews"},
		{web, "", layout.ApplicationSet(layout.ArgoCD(""), "api"), false, "another app's"},
		{"argocd/shop", "", layout.AppProject(layout.ArgoCD("hub"), "shop"), true, "its project"},
		{"argocd/shop", "", layout.AppProject(layout.ArgoCD(""), "other"), false, "another project's"},
		{"clusters/hub", "", layout.Bootstrap("hub") + "/root.yaml", true, "what is applied once"},
		{"clusters/hub", "", layout.Setting(layout.ArgoCD(""), "cm"), true, "a setting of the instance"},
		{layout.RootUnit("prod"), "", layout.Root(layout.ArgoCD("hub"), "prod"), true, "the root of an environment"},
		{layout.RootUnit(""), "", layout.Root(layout.ArgoCD(""), ""), true, "the root of what runs once per cluster"},
		{layout.RootUnit("dev"), "", layout.Root(layout.ArgoCD("hub"), "prod"), false, "another environment's"},
		{web, "prod", layout.Root(layout.ArgoCD(""), "prod"), false, "the instance's"},
		{"clusters/hub", "", layout.Bootstrap("edge") + "/root.yaml", false, "another cluster's"},
		{web, "", "argocd/web.yaml", false, "nothing of ours stands there"},
		{"src/lib", "", "src/lib/base/main.go", false, "no unit of ours is there"},
		{"src/lib", "prod", "src/lib/overlays/prod/main.go", false, "nor its environments"},
		{"rendered/prod", "", "rendered/prod/base/apps/web/x.yaml", false, "built objects are an environment's"},
		{layout.GuideUnit, "", layout.Guide, true, "what explains the tree"},
		{layout.GuideUnit, "", layout.Attributes, true, "what marks the inventories"},
		{layout.GuideUnit, "", layout.Inventories + "/other.md", false, "a person's"},
		{layout.GuideUnit, "", layout.Inventories + "/guide/base.yaml", false, "its inventory"},
		{layout.GuideUnit, "", "guide/base/x.yaml", false, "the guide has no base"},
		{layout.GuideUnit, "", "README.md", false, "a person's"},
		{layout.GuideUnit, "", "argocd/roots/guide.yaml", false, "the guide has nothing of Argo CD"},
		{layout.GuideUnit, "prod", layout.Guide, false, "the guide is of no environment"},
		{layout.GuideUnit + "/a", "", layout.Guide, false, "the guide has no parts"},
		{web, "", layout.Guide, false, "the guide's"},
		{"clusters/hub", "", layout.Attributes, false, "the guide's"},
	} {
		if got := layout.Owns(tc.unit, tc.env, tc.path); got != tc.want {
			t.Errorf("Owns(%q, %q, %q): got %v: %s", tc.unit, tc.env, tc.path, got, tc.reason)
		}
		if tc.want && !layout.CanOwn(tc.path) {
			t.Errorf("CanOwn(%q): got false", tc.path)
		}
	}
}
