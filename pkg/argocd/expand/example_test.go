package expand_test

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/argocd/expand"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

func ExampleApplications() {
	sets, err := object.Parse([]byte(`
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: guestbook, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
  - clusters: {selector: {matchLabels: {tier: prod}}}
  template:
    metadata: {name: 'guestbook-{{.name}}'}
    spec:
      project: shop
      destination: {name: '{{.name}}', namespace: guestbook}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	apps, err := expand.Applications(sets[0], expand.World{Clusters: []expand.Cluster{
		{Name: "us", Server: "https://us", Labels: map[string]string{"tier": "prod"}},
		{Name: "eu", Server: "https://eu", Labels: map[string]string{"tier": "prod"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, app := range apps {
		fmt.Println(app.ID())
	}
	// Output:
	// Application.argoproj.io argocd/guestbook-eu
	// Application.argoproj.io argocd/guestbook-us
}
