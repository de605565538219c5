package part

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// ClaimSpec returns the spec of a claim.
func ClaimSpec(c *model.Claim) corev1.PersistentVolumeClaimSpec {
	return corev1.PersistentVolumeClaimSpec{
		AccessModes: c.AccessModes, StorageClassName: c.StorageClass, VolumeMode: c.VolumeMode,
		Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: c.Size}},
	}
}
