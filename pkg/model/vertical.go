package model

import corev1 "k8s.io/api/core/v1"

// VerticalAutoscaling is a VerticalPodAutoscaler (autoscaling.k8s.io/v1) of the
// workload, which recommends requests and may set them. It must be installed on
// the clusters.
type VerticalAutoscaling struct {
	// UpdateMode is Off, which recommends only; Initial, which sets the requests of
	// new pods; Recreate, which also evicts pods; or InPlaceOrRecreate or InPlace,
	// which resize running pods. Default: Off.
	UpdateMode string `json:"updateMode,omitempty"`
	// MinReplicas is the number of pods that a workload needs for one to be evicted.
	// Default: that of the updater, 2 unless it is configured.
	MinReplicas *int32 `json:"minReplicas,omitempty"`
	// Containers are policies for containers. Default: all are controlled, without
	// bounds.
	Containers []VerticalContainer `json:"containers,omitempty" merge:"name"`
}

// VerticalContainer is the policy for a container.
type VerticalContainer struct {
	// Name is the container's name, or "*" for all that have no policy.
	Name string `json:"name"`
	// Mode is Auto, or Off to leave the container alone. Default: Auto.
	Mode string `json:"mode,omitempty"`
	// MinAllowed are the least requests. Default: no minimum.
	MinAllowed corev1.ResourceList `json:"minAllowed,omitempty"`
	// MaxAllowed are the largest requests. Default: no maximum.
	MaxAllowed corev1.ResourceList `json:"maxAllowed,omitempty"`
	// ControlledResources are cpu and memory, or one of them. Default: both.
	ControlledResources []corev1.ResourceName `json:"controlledResources,omitempty"`
	// ControlledValues is RequestsAndLimits, which keeps limits in proportion, or
	// RequestsOnly. Default: RequestsAndLimits.
	ControlledValues string `json:"controlledValues,omitempty"`
}
