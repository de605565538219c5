package resolve_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestPeersMerge lays talksTo of an app over that of the fleet's defaults, and
// looks at the target as well as at the edges, which are merged by themselves.
func TestPeersMerge(t *testing.T) {
	port := func(n int32) *intstr.IntOrString { return new(intstr.FromInt32(n)) }
	db, logs := model.Peer{App: "db"}, model.Peer{Host: "logs.example.org", Port: port(443)}
	named := func(name string, p model.Peer) model.Peer { p.Name = name; return p }
	for title, tc := range map[string]struct {
		reason        string
		defaults, own []model.Peer
		unset         []fieldpath.Path
		want          []model.Peer
		paths         []fieldpath.Path
	}{
		"Survive": {reason: "An app's own list leaves what it inherits in place.", defaults: []model.Peer{logs}, own: []model.Peer{db},
			want:  []model.Peer{named("logs.example.org", logs), named("db", db)},
			paths: []fieldpath.Path{"defaults.talksTo[0]", "apps[web].spec.talksTo[0]"}},
		"Change": {reason: "An entry of the same name changes the inherited one.", defaults: []model.Peer{db, logs}, own: []model.Peer{{App: "db", Port: port(5432)}},
			want:  []model.Peer{{Name: "db", App: "db", Port: port(5432)}, named("logs.example.org", logs)},
			paths: []fieldpath.Path{"apps[web].spec.talksTo[0]", "defaults.talksTo[1]"}},
		"Unset": {reason: "An entry is removed by its name.", defaults: []model.Peer{db, logs}, unset: []fieldpath.Path{"talksTo[logs.example.org]"},
			want: []model.Peer{named("db", db)}, paths: []fieldpath.Path{"defaults.talksTo[0]"}},
		"UnsetCIDR": {reason: "A network is a name, too.", defaults: []model.Peer{{CIDR: "10.0.0.0/8"}, db}, unset: []fieldpath.Path{"talksTo[10.0.0.0/8]"},
			want: []model.Peer{named("db", db)}, paths: []fieldpath.Path{"defaults.talksTo[1]"}},
		"Ports": {reason: "Two ports of one app are two entries.", own: []model.Peer{{App: "db", Port: port(1)}, {App: "db", Port: port(2)}, {App: "db", Port: port(2), Protocol: "UDP"}},
			want:  []model.Peer{{Name: "db", App: "db", Port: port(1)}, {Name: "db:2", App: "db", Port: port(2)}, {Name: "db:2#2", App: "db", Port: port(2), Protocol: "UDP"}},
			paths: []fieldpath.Path{"apps[web].spec.talksTo[0]", "apps[web].spec.talksTo[1]", "apps[web].spec.talksTo[2]"}},
		"Named": {reason: "A name leads elsewhere in another layer.", defaults: []model.Peer{named("mail", logs)}, own: []model.Peer{{Name: "mail", CIDR: "10.0.0.0/8"}},
			want: []model.Peer{{Name: "mail", CIDR: "10.0.0.0/8", Port: port(443)}}, paths: []fieldpath.Path{"apps[web].spec.talksTo[mail]"}},
		"API": {reason: "The API server has a name.", defaults: []model.Peer{{KubernetesAPI: new(true)}}, unset: []fieldpath.Path{"talksTo[kubernetesAPI]"}, paths: nil},
	} {
		t.Run(title, func(t *testing.T) {
			f := &model.Fleet{Name: "shop", Defaults: model.AppSpec{TalksTo: tc.defaults}, Clusters: []model.Cluster{{Name: "lab"}},
				Environments: []model.Environment{{Name: "dev", Clusters: []string{"lab"}}},
				Apps:         []model.App{{Name: "web", Spec: model.AppSpec{TalksTo: tc.own, Unset: tc.unset}}, {Name: "db"}}}
			scope, r := view.Scope{Environment: "dev", Cluster: "lab"}, resolve.New(f, features.Default())
			if diff := cmp.Diff(tc.want, r.Target("web", scope).Spec.TalksTo); diff != "" {
				t.Errorf("%s: target (-want +got):\n%s", tc.reason, diff)
			}
			var edges []model.Peer
			var paths []fieldpath.Path
			facts, _ := r.Facts("web", scope)
			for _, e := range facts.Peers {
				edges, paths = append(edges, e), append(paths, r.PeerPath("web", scope, e.Name))
			}
			if diff := cmp.Diff(tc.want, edges); diff != "" {
				t.Errorf("%s: edges (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.paths, paths); diff != "" {
				t.Errorf("%s: paths (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCallersMerge lays acceptsFrom of an app over that of the fleet's defaults.
func TestCallersMerge(t *testing.T) {
	f := &model.Fleet{Name: "shop", Defaults: model.AppSpec{AcceptsFrom: []model.Caller{{Monitoring: new(true)}, {Namespace: "gateway"}}},
		Apps: []model.App{{Name: "web", Spec: model.AppSpec{Unset: []fieldpath.Path{"acceptsFrom[gateway]"},
			AcceptsFrom: []model.Caller{{CIDR: "10.0.0.0/8"}, {Monitoring: new(true), Ports: []string{"metrics"}}, {Namespace: "a"},
				{Namespace: "a", PodLabels: map[string]string{"x": "y"}}, {Namespace: "a", Ports: []string{"http", "grpc"}}}}}}}
	want := []model.Caller{{Name: "monitoring", Monitoring: new(true), Ports: []string{"metrics"}}, {Name: "10.0.0.0/8", CIDR: "10.0.0.0/8"}, {Name: "a", Namespace: "a"},
		{Name: "a#2", Namespace: "a", PodLabels: map[string]string{"x": "y"}}, {Name: "a:http,grpc", Namespace: "a", Ports: []string{"http", "grpc"}}}
	if diff := cmp.Diff(want, resolve.New(f, features.Default()).Target("web", view.Scope{}).Spec.AcceptsFrom); diff != "" {
		t.Errorf("acceptsFrom (-want +got):\n%s", diff)
	}
}
