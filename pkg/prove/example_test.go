package prove_test

import (
	"context"
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/prove"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func ExampleAll() {
	const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: %s}\n"
	want, err := object.Parse([]byte(fmt.Sprintf(service, "ClusterIP")))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := prove.All(context.Background(), []prove.Job{{
		Targets: 1,
		Name:    "apps/web prod", Dir: "base", Want: want,
		Files: []tree.File{
			{Path: "base/kustomization.yaml", Data: []byte("resources: [service.yaml]\n")},
			{Path: "base/service.yaml", Data: []byte(fmt.Sprintf(service, "NodePort"))},
		},
	}}, 1, nil)
	fmt.Println(report.Proved, err)
	for _, f := range report.Failures {
		fmt.Println(f)
	}
	// Output:
	// 0 <nil>
	// apps/web prod: Service web spec.type: the model has ClusterIP, kustomize builds NodePort
}
