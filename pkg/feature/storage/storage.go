// Package storage makes an app's PersistentVolumeClaims.
package storage

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Generate makes the claims of all workloads but StatefulSets, whose pods have
// claims of their own.
func Generate(t *view.Target, _ *view.View) ([]object.Object, error) {
	if t.Spec.Kind == model.StatefulSet {
		return nil, nil
	}
	var out []object.Object
	for _, v := range t.Spec.Volumes {
		if v.Claim == nil {
			continue
		}
		o, err := object.From(&corev1.PersistentVolumeClaim{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
			ObjectMeta: part.Annotated(t, part.Claim(t.App, v.Name), v.Claim.Annotations),
			Spec:       part.ClaimSpec(v.Claim),
		})
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}
