package render_test

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// everyKind returns a whole object of every known kind, and of two that only the
// fleet describes.
func everyKind(name string) []model.RawObject {
	old := map[kind.Name]string{{Group: "policy", Kind: "PodSecurityPolicy"}: "v1beta1", {Group: "extensions", Kind: "Ingress"}: "v1beta1"}
	var out []model.RawObject
	for _, n := range slices.SortedFunc(maps.Keys(kind.All()), func(a, b kind.Name) int { return strings.Compare(a.String(), b.String()) }) {
		version := "v1"
		if v := old[n]; v != "" {
			version = v
		}
		out = append(out, whole(n, version, name))
	}
	return append(out, whole(kind.Name{Group: "example.com", Kind: "Declared"}, "v1", name), whole(kind.Name{Group: "example.com", Kind: "Defined"}, "v1", name),
		whole(kind.Name{Group: "constraints.gatekeeper.sh", Kind: "K8sAnything"}, "v1beta1", name))
}

func whole(n kind.Name, version, name string) model.RawObject {
	return model.RawObject{"apiVersion": strings.TrimPrefix(n.Group+"/"+version, "/"), "kind": n.Kind,
		"metadata": map[string]any{"name": name, "labels": map[string]any{"a": "b"}}}
}

// kindsFleet has an app and a component with an object of every kind, in two
// environments of one cluster and one of another.
func kindsFleet() *model.Fleet {
	definition := whole(kind.Name{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}, "v1", "defineds.example.com")
	definition["spec"] = map[string]any{"group": "example.com", "scope": "Cluster", "names": map[string]any{"kind": "Defined"}}
	return &model.Fleet{
		Name: "shop", Repository: model.Repository{URL: "https://git.example.com/config.git"},
		ArgoCD:   []model.ArgoCD{{Name: "hub", Cluster: "one"}},
		Kinds:    []model.KindScope{{Group: "example.com", Kind: "Declared", Scope: kind.Cluster}},
		Clusters: []model.Cluster{{Name: "one"}, {Name: "two"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}}, {Name: "staging", Clusters: []string{"one"}},
			{Name: "prod", Clusters: []string{"one", "two"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{Objects: everyKind("web")}}},
		Components: []model.PlatformComponent{{Name: "all", Namespace: "kube-system",
			ComponentSpec: model.ComponentSpec{Objects: append(everyKind("all"), definition)}}},
	}
}

// TestEveryKind renders objects of every kind, which kustomize proves, and holds
// what it builds and what the projects permit to the scopes of the kinds.
func TestEveryKind(t *testing.T) {
	for _, at := range []model.Layout{model.Overlays, model.Rendered} {
		t.Run(string(at), func(t *testing.T) {
			fleet := kindsFleet()
			fleet.Repository.Layout = at
			result, err := render.Fleet(context.Background(), fleet)
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Findings) > 0 {
				t.Errorf("findings: %v", result.Findings)
			}
			scope := func(o object.Object) kind.Scope {
				if o.Group() == "example.com" {
					return kind.Cluster
				}
				return kind.Of(o.KindName())
			}
			namespaces := map[string]string{"dev": "shop-dev", "staging": "shop-staging", "prod": "shop-prod"}
			built := map[string]map[kind.Scope]int{}
			for _, target := range result.Targets {
				if target.Unit == layout.Component(layout.Namespaces) {
					continue
				}
				counts := map[kind.Scope]int{}
				for _, o := range buildTarget(t, result, target) {
					counts[scope(o)]++
					want := namespaces[target.Environment]
					switch {
					case scope(o) == kind.Cluster:
						want = ""
					case target.Unit == "platform/all":
						want = "kube-system"
					}
					if o.Namespace() != want {
						t.Errorf("%s: %s is in namespace %q, want %q", target, o.ID(), o.Namespace(), want)
					}
				}
				built[target.String()] = counts
			}
			cluster, namespaced := 3, 0 // those that only the fleet describes
			for _, s := range kind.All() {
				if s == kind.Cluster {
					cluster++
				} else {
					namespaced++
				}
			}
			app, once := map[kind.Scope]int{kind.Namespaced: namespaced}, map[kind.Scope]int{kind.Cluster: cluster}
			want := map[string]map[kind.Scope]int{
				"apps/web dev": app, "apps/web staging": app, "platform/web one": once, "platform/web two": once,
				"platform/all one": {kind.Namespaced: namespaced, kind.Cluster: cluster + 1},
				"platform/all two": {kind.Namespaced: namespaced, kind.Cluster: cluster + 1},
			}
			if at == model.Rendered {
				want = map[string]map[kind.Scope]int{
					"apps/web dev/one": app, "apps/web staging/one": app, "apps/web prod/one": app, "apps/web prod/two": app,
					"platform/web one": once, "platform/web two": once, "platform/all one": want["platform/all one"], "platform/all two": want["platform/all two"]}
			} else {
				want["apps/web prod"] = app
			}
			if diff := cmp.Diff(want, built); diff != "" {
				t.Errorf("objects by target and scope (-want +got):\n%s", diff)
			}
			for _, project := range []string{"shop", "shop-platform"} {
				checkPermits(t, result, project, scope)
			}
		})
	}
}

// checkPermits holds the lists of a project to the scopes of kinds.
func checkPermits(t *testing.T, result *render.Result, project string, scope func(object.Object) kind.Scope) {
	t.Helper()
	f, ok := result.Tree.Get(layout.AppProject("argocd", project))
	if !ok {
		t.Fatalf("there is no project %s", project)
	}
	objects, err := object.Parse(f.Data)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for list, want := range map[string]kind.Scope{"clusterResourceWhitelist": kind.Cluster, "namespaceResourceWhitelist": kind.Namespaced} {
		v, _ := objects[0].Get("spec", list)
		entries, _ := v.([]any)
		for _, e := range entries {
			m := e.(map[string]any)
			n := kind.Name{Group: fmt.Sprint(m["group"]), Kind: fmt.Sprint(m["kind"])}
			o, err := object.FromMap(whole(n, "v1", "x"))
			if err != nil {
				t.Fatal(err)
			}
			if counts[list]++; scope(o) != want {
				t.Errorf("%s permits %s in %s", project, n, list)
			}
		}
	}
	if counts["clusterResourceWhitelist"] < 50 || counts["namespaceResourceWhitelist"] < 50 {
		t.Errorf("%s permits too little: %v", project, counts)
	}
}

// buildTarget returns the objects of a target.
func buildTarget(t *testing.T, result *render.Result, target render.Target) []object.Object {
	t.Helper()
	if !strings.HasPrefix(target.Dir, "rendered/") {
		objects, err := kustomize.Build(result.Tree.Under(target.Unit), target.Dir)
		if err != nil {
			t.Fatal(err)
		}
		return objects
	}
	var out []object.Object
	for _, f := range result.Tree.Under(target.Dir) {
		objects, err := object.Parse(f.Data)
		if err != nil || path.Dir(f.Path) != target.Dir {
			t.Fatal(f.Path, err)
		}
		out = append(out, objects...)
	}
	return out
}
