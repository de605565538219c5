package argocd

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestApplications checks that patterns mean exactly the Applications that are meant.
func TestApplications(t *testing.T) {
	deployed := func(unit, env, cluster string) Deployed {
		return Deployed{Target: Target{Unit: unit, Scope: view.Scope{Environment: env, Cluster: cluster}}}
	}
	prod := func(d Deployed) bool { return d.Environment == "prod" }
	for name, tc := range map[string]struct {
		reason string
		all    []Deployed
		some   func(Deployed) bool
		want   []string
	}{
		"Environment": {"All Applications of an environment on a cluster have the end of their names in common.",
			[]Deployed{deployed("apps/a", "prod", "tokyo"), deployed("apps/b", "prod", "tokyo"), deployed("apps/a", "prod", "osaka"), deployed("apps/a", "dev", "tokyo")},
			prod, []string{"*-prod-osaka", "*-prod-tokyo"}},
		"Some": {"Where others of the environment are not meant, names are needed.",
			[]Deployed{deployed("apps/a", "prod", "tokyo"), deployed("apps/b", "prod", "tokyo"), deployed("apps/a", "prod", "osaka")},
			func(d Deployed) bool { return d.Unit == "apps/a" }, []string{"*-prod-osaka", "a-prod-tokyo"}},
		"Environments": {"The name of another environment ends in that of the one.",
			[]Deployed{deployed("apps/a", "prod", "tokyo"), deployed("apps/a", "pre-prod", "tokyo")}, prod, []string{"a-prod-tokyo"}},
		"Clusters": {"An app is named like an environment, and a cluster like another with its environment.",
			[]Deployed{deployed("apps/a", "prod", "eu-tokyo"), deployed("apps/a-prod", "eu", "tokyo")}, prod, []string{"a-prod-eu-tokyo"}},
		"Component": {"What an app deploys once per cluster is named like the app.",
			[]Deployed{deployed("apps/a", "prod", "tokyo"), deployed("platform/a-prod", "", "tokyo")}, prod, []string{"a-prod-tokyo"}},
		"None": {"Nothing is meant.", []Deployed{deployed("apps/a", "dev", "tokyo")}, prod, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, applications(tc.all, tc.some)); diff != "" {
				t.Errorf("%s: applications (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
