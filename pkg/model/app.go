package model

import "github.com/gitopsgen/gitopsgen/pkg/fieldpath"

// App is one deployable unit: its workload and everything that belongs to it.
type App struct {
	// Name is the app's name, and that of its main objects. It is a DNS label
	// of at most 52 characters, which leaves room for suffixes.
	Name string `json:"name"`
	// Project groups apps: the Argo CD project, and part of the default
	// namespace. Default: the fleet's name.
	Project string `json:"project,omitempty"`
	// RunsIn names the environments that the app runs in, in any order.
	// Default: all.
	RunsIn []string `json:"runsIn,omitempty"`
	// After names apps that must be healthy before Argo CD creates this one, in each
	// environment. Neither can be created by an ApplicationSet.
	After []string `json:"after,omitempty"`
	// Delivery is how the app's Applications are created. Fields that are not set
	// have the values of the fleet's Delivery.
	Delivery *Delivery `json:"delivery,omitempty"`
	// Spec is what the app is in every environment.
	Spec AppSpec `json:"spec,omitempty"`
	// Environments holds overrides, by environment.
	Environments map[string]Override `json:"environments,omitempty"`
}

// Override holds the overrides of an app for one environment.
type Override struct {
	AppSpec `json:",inline"`
	// Clusters holds further overrides, by cluster of the environment.
	Clusters map[string]AppSpec `json:"clusters,omitempty"`
}

// WorkloadKind names the object that runs an app's containers.
type WorkloadKind string

// The kinds of workload.
const (
	Deployment  WorkloadKind = "Deployment"
	StatefulSet WorkloadKind = "StatefulSet"
	DaemonSet   WorkloadKind = "DaemonSet"
	Job         WorkloadKind = "Job"
	CronJob     WorkloadKind = "CronJob"
	// NoWorkload is an app that consists of Objects and Manifests, or of what its Source
	// or Chart yields, alone.
	NoWorkload WorkloadKind = "None"
)

