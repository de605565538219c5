package sync

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Feature returns how Argo CD syncs an app.
func Feature() feature.Feature {
	return feature.Feature{
		Name:  "sync",
		Rules: documentation,
		Facts: func(t *view.Target, f *view.Facts) { f.Sync = t.Spec.Sync },
		Defaults: []feature.Default{
			{ID: "sync",
				Doc:   "Argo CD syncs automatically, prunes, heals and retries five times; in production, a person has to confirm deletions.",
				Apply: deriveSync},
			{ID: "autoscaler-owns-replicas",
				Doc:   "Argo CD does not compare the replicas of a workload with an autoscaler.",
				After: []string{"sync", "autoscaling"},
				Apply: deriveIgnored},
		},
		CheckModel:  checkModel,
		CheckLayer:  checkLayer,
		CheckTarget: checkTarget,
	}
}
