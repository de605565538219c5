package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestConfirmations checks what a person does, once, before Argo CD deletes.
func TestConfirmations(t *testing.T) {
	const (
		kubectl = "kubectl --context=one --namespace=argocd"
		now     = ` --overwrite argocd.argoproj.io/deletion-approved="$(date -u +%Y-%m-%dT%H:%M:%SZ)"`
		object  = "argocd.argoproj.io/sync-options"
	)
	approve := func(name string) string { return kubectl + " annotate applications.argoproj.io " + name + now }
	tests := map[string]struct {
		reason         string
		before, change func(*model.Fleet)
		want           []string
	}{
		"Production": {
			reason: "The Application's own deletion asks, and nothing else.",
			change: func(f *model.Fleet) { f.Apps = f.Apps[:1] },
			want:   []string{approve("web-prod-one")},
		},
		"Development": {
			reason: "Nobody is asked where no one depends on it.",
			before: func(f *model.Fleet) { f.Apps[1].RunsIn = []string{"dev"} },
			change: func(f *model.Fleet) { f.Apps = f.Apps[:1] },
		},
		"Older": {
			reason: "Where Argo CD cannot ask, a person deletes the Application.",
			before: func(f *model.Fleet) { f.ArgoCD = []model.ArgoCD{{Name: "hub", Cluster: "one", Version: "3.3"}} },
			change: func(f *model.Fleet) { f.Apps = f.Apps[:1] },
			want:   []string{kubectl + " delete applications.argoproj.io web-prod-one"},
		},
		"Environment": {
			reason: "The root goes with its environment, and nobody else deletes what it created.",
			change: func(f *model.Fleet) { f.Environments = f.Environments[:1]; f.Apps = f.Apps[:1] },
			want: []string{
				kubectl + " delete applications.argoproj.io api-prod-one --wait=false && " + approve("api-prod-one"),
				kubectl + " delete applications.argoproj.io platform-namespaces-prod-one --wait=false && " + approve("platform-namespaces-prod-one"),
				kubectl + " delete applications.argoproj.io web-prod-one --wait=false && " + approve("web-prod-one"),
			},
		},
		"Object": {
			reason: "An object that asks by choice holds the sync of its Application.",
			before: func(f *model.Fleet) {
				f.Apps[1].Spec.Objects = []model.RawObject{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "extra", "annotations": map[string]any{object: "Prune=confirm"}}}}
			},
			change: func(f *model.Fleet) { f.Apps[1].Spec.Objects = nil },
			want:   []string{approve("web-prod-one")},
		},
		"Unchanged": {reason: "Nothing goes.", change: func(f *model.Fleet) { f.Apps[1].Spec.Image = "web:2" }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			report := reportOf(t, tc.before, tc.change)
			var got []string
			for _, c := range report.Confirmations {
				got = append(got, c.Command)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