// AppSpec is everything that may differ between environments and clusters.
// Each layer of the model is an AppSpec: the fleet's defaults, an
// environment's, a cluster's, the app's own, the app's override for an
// environment, and that for one cluster there. Later layers win, in this order.
//
// Structs and maps merge field by field and key by key. Lists of named entries
// merge by name: known entries stay in place, new ones are appended. Other lists
// and scalars are replaced. Zero, false and "" are values like any other; a YAML
// null, and an explicit zero in a field whose absence means the same, removes the
// value of earlier layers, as Unset does in Go.
type AppSpec struct {
	// Kind is the workload's kind. Default: Deployment.
	Kind WorkloadKind `json:"kind,omitempty"`
	// ContainerName names the main container. Default: the app's name.
	ContainerName string `json:"containerName,omitempty"`
	// ContainerSpec is the main container.
	ContainerSpec `json:",inline"`
	// Containers run beside the main container.
	Containers []Container `json:"containers,omitempty" merge:"name"`
	// InitContainers run before the others, one after another in this order.
	InitContainers []Container `json:"initContainers,omitempty" merge:"name"`
	// Sidecars start before the main container and run as long as it does:
	// init containers with restartPolicy Always, after InitContainers.
	Sidecars []Container `json:"sidecars,omitempty" merge:"name"`

	// Replicas is the number of pods of a Deployment or StatefulSet. Default: 1, or
	// unset if Autoscaling or KEDA is set.
	Replicas *int32 `json:"replicas,omitempty"`
	// UpdateStrategy is how pods are replaced.
	UpdateStrategy *UpdateStrategy `json:"updateStrategy,omitempty" was:"rollout"`
	// StatefulSet holds the settings that only a StatefulSet has.
	StatefulSet *StatefulSetSpec `json:"statefulSet,omitempty"`
	// Job holds the settings of a Job and of the jobs of a CronJob.
	Job *JobSpec `json:"job,omitempty"`
	// Schedule is when a CronJob runs.
	Schedule *Schedule `json:"schedule,omitempty"`
	// Autoscaling adds a HorizontalPodAutoscaler.
	Autoscaling *Autoscaling `json:"autoscaling,omitempty"`
	// KEDA scales a Deployment, StatefulSet or Job by events.
	KEDA *KEDA `json:"keda,omitempty"`
	// VerticalAutoscaling adds a VerticalPodAutoscaler.
	VerticalAutoscaling *VerticalAutoscaling `json:"verticalAutoscaling,omitempty"`
	// Disruption configures the PodDisruptionBudget, which exists with two or more
	// replicas.
	Disruption *Disruption `json:"disruption,omitempty"`

	// Pod holds the settings of the pod as a whole.
	Pod *PodSpec `json:"pod,omitempty"`
	// PodSecurity is the pod security level of the app's namespace, which cannot be
	// shared with an app of another level. Default: that of the environment.
	PodSecurity *PodSecurity `json:"podSecurity,omitempty"`
	// ServiceAccount is what the pods run as.
	ServiceAccount *ServiceAccount `json:"serviceAccount,omitempty"`

	// Service configures the Service in front of the containers' ports, which exists
	// if there are ports.
	Service *Service `json:"service,omitempty"`
	// Services are further Services for the same pods.
	Services []NamedService `json:"services,omitempty" merge:"name"`
	// TalksTo declares what the pods call. Network policies are derived from it, on
	// both ends if both are apps of the fleet.
	TalksTo []Peer `json:"talksTo,omitempty" merge:"name"`
	// AcceptsFrom declares further callers that are not apps of the fleet.
	AcceptsFrom []Caller `json:"acceptsFrom,omitempty" merge:"name"`
	// Outside are Services for endpoints outside of the cluster.
	Outside []OutsideService `json:"outside,omitempty" merge:"name"`
	// Routes make the app reachable from outside of the cluster.
	Routes []Route `json:"routes,omitempty" merge:"host"`
	// DNS holds DNS records for names that no route has.
	DNS []DNSRecord `json:"dns,omitempty" merge:"name"`
	// Certificates are TLS certificates that the app's pods use.
	Certificates []Certificate `json:"certificates,omitempty" merge:"name"`
	// Mesh puts the app into the service mesh. Default: it is not in one.
	Mesh *Mesh `json:"mesh,omitempty"`

	// Monitoring is how the app is measured, and what it alerts about. Default: it is
	// not monitored.
	Monitoring *Monitoring `json:"monitoring,omitempty"`

	// Config holds configuration values and files, as ConfigMaps.
	Config []Config `json:"config,omitempty" merge:"name"`
	// Volumes are further volumes, including claims.
	Volumes []Volume `json:"volumes,omitempty" merge:"name"`

	// Sync is how Argo CD keeps the app in sync.
	Sync *Sync `json:"sync,omitempty"`
	// Hooks are Jobs that run around a sync.
	Hooks []Hook `json:"hooks,omitempty" merge:"name"`
	// Secrets are Secrets whose values come from a secret store.
	Secrets []Secret `json:"secrets,omitempty" merge:"name"`
	// SecretGenerators generate values for Secrets.
	SecretGenerators []SecretGenerator `json:"secretGenerators,omitempty" merge:"name"`
	// PushSecrets write keys of Secrets into a secret store.
	PushSecrets []PushSecret `json:"pushSecrets,omitempty" merge:"name"`
	// ExistingSecrets are names of Secrets in the namespace that are created
	// elsewhere.
	ExistingSecrets []string `json:"existingSecrets,omitempty" was:"outsideSecrets"`

	// Labels are added to all objects and pods of the app. Selectors never change.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are added to the workload object.
	Annotations map[string]string `json:"annotations,omitempty"`

	// Extensions are the settings of features that are not part of gitopsgen, by the
	// name of the feature.
	Extensions Extensions `json:"extensions,omitempty"`

	// Source is where the app's objects come from, if they are not generated: the app
	// then has no workload of its own.
	Source *Source `json:"source,omitempty" oneof:"true"`
	// Chart is the Helm chart that the app's objects come from, in place of a Source or
	// a workload of its own.
	Chart *Chart `json:"chart,omitempty" oneof:"true"`
	// Objects are complete Kubernetes objects that are added to the generated ones.
	// An entry with the identity of an earlier layer's entry replaces it.
	Objects []RawObject `json:"objects,omitempty" merge:"identity"`
	// Patches change generated objects in ways that no field of the model supports.
	// The patches of all layers apply, earlier layers first.
	Patches []Patch `json:"patches,omitempty" merge:"append"`

	// Unset names fields of this spec that earlier layers set and that this one
	// removes, as in env[DEBUG] or disruption.
	Unset []fieldpath.Path `json:"unset,omitempty" merge:"-"`
}

// Extensions are the settings of features, by the name of the feature. In Go, each
// is a pointer to a struct of the type that the feature has as its Settings. Those
// of several layers merge field by field, as the tags of that struct say.
type Extensions map[string]any

// RawObject is a complete Kubernetes object in its JSON form.
type RawObject map[string]any

// Patch is a kustomize patch of the objects of an app. kustomize applies patches
// when the target is computed; the overlay contains only the minimal difference
// to the base, as for every other field.
type Patch struct {
	// Target selects the objects. Default: the object that Merge names.
	Target *PatchTarget `json:"target,omitempty"`
	// Merge is a strategic merge patch. One of Merge and JSON is set.
	Merge map[string]any `json:"merge,omitempty"`
	// JSON is a list of JSON 6902 operations; Target is required.
	JSON []JSONOperation `json:"json,omitempty"`
}

// PatchTarget selects objects by kind and name, both literally.
type PatchTarget struct {
	// Group is the API group. Default: any.
	Group string `json:"group,omitempty"`
	// Kind is the object's kind.
	Kind string `json:"kind"`
	// Name is the object's name. Default: every object of the kind.
	Name string `json:"name,omitempty"`
}

// JSONOperation is one operation of a JSON patch (RFC 6902).
type JSONOperation struct {
	// Op is add, remove, replace, move, copy or test.
	Op string `json:"op"`
	// Path is a JSON pointer (RFC 6901), such as /spec/replicas.
	Path string `json:"path"`
	// From is the source of move and copy.
	From string `json:"from,omitempty"`
	// Value is the value of add, replace and test.
	Value any `json:"value,omitempty"`
}
