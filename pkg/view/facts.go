package view

import (
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Facts are what a resolved target states about itself, for others to read. They
// are shared and must not be changed.
type Facts struct {
	// App is the app, Project its project, and Namespace where it runs; "" in the base.
	App, Project, Namespace string
	// Ports are those of its pods and Services.
	Ports Ports
	// Peers are what it talks to, each with its name, and Hooks the names of its
	// hooks, which call what it calls.
	Peers []model.Peer
	Hooks []string
	// Routes are complete.
	Routes []AppRoute
	// Certificates are those in its namespace.
	Certificates []AppCertificate
	// Records are its DNS records.
	Records []AppDNSRecord
	// Objects are the whole objects that it brings along.
	Objects []RawObject
	// ExistingSecrets are the Secrets of its namespace that somebody else makes.
	ExistingSecrets []string
	// SecretUses are the Secrets of its namespace that something other than pods
	// reads for it.
	SecretUses []SecretUse
	// Stores are the names of the fleet's stores that its Secrets lie in.
	Stores []string
	// PodSecurity is what it wants of its namespace.
	PodSecurity Level
	// HasWorkload tells that it has a workload, HasPods that it has one or hooks, and
	// Mesh how they join the service mesh; "" where they do not.
	HasWorkload, HasPods bool
	Mesh                 model.MeshMode
	// PodLabels select its pods, where they do not have the labels of Selector: those
	// of a chart.
	PodLabels map[string]string
	// UserUnknown tells that a container runs as the user of its image although it
	// must not be root. Where the image names its user, the kubelet cannot know and
	// starts nothing.
	UserUnknown bool
	// Sync is how Argo CD syncs it; nil in the base. SyncTime is how long that may
	// take.
	Sync     *model.Sync
	SyncTime SyncTime
}

// SyncTime is how long a sync that goes well may take.
type SyncTime struct {
	// Sync is until Argo CD's operation ends, and Healthy until the app is ready,
	// which an operation waits for only where hooks run after the sync began.
	Sync, Healthy time.Duration
}

// Level is the pod security level that an app wants of its namespace.
type Level struct {
	App, Namespace string
	Level          model.PodSecurityLevel
	// Own tells that the app says it, and not the environment.
	Own bool
}
