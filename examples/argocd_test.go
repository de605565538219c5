package examples_test

import (
	"bytes"
	"context"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/graph"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/report"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

func renderModel(t *testing.T, f *model.Fleet) *tree.Tree {
	t.Helper()
	result, err := render.Fleet(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return result.Tree
}

// changedPaths returns what a change of a fleet changes in the tree, the
// inventories apart.
func changedPaths(t *testing.T, name string, change func(*model.Fleet)) []string {
	t.Helper()
	before := renderModel(t, loadFleet(t, name).Fleet)
	fleet := loadFleet(t, name).Fleet
	change(fleet)
	var out []string
	for _, c := range tree.Changes(before, renderModel(t, fleet)) {
		if !strings.HasPrefix(c.Path, ".gitopsgen/") {
			out = append(out, string(c.Kind)+" "+c.Path)
		}
	}
	return out
}

// TestNewCluster adds a cluster to prod: its own files come, and the projects
// that must allow it change. An ApplicationSet that asks for the clusters of an
// environment does not know it.
func TestNewCluster(t *testing.T) {
	tests := map[string]struct {
		reason   string
		strategy model.Strategy
		want     []string
	}{
		"Sets": {
			reason: "Sets find the cluster by its labels.", strategy: model.ClusterSet,
			want: []string{
				"added argocd/apps/prod/platform-namespaces-tokyo.yaml",
				"modified argocd/projects/tickets-platform.yaml",
				"modified argocd/projects/tickets.yaml",
				"added argocd/settings/cluster-tokyo.yaml",
			},
		},
		"Applications": {
			reason: "Each app gets an Application there.", strategy: model.Applications,
			want: []string{
				"added argocd/apps/prod/api-tokyo.yaml",
				"added argocd/apps/prod/platform-namespaces-tokyo.yaml",
				"added argocd/apps/prod/postgres-tokyo.yaml",
				"added argocd/apps/prod/web-tokyo.yaml",
				"modified argocd/projects/tickets-platform.yaml",
				"modified argocd/projects/tickets.yaml",
				"added argocd/settings/cluster-tokyo.yaml",
			},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			delivery := func(f *model.Fleet) {
				if f.Delivery.Strategy = tc.strategy; tc.strategy == model.Applications {
					f.Delivery.Rolling = nil
				}
			}
			before := loadFleet(t, "multicluster").Fleet
			delivery(before)
			after := loadFleet(t, "multicluster").Fleet
			delivery(after)
			after.Clusters = append(after.Clusters, model.Cluster{Name: "tokyo", Server: "https://tokyo.k8s.example.com", KubernetesVersion: "1.35",
				Registration: &model.Registration{Store: "platform", Key: "clusters/tokyo"}})
			for i := range after.Environments {
				if e := &after.Environments[i]; e.Name == "prod" {
					e.Clusters = append(e.Clusters, "tokyo")
				}
			}
			var got []string
			for _, c := range tree.Changes(renderModel(t, before), renderModel(t, after)) {
				if !strings.HasPrefix(c.Path, ".gitopsgen/") {
					got = append(got, string(c.Kind)+" "+c.Path)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRemovedApp removes an app: its own files go, and what others allowed it.
func TestRemovedApp(t *testing.T) {
	remove := func(f *model.Fleet) {
		f.Apps = slices.DeleteFunc(f.Apps, func(a model.App) bool { return a.Name == "redis-cart" })
		for i := range f.Apps {
			f.Apps[i].Spec.TalksTo = slices.DeleteFunc(f.Apps[i].Spec.TalksTo, func(p model.Peer) bool { return p.App == "redis-cart" })
		}
	}
	for _, c := range changedPaths(t, "boutique", remove) {
		kind, p, _ := strings.Cut(c, " ")
		switch {
		case kind == "removed" && (strings.HasPrefix(p, "apps/redis-cart/") || strings.HasPrefix(path.Base(p), "redis-cart-")):
		case p == "apps/cartservice/base/networkpolicy.yaml", p == "apps/cartservice/base/kustomization.yaml", // its caller
			p == "apps/cartservice/base/networkpolicy-redis-cart.from.cartservice.yaml" && kind == "removed":
		case p == "argocd/projects/boutique.yaml": // no app has a claim any more
		default:
			t.Errorf("%s", c)
		}
	}
	before := renderModel(t, loadFleet(t, "boutique").Fleet)
	fleet := loadFleet(t, "boutique").Fleet
	remove(fleet)
	report, err := diff.Trees(before, renderModel(t, fleet))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := report.Write(&text, diff.Text); err != nil {
		t.Fatal(err)
	}
	deleted, kept, _ := strings.Cut(text.String(), "\nArgo CD will retain")
	if !strings.Contains(deleted, "\n\nArgo CD will delete:\n") ||
		!strings.Contains(deleted, "\n  apps/redis-cart in prod (frankfurt, virginia): Service, ServiceAccount, Deployment.apps, NetworkPolicy.networking.k8s.io boutique-prod/redis-cart (after a person confirms)\n") {
		t.Errorf("diff does not begin with what is deleted, where and by whom:\n%s", deleted)
	}
	if strings.Contains(deleted, "PersistentVolumeClaim") {
		t.Errorf("Argo CD keeps the claim, and diff says that it goes:\n%s", deleted)
	}
	if !strings.Contains(kept, "kubectl --context={cluster} --namespace=boutique-prod delete persistentvolumeclaim redis-cart-redis-data\n") {
		t.Errorf("diff does not say how the claim is deleted:\n%s", kept)
	}
}

// TestGraph holds the graphs in the READMEs to the fleets.
func TestGraph(t *testing.T) {
	tests := map[string]struct {
		reason      string
		environment string
	}{
		"aws":          {reason: "Both environments are alike: one is enough.", environment: "prod"},
		"boutique":     {reason: "Three environments of twelve apps would be too much.", environment: "prod"},
		"multicluster": {reason: "The graph shows the environments and their order."},
		"vault":        {reason: "There is one environment."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			fleet := loadFleet(t, name).Fleet
			all := func(string) bool { return true }
			environment := func(e string) bool { return tc.environment == "" || e == tc.environment }
			var b strings.Builder
			g := graph.Of(fleet, resolve.New(fleet, features.Default()), graph.Selection{App: all, Environment: environment, Cluster: all})
			if err := g.Write(&b, graph.Mermaid); err != nil {
				t.Fatal(err)
			}
			holds(t, name, tc.reason, "```mermaid\n"+b.String()+"```\n")
		})
	}
}

// TestPolicies holds the policies in the READMEs, which are those of prod, to
// the fleets.
func TestPolicies(t *testing.T) {
	for _, name := range []string{"aws", "vault"} {
		t.Run(name, func(t *testing.T) {
			resolver := resolve.New(loadFleet(t, name).Fleet, features.Default())
			policies := report.Policies(resolver, report.Reads(resolver))
			held := 0
			for _, p := range policies {
				if p.Environment == "prod" {
					holds(t, name, "People copy the policy from there.", p.Text)
					held++
				}
			}
			if held == 0 {
				t.Error("there are no policies")
			}
		})
	}
}

// holds checks that the README of an example holds a text.
func holds(t *testing.T, name, reason, text string) {
	t.Helper()
	readme, err := os.ReadFile(path.Join(name, "README.md"))
	if err != nil || !strings.Contains(string(readme), text) {
		t.Errorf("%s: the README does not hold what the fleet gives (%v):\n%s", reason, err, text)
	}
}
