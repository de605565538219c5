package storage

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
)

// deriveClaims completes the claims of every app: they are objects of their own
// also where nothing runs.
func deriveClaims(d *feature.Derivation) {
	for _, v := range d.Spec.Volumes {
		if v.Claim != nil && v.Claim.AccessModes == nil {
			v.Claim.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
		}
	}
}
