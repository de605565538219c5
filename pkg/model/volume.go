package model

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Config is a ConfigMap named APP-NAME, created by the generator of kustomize:
// its name has a hash of its content as a suffix, so that a change restarts the
// pods.
type Config struct {
	// Name is unique in the app.
	Name string `json:"name"`
	// Data are the values or files, by key.
	Data map[string]string `json:"data,omitempty"`
	// MountPath mounts the keys as files into the main container. Default: not mounted.
	MountPath string `json:"mountPath,omitempty"`
	// Env makes each key an environment variable of the main container. Default: false.
	Env *bool `json:"env,omitempty"`
	// StableName omits the hash, for references that kustomize does not know.
	// Default: false.
	StableName *bool `json:"stableName,omitempty"`
}

// Volume is a volume of the pods. Exactly one of its sources is set.
type Volume struct {
	// Name is unique in the app, including entries of Config and Secrets.
	Name string `json:"name"`
	// MountPath mounts the volume into the main container. Default: not mounted.
	MountPath string `json:"mountPath,omitempty"`
	// SubPath is the path inside the volume. Default: its root.
	SubPath string `json:"subPath,omitempty"`
	// ReadOnly mounts it read-only. Default: false.
	ReadOnly *bool `json:"readOnly,omitempty"`
	// Claim requests storage for the app: a claim template in a StatefulSet, a
	// PersistentVolumeClaim named APP-NAME otherwise.
	Claim *Claim `json:"claim,omitempty" oneof:"true"`
	// ExistingClaim names a PersistentVolumeClaim of the namespace.
	ExistingClaim string `json:"existingClaim,omitempty" oneof:"true"`
	// EmptyDir is scratch space that is deleted with the pod.
	EmptyDir *corev1.EmptyDirVolumeSource `json:"emptyDir,omitempty" oneof:"true"`
	// Secret mounts a Secret of the namespace.
	Secret *corev1.SecretVolumeSource `json:"secret,omitempty" oneof:"true"`
	// ConfigMap mounts a ConfigMap that is not one of Config.
	ConfigMap *corev1.ConfigMapVolumeSource `json:"configMap,omitempty" oneof:"true"`
	// Projected combines several sources, including tokens.
	Projected *corev1.ProjectedVolumeSource `json:"projected,omitempty" oneof:"true"`
	// HostPath mounts a path of the node.
	HostPath *corev1.HostPathVolumeSource `json:"hostPath,omitempty" oneof:"true"`
	// CSI is a volume of a CSI driver.
	CSI *corev1.CSIVolumeSource `json:"csi,omitempty" oneof:"true"`
	// NFS is a directory of a file server.
	NFS *corev1.NFSVolumeSource `json:"nfs,omitempty" oneof:"true"`
}

// Claim requests storage.
type Claim struct {
	// Size is the requested size, as in 10Gi. Required.
	Size resource.Quantity `json:"size,omitzero"`
	// StorageClass names a StorageClass; "" means none. Default: the cluster's.
	StorageClass *string `json:"storageClass,omitempty"`
	// AccessModes are the access modes of the claim. Default: ReadWriteOnce.
	AccessModes []corev1.PersistentVolumeAccessMode `json:"accessModes,omitempty"`
	// VolumeMode is Filesystem or Block. Kubernetes' default: Filesystem.
	VolumeMode *corev1.PersistentVolumeMode `json:"volumeMode,omitempty"`
	// Annotations are the claim's.
	Annotations map[string]string `json:"annotations,omitempty"`
}
