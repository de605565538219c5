package crds

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestTreeObjects(t *testing.T) {
	kustomization := "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
	tree := fstest.MapFS{}
	for name, data := range map[string]string{
		".gitopsgen/apps/web.yaml":                      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inventory}\n",
		"apps/web/base/kustomization.yaml":              kustomization + "resources: [app.yaml]\n",
		"apps/web/base/app.yaml":                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
		"apps/web/overlays/prod/kustomization.yaml":     kustomization + "namespace: shop\nresources: [../../base]\n",
		"argocd/projects.yaml":                          "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\n",
		"argocd/values.yaml":                            "replicas: 2\n",
		"clusters/eu/kustomization.yaml":                kustomization + "namePrefix: eu-\nresources: [app.yaml]\n",
		"clusters/eu/app.yaml":                          "apiVersion: v1\nkind: C\nmetadata: {name: c}\n",
		"rendered/prod/eu/apps/web/core_configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\n",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(data)}
	}
	objects, err := treeObjects(tree)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, from := range slices.Sorted(maps.Keys(objects)) {
		for _, o := range objects[from] {
			got[from] = append(got[from], o.GetNamespace()+"/"+o.GetName())
		}
	}
	want := map[string][]string{
		"apps/web/overlays/prod":                        {"shop/web"},
		"argocd/projects.yaml":                          {"/a", "/b"},
		"clusters/eu":                                   {"/eu-c"},
		"clusters/eu/app.yaml":                          {"/c"},
		"rendered/prod/eu/apps/web/core_configmap.yaml": {"/r"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
