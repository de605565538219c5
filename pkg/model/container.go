package model

import corev1 "k8s.io/api/core/v1"

// Container is a container in addition to the main one.
type Container struct {
	// Name is unique among all containers of the app.
	Name          string `json:"name"`
	ContainerSpec `json:",inline"`
}

// ContainerSpec is what a container runs.
type ContainerSpec struct {
	// Image is a full image reference with a tag, a digest or both, as in
	// ghcr.io/acme/frontend:5.0.1.
	Image string `json:"image,omitempty"`
	// ImagePullPolicy is Always, IfNotPresent or Never. Default: the cluster's
	// (IfNotPresent for any tag but latest).
	ImagePullPolicy corev1.PullPolicy `json:"imagePullPolicy,omitempty"`
	// Command replaces the image's entrypoint.
	Command []string `json:"command,omitempty"`
	// Args replaces the image's arguments.
	Args []string `json:"args,omitempty"`
	// WorkingDir replaces the image's working directory.
	WorkingDir string `json:"workingDir,omitempty"`
	// Ports are the ports that the container listens on.
	Ports []Port `json:"ports,omitempty" merge:"name"`
	// Env are environment variables. $(NAME) refers to an earlier one, which stays
	// before it. Otherwise those that an environment or a cluster sets come first.
	Env []EnvVar `json:"env,omitempty" merge:"name,replace"`
	// Resources are requests and limits. Default: a memory limit equal to the
	// memory request, and no CPU limit.
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// Readiness determines when the container can receive traffic.
	Readiness *corev1.Probe `json:"readiness,omitempty"`
	// Liveness determines when the container has to be restarted.
	Liveness *corev1.Probe `json:"liveness,omitempty"`
	// Startup delays the other probes until it succeeds once.
	Startup *corev1.Probe `json:"startup,omitempty"`
	// Lifecycle holds the postStart and preStop hooks.
	Lifecycle *corev1.Lifecycle `json:"lifecycle,omitempty"`
	// SecurityContext is the container's. Default: the restricted pod security
	// standard, with a read-only root file system.
	SecurityContext *corev1.SecurityContext `json:"securityContext,omitempty"`
	// Writable are paths that the container can write to, such as /tmp: each is an
	// emptyDir volume of its own, which is deleted with the pod. The root file
	// system is read-only by default. If something is already mounted at a path,
	// nothing is added.
	Writable []string `json:"writable,omitempty"`
	// Mounts are mounts of Volumes into containers other than the main one, or of
	// Volumes that are mounted more than once.
	Mounts []Mount `json:"mounts,omitempty" merge:"mountPath"`
}

// Port is a port that a container listens on, and the port of the Services in
// front of it. The ports of init containers, which end before, have no Service.
type Port struct {
	// Name is the port's name: at most 15 lowercase letters, digits and dashes. It
	// is unique among all containers of a pod.
	Name string `json:"name"`
	// Port is the port number that the container listens on.
	Port int32 `json:"port,omitempty"`
	// ServicePort is the Service's port. Default: Port.
	ServicePort *int32 `json:"servicePort,omitempty"`
	// Protocol is TCP, UDP or SCTP. Default: TCP.
	Protocol corev1.Protocol `json:"protocol,omitempty"`
	// AppProtocol is a hint for the Service's consumers, such as http or
	// kubernetes.io/h2c.
	AppProtocol *string `json:"appProtocol,omitempty"`
	// NodePort requests this port on the nodes, which only one Service of a cluster
	// can have; only for Services of type NodePort and LoadBalancer.
	NodePort *int32 `json:"nodePort,omitempty"`
	// Private excludes the port from the app's Services that do not name it, and
	// from the traffic that TalksTo of other apps allows; only AcceptsFrom allows
	// it. Default: false.
	Private *bool `json:"private,omitempty"`
}

// EnvVar is an environment variable. At most one of its sources is set; the
// variable of a later layer replaces that of an earlier layer as a whole.
type EnvVar struct {
	// Name is the variable's name.
	Name string `json:"name"`
	// Value is a literal. If it and all other sources are absent, it is ""; in YAML,
	// a null and no other source removes the variable.
	Value *string `json:"value,omitempty"`
	// FromConfig reads a key of one of the app's Config entries.
	FromConfig *KeySelector `json:"fromConfig,omitempty"`
	// FromSecret reads a key of one of the app's Secrets, or of another Secret in
	// its namespace.
	FromSecret *KeySelector `json:"fromSecret,omitempty"`
	// FromField reads a field of the pod, such as metadata.namespace.
	FromField string `json:"fromField,omitempty"`
	// FromResource reads a limit or request of the container, such as limits.memory.
	FromResource string `json:"fromResource,omitempty"`
}

// KeySelector names a key of a Config entry or of a Secret.
type KeySelector struct {
	// Name is the name of the entry of Config or Secrets, or of a Secret.
	Name string `json:"name"`
	// Key is the key inside it.
	Key string `json:"key"`
	// Optional lets the container start without it. Default: false.
	Optional *bool `json:"optional,omitempty"`
}

// Mount places a volume in a container's file system.
type Mount struct {
	// MountPath is the absolute path in the container.
	MountPath string `json:"mountPath"`
	// Volume is the name of an entry of Volumes or Config.
	Volume string `json:"volume,omitempty"`
	// SubPath is the path inside the volume. Default: its root.
	SubPath string `json:"subPath,omitempty"`
	// ReadOnly mounts it read-only. Default: false.
	ReadOnly *bool `json:"readOnly,omitempty"`
}
