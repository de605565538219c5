package argocd

import (
	"os"
	"testing"

	"github.com/argoproj/argo-cd/v3/util/lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// TestHealthOfApplications runs the health of Applications that settings/ proposes
// in the interpreter of Argo CD.
func TestHealthOfApplications(t *testing.T) {
	data, err := os.ReadFile("../../examples/boutique/expected/clusters/frankfurt/settings/hub-cm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var settings struct{ Data map[string]string }
	if err := yaml.Unmarshal(data, &settings); err != nil {
		t.Fatal(err)
	}
	script := settings.Data["resource.customizations.health.argoproj.io_Application"]
	ours := map[string]any{"app.kubernetes.io/managed-by": "gitopsgen"}
	awaited := map[string]any{"gitopsgen.dev/awaited": "true"}
	status := func(health, sync, phase, finished, reconciled string) map[string]any {
		return map[string]any{
			"health": map[string]any{"status": health}, "sync": map[string]any{"status": sync}, "reconciledAt": reconciled,
			"operationState": map[string]any{"phase": phase, "finishedAt": finished},
		}
	}
	const before, then, after = "2026-11-21T15:57:31Z", "2026-11-21T15:57:32Z", "2026-11-21T15:57:33Z"
	tests := map[string]struct {
		labels, annotations, status map[string]any
		want                        string
	}{
		"an Application of others":                         {nil, nil, status("Degraded", "Synced", "Succeeded", then, after), "Degraded"},
		"one that nothing comes after":                     {ours, nil, status("Degraded", "Synced", "Succeeded", then, after), "Healthy"},
		"awaited, and without a status":                    {ours, awaited, nil, "Progressing"},
		"awaited, and unhealthy":                           {ours, awaited, status("Degraded", "Synced", "Succeeded", then, after), "Degraded"},
		"looked at before the end of the sync":             {ours, awaited, status("Healthy", "OutOfSync", "Succeeded", then, before), "Progressing"},
		"looked at after it":                               {ours, awaited, status("Healthy", "Synced", "Succeeded", then, after), "Healthy"},
		"looked at after it, with a difference that stays": {ours, awaited, status("Healthy", "OutOfSync", "Succeeded", then, after), "Healthy"},
		"looked at in the second of its end":               {ours, awaited, status("Healthy", "Synced", "Succeeded", then, then), "Healthy"},
		"looked at in the second of its end, too early":    {ours, awaited, status("Healthy", "OutOfSync", "Succeeded", then, then), "Progressing"},
		"never synced, since nothing differs": {ours, awaited, map[string]any{
			"health": map[string]any{"status": "Healthy"}, "sync": map[string]any{"status": "Synced"},
		}, "Healthy"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			app := map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": map[string]any{"name": "web"}}
			for field, v := range map[string]map[string]any{"labels": tt.labels, "annotations": tt.annotations} {
				if v != nil {
					app["metadata"].(map[string]any)[field] = v
				}
			}
			if tt.status != nil {
				app["status"] = tt.status
			}
			got, err := lua.VM{}.ExecuteHealthLua(&unstructured.Unstructured{Object: app}, script)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Status) != tt.want {
				t.Errorf("%s, want %s: %s", got.Status, tt.want, got.Message)
			}
		})
	}
}
