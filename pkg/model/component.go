package model

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// KindScope declares whether a kind is namespaced or cluster-scoped. The scope of
// built-in kinds, of kinds of well-known operators, and of kinds whose
// CustomResourceDefinition is among the objects of the fleet is known.
type KindScope struct {
	// Group is the API group, as in kyverno.io; "" is the core group.
	Group string `json:"group,omitempty"`
	// Kind is the kind, as in ClusterPolicy.
	Kind string `json:"kind"`
	// Scope is Cluster or Namespaced.
	Scope kind.Scope `json:"scope"`
}

// PlatformComponent is something that exists once per cluster and belongs to no
// app: an operator, an ingress controller, storage classes. Its directory is
// platform/NAME.
type PlatformComponent struct {
	// Name is the component's name, a DNS label that differs from the names of all
	// apps.
	Name string `json:"name"`
	// Clusters are the clusters that it runs on. Default: all.
	Clusters []string `json:"clusters,omitempty"`
	// Namespace is the namespace of its namespaced objects that do not set one. It
	// is created, but not managed: it gets no labels, policies or quotas. Default:
	// every object sets its own.
	Namespace string `json:"namespace,omitempty"`
	// After names components that Argo CD syncs before this one. All components are
	// synced before the apps.
	After []string `json:"after,omitempty"`
	// ComponentSpec is what the component is on every cluster.
	ComponentSpec `json:",inline"`
	// Overrides hold the differences between environments and clusters.
	Overrides ComponentOverrides `json:"overrides,omitzero"`
}

// ComponentSpec is everything of a PlatformComponent that may differ between
// clusters. Its layers merge as those of an AppSpec do: the component's own, the
// override for an environment of the cluster, and that for the cluster.
type ComponentSpec struct {
	// Objects are complete Kubernetes objects, including cluster-scoped ones. An
	// entry with the identity of an earlier layer's entry replaces it.
	Objects []RawObject `json:"objects,omitempty" merge:"identity"`
	// Patches change the objects. The patches of all layers apply, earlier layers
	// first.
	Patches []Patch `json:"patches,omitempty" merge:"append"`
	// Sync is how Argo CD keeps the component in sync. Default: the defaults of the
	// Fleet and of the cluster.
	Sync *Sync `json:"sync,omitempty"`
	// Unset names fields that earlier layers set and that this one removes.
	Unset []fieldpath.Path `json:"unset,omitempty" merge:"-"`
}

// ComponentOverrides holds the overrides of a PlatformComponent.
type ComponentOverrides struct {
	// Environments holds overrides for the clusters of an environment, by
	// environment. Environments that share a cluster must have the same.
	Environments map[string]ComponentSpec `json:"environments,omitempty"`
	// Clusters holds overrides, by cluster.
	Clusters map[string]ComponentSpec `json:"clusters,omitempty"`
}
