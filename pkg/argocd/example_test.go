package argocd_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/argocd"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// The Application of a target says where it comes from and where it goes.
func ExampleModel_Applications() {
	fleet := &model.Fleet{
		Name:         "shop",
		Repository:   model.Repository{URL: "https://git.example.com/shop.git"},
		Clusters:     []model.Cluster{{Name: "tokyo"}},
		Environments: []model.Environment{{Name: "prod", Clusters: []string{"tokyo"}}},
		Apps:         []model.App{{Name: "web", Spec: model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "web:1.0.0"}}}},
	}
	m := argocd.New(fleet, resolve.New(fleet, features.Default()))
	files, err := m.Applications([]argocd.Target{{
		Unit: "apps/web", Scope: view.Scope{Environment: "prod", Cluster: "tokyo"},
		Dir: "apps/web/overlays/prod", Reads: []string{"apps/web/base"},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%s", files[0].Path, files[0].Data)
	// Output:
	// argocd/apps/prod/web-tokyo.yaml
	// apiVersion: argoproj.io/v1alpha1
	// kind: Application
	// metadata:
	//   name: web-prod-tokyo
	//   namespace: argocd
	//   labels:
	//     app.kubernetes.io/managed-by: gitopsgen
	//     app.kubernetes.io/name: web
	//     app.kubernetes.io/part-of: shop
	//     gitopsgen.dev/cluster: tokyo
	//     gitopsgen.dev/environment: prod
	//   annotations:
	//     argocd.argoproj.io/compare-options: ServerSideDiff=true
	//     argocd.argoproj.io/manifest-generate-paths: .;../../base
	//   finalizers:
	//   - resources-finalizer.argocd.argoproj.io
	// spec:
	//   project: shop
	//   source:
	//     repoURL: https://git.example.com/shop.git
	//     targetRevision: main
	//     path: apps/web/overlays/prod
	//   destination:
	//     server: https://kubernetes.default.svc
	//     namespace: shop-prod
	//   revisionHistoryLimit: 10
	//   syncPolicy:
	//     automated:
	//       allowEmpty: false
	//       prune: true
	//       selfHeal: true
	//     retry:
	//       backoff:
	//         duration: 5s
	//         factor: 2
	//         maxDuration: 30s
	//       limit: 10
	//       refresh: true
	//     syncOptions:
	//     - ApplyOutOfSyncOnly=true
	//     - FailOnSharedResource=true
	//     - ServerSideApply=true
}
