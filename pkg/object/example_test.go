package object_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/object"
)

func ExampleFrom() {
	o, err := object.From(&corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: "frontend", Namespace: "guestbook"},
		Data:       map[string]string{"TRACING": "on", "motd": "hello\nworld\n"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("# %s\n%s", o.ID(), o.YAML())
	// Output:
	// # ConfigMap guestbook/frontend
	// apiVersion: v1
	// kind: ConfigMap
	// metadata:
	//   name: frontend
	//   namespace: guestbook
	// data:
	//   TRACING: "on"
	//   motd: |
	//     hello
	//     world
}

func ExampleParse() {
	objects, err := object.Parse([]byte(`
apiVersion: v1
kind: Service
metadata: {name: frontend}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend}
`))
	for _, o := range objects {
		fmt.Println(o.ID())
	}
	fmt.Println(err)
	// Output:
	// Service frontend
	// Deployment.apps frontend
	// <nil>
}

func ExampleMarshal() {
	fmt.Printf("%s", object.Marshal(map[string]any{
		"metadata":   map[string]any{"labels": map[string]any{"version": "1.10"}, "name": "web"},
		"kind":       "Pod",
		"apiVersion": "v1",
	}))
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: web
	//   labels:
	//     version: "1.10"
}
