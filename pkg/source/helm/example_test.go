package helm_test

import (
	"context"
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

func ExampleLoadFiles() {
	c, err := helm.LoadFiles([]helm.File{
		{Name: "Chart.yaml", Data: []byte("apiVersion: v2\nname: motd\nversion: 1.0.0\n")},
		{Name: "values.yaml", Data: []byte("text: hello\n")},
		{Name: "templates/configmap.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {text: {{ .Values.text | quote }}}\n")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := c.Render(context.Background(), helm.Release{
		Name: "motd", Namespace: "apps", KubeVersion: "1.36", Values: map[string]any{"text": "good morning"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range out.Objects {
		fmt.Printf("%s:%d: %v %v\n", o.Template, o.Line, o.Object["kind"], o.Object["data"])
	}
	// Output:
	// motd/templates/configmap.yaml:2: ConfigMap map[text:good morning]
}
