package argocd

import (
	"slices"
	"strconv"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// snippets returns what has to be configured in Argo CD itself, by the name of
// the ConfigMap: not whole objects, but the fields to add.
func (m *Model) snippets(a *model.ArgoCD) map[string][]byte {
	params := map[string]any{"controller.sync.timeout.seconds": strconv.Itoa(int(m.syncTimeout(a).Seconds()))}
	if m.rolls() {
		params["applicationsetcontroller.enable.progressive.syncs"] = "true"
	}
	return map[string][]byte{
		"cm":            object.Marshal(configMap(a, "argocd-cm", map[string]any{"resource.customizations.health.argoproj.io_Application": applicationHealth})),
		"cmd-params-cm": object.Marshal(configMap(a, "argocd-cmd-params-cm", params)),
	}
}

// rolls reports whether some app is synced step by step.
func (m *Model) rolls() bool {
	for _, app := range m.fleet.Apps {
		if d := m.delivery(&app); d.Rolling != nil && *d.Rolling {
			return true
		}
	}
	return false
}

// slack is what a sync may take beside hooks and rollouts, such as to create the
// namespaces of a large fleet.
const slack = 10 * time.Minute

// syncTimeout returns when an instance ends an operation that waits, and so
// takes no newer commit. Argo CD does not try such an operation again, so no
// operation that goes well may take as long: neither the sync of an app with all
// of its hooks, nor that of a root, which waits for the apps of each wave but
// the last.
func (m *Model) syncTimeout(a *model.ArgoCD) time.Duration {
	var longest time.Duration
	for _, e := range m.fleet.Environments {
		waves := map[int]time.Duration{}
		for _, app := range m.fleet.Apps {
			for _, s := range m.resolver.Scopes(app.Name) {
				if s.Environment != e.Name || !slices.Contains(a.Clusters, s.Cluster) {
					continue
				}
				f, _ := m.resolver.Facts(app.Name, s)
				longest = max(longest, f.SyncTime.Sync)
				if w := m.waves[e.Name][app.Name]; w < 0 && m.created(app.Name, e.Name) {
					waves[w] = max(waves[w], f.SyncTime.Healthy)
				}
			}
		}
		var root time.Duration
		for _, t := range waves {
			root += t
		}
		longest = max(longest, root)
	}
	return longest + slack
}

func configMap(a *model.ArgoCD, name string, data map[string]any) map[string]any {
	return map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": name, "namespace": a.Namespace,
			"labels": map[string]any{"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd"}},
		"data": data,
	}
}

// applicationHealth gives Applications a health again, without which the waves
// between them wait for nothing. An Application of ours that nothing comes after
// counts as healthy, so that no root waits for it; its own health is what Argo CD
// shows of the Application itself. One that is awaited is not healthy before its
// first sync has ended and been looked at: Argo CD counts an Application as healthy
// while some of its objects are missing. Times are in whole seconds, and Argo CD
// looks at once: in the second of the end, what is synced has been looked at.
const applicationHealth = `local status = obj.status or {}
local health = { status = "Progressing", message = "" }
if status.health ~= nil then
  health.status = status.health.status
  health.message = status.health.message or ""
end
local labels = obj.metadata.labels or {}
local annotations = obj.metadata.annotations or {}
if labels["app.kubernetes.io/managed-by"] ~= "gitopsgen" then
  return health
end
if annotations["` + awaitedAnnotation + `"] ~= "true" then
  health.message = "not waited for: " .. health.status
  health.status = "Healthy"
  return health
end
local sync = status.operationState
local settled = false
if sync == nil then
  settled = status.sync ~= nil and status.sync.status == "Synced"
elseif sync.phase ~= "Running" and sync.finishedAt ~= nil and status.reconciledAt ~= nil then
  local synced = status.sync ~= nil and status.sync.status == "Synced"
  settled = status.reconciledAt > sync.finishedAt or (status.reconciledAt == sync.finishedAt and synced)
end
if health.status == "Healthy" and not settled then
  health.status = "Progressing"
  health.message = "waiting for the end of the sync"
end
return health
`
