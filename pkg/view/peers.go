package view

import (
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Peer is an app as others see it in a scope.
type Peer struct {
	// App is its name, and Namespace where it runs; "" in the base.
	App, Namespace string
	// Ports are those of its pods and Services; only set by App.
	Ports Ports
	// Edge is the caller's declaration, and Hooks are the names of its hooks,
	// which call whom it calls; only set by Callers.
	Edge  model.Peer
	Hooks []string
	// Previewed tells that the caller has previews like the scope, which call too;
	// only set by Callers.
	Previewed bool
}

// Edge is an entry of an app's TalksTo.
type Edge struct {
	model.Peer
	// Path is where the fleet declares it.
	Path fieldpath.Path
}

// SyncTime is how long a sync that goes well may take.
type SyncTime struct {
	// Sync is until Argo CD's operation ends, and Healthy until the app is ready,
	// which an operation waits for only where hooks run after the sync began.
	Sync, Healthy time.Duration
}
