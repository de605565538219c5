package view

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// newestArgoCD is the version of an instance that names none.
const newestArgoCD = "3.5"

// Instances returns the instances of a fleet, complete: where the fleet names
// none and has one cluster, that has one.
func Instances(fleet *model.Fleet) []model.ArgoCD {
	out := slices.Clone(fleet.ArgoCD)
	if len(out) == 0 && len(fleet.Clusters) == 1 {
		out = []model.ArgoCD{{Name: "argocd", Cluster: fleet.Clusters[0].Name}}
	}
	for i := range out {
		a := &out[i]
		a.Namespace = cmp.Or(a.Namespace, "argocd")
		a.Version = cmp.Or(strings.TrimPrefix(a.Version, "v"), newestArgoCD)
		if a.Clusters == nil && len(out) > 1 {
			a.Clusters = []string{a.Cluster}
		} else if a.Clusters == nil {
			for _, c := range fleet.Clusters {
				a.Clusters = append(a.Clusters, c.Name)
			}
		}
	}
	return out
}

// perRevision sends a notification once for each revision.
const perRevision = "app.status.operationState?.syncResult?.revision"

// catalogue are the triggers that every instance has.
var catalogue = []model.Trigger{
	{Name: "on-deployed", Send: []string{"app-deployed"}, When: "app.status.operationState?.phase in ['Succeeded'] and app.status.health.status == 'Healthy'"},
	{Name: "on-health-degraded", Send: []string{"app-health-degraded"}, When: "app.status.health.status == 'Degraded'"},
	{Name: "on-sync-failed", Send: []string{"app-sync-failed"}, When: "app.status.operationState?.phase in ['Error', 'Failed']"},
	{Name: "on-sync-running", Send: []string{"app-sync-running"}, When: "app.status.operationState?.phase in ['Running']"},
	{Name: "on-sync-status-unknown", Send: []string{"app-sync-status-unknown"}, When: "app.status.sync.status == 'Unknown'"},
	{Name: "on-sync-succeeded", Send: []string{"app-sync-succeeded"}, When: "app.status.operationState?.phase in ['Succeeded']"},
}

// Triggers returns the catalogue's triggers and those of the model, which
// replace others of their name.
func Triggers(n *model.Notifications) []model.Trigger {
	byName := map[string]model.Trigger{}
	for _, t := range slices.Concat(catalogue, n.Triggers) {
		t.OncePer = cmp.Or(t.OncePer, perRevision)
		byName[t.Name] = t
	}
	return slices.SortedFunc(maps.Values(byName), func(x, y model.Trigger) int { return strings.Compare(x.Name, y.Name) })
}

// DefaultTriggers returns the triggers of a subscription that names none.
func DefaultTriggers() []string {
	return []string{"on-sync-failed", "on-health-degraded", "on-sync-status-unknown"}
}
