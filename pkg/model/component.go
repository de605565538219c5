package model

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// KindScope says whether objects of a kind live in a namespace. The built-in
// kinds, those of well-known operators, and those whose CustomResourceDefinition
// is among the objects of the fleet are known.
type KindScope struct {
	// Group is the API group, as in kyverno.io; "" is the core group.
	Group string `json:"group,omitempty"`
	// Kind is the kind, as in ClusterPolicy.
	Kind string `json:"kind"`
	// Scope is Cluster or Namespaced.
	Scope kind.Scope `json:"scope"`
}

// PlatformComponent is what runs once per cluster and belongs to no app: an
// operator, an ingress controller, storage classes. Its directory is
// platform/NAME.
type PlatformComponent struct {
	// Name is the component's name, a DNS label, which no app has.
	Name string `json:"name"`
	// Clusters are the clusters that it runs on. Default: all.
	Clusters []string `json:"clusters,omitempty"`
	// Namespace is where its objects live that need a namespace and name none. It
	// is created, but not managed: it gets no labels, policies or quotas. Default:
	// every object names its own.
	Namespace string `json:"namespace,omitempty"`
	// After names components that Argo CD brings up before this one. All components
	// come up before the apps.
	After []string `json:"after,omitempty"`
	// ComponentSpec is what the component is on every cluster.
	ComponentSpec `json:",inline"`
	// Overrides hold what differs.
	Overrides ComponentOverrides `json:"overrides,omitzero"`
}

// ComponentSpec is everything of a PlatformComponent that may differ between
// clusters. Its layers merge as those of an AppSpec do: the component's own, the
// override for an environment of the cluster, and that for the cluster.
type ComponentSpec struct {
	// Objects are whole Kubernetes objects, cluster-scoped ones among them. An
	// entry with the identity of an earlier layer's entry replaces it.
	Objects []RawObject `json:"objects,omitempty" merge:"identity"`
	// Patches change the objects. The patches of all layers apply, earlier layers
	// first.
	Patches []Patch `json:"patches,omitempty" merge:"append"`
	// Sync is how Argo CD keeps the component in sync. Default: as the defaults of
	// the Fleet and of the cluster say.
	Sync *Sync `json:"sync,omitempty"`
	// Unset names fields that earlier layers set and that shall not be.
	Unset []fieldpath.Path `json:"unset,omitempty" merge:"-"`
}

// ComponentOverrides hold what differs for a PlatformComponent.
type ComponentOverrides struct {
	// Environments holds what differs on the clusters of an environment.
	// Environments that share a cluster have to agree.
	Environments map[string]ComponentSpec `json:"environments,omitempty"`
	// Clusters holds what differs on a cluster.
	Clusters map[string]ComponentSpec `json:"clusters,omitempty"`
}
