package kustomize_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// An overlay is computed from what the parent builds and what it shall build.
func ExampleOverlay() {
	deployment := func(namespace string, replicas int, level string) []object.Object {
		list, err := object.Parse([]byte(fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web%s}
spec:
  replicas: %d
  template:
    spec:
      containers: [{name: web, image: web:1, env: [{name: LEVEL, value: %s}]}]
`, namespace, replicas, level)))
		if err != nil {
			fmt.Println(err)
		}
		return list
	}
	files, err := kustomize.Overlay{
		Unit: "apps/web", Parent: "../../base", Namespace: "shop-prod",
		From: deployment("", 1, "debug"), To: deployment(", namespace: shop-prod", 3, "info"),
	}.Files()
	if err != nil {
		fmt.Println(err)
	}
	for _, f := range files {
		fmt.Printf("# %s\n%s", f.Name, f.Data)
	}
	// Output:
	// # deployment.patch.yaml
	// apiVersion: apps/v1
	// kind: Deployment
	// metadata:
	//   name: web
	// spec:
	//   template:
	//     spec:
	//       containers:
	//       - name: web
	//         env:
	//         - name: LEVEL
	//           value: info
	// # kustomization.yaml
	// apiVersion: kustomize.config.k8s.io/v1beta1
	// kind: Kustomization
	// namespace: shop-prod
	// resources:
	// - ../../base
	// patches:
	// - path: deployment.patch.yaml
	// replicas:
	// - name: web
	//   count: 3
}
