// Package config makes an app's ConfigMaps.
package config

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes a ConfigMap for each Config entry. They are made by kustomize's
// generator, so that a change restarts the pods, unless the name has to be stable.
func Generate(t *view.Target, _ *view.View) ([]object.Object, error) {
	var out []object.Object
	for _, c := range t.Spec.Config {
		o, err := object.From(&corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: part.Meta(t, part.ConfigMap(t.App, c.Name)),
			Data:       c.Data,
		})
		if err != nil {
			return nil, err
		}
		if c.StableName == nil || !*c.StableName {
			o = o.WithGenerator()
		}
		out = append(out, o)
	}
	return out, nil
}
