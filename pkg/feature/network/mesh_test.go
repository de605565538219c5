package network_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// audited returns the findings about a fleet, as text.
func audited(f *model.Fleet) []string {
	var out []string
	for _, x := range featurestest.Audited(f) {
		out = append(out, string(x.Severity)+" "+x.Rule+" "+string(x.Path)+": "+x.Reason)
	}
	return out
}

// TestAbsentPeer checks what is said of apps that do not run beside their callers.
func TestAbsentPeer(t *testing.T) {
	const at = "warning absent-peer apps[web].spec.talksTo[0]: app api does not run in "
	const end = ", so the entry allows no traffic there: a network policy applies only within its cluster"
	for name, tc := range map[string]struct {
		reason   string
		web, api []string // environments
		want     []string
	}{
		"Beside":    {reason: "Both run everywhere."},
		"More":      {reason: "The other may run elsewhere too.", web: []string{"dev"}},
		"NotInProd": {reason: "In one environment, nobody is called.", api: []string{"dev"}, want: []string{at + "prod/east, prod/west (it runs in dev/east)" + end}},
		"Elsewhere": {reason: "The other runs on a cluster of the caller, in another environment.", web: []string{"dev"}, api: []string{"prod"},
			want: []string{at + "dev/east (it runs in prod/east, prod/west)" + end}},
		"Nowhere": {reason: "There is no such environment.", web: []string{"dev"}, api: []string{"old"}, want: []string{at + "dev/east (it does not run anywhere)" + end}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "app:1", Ports: []model.Port{{Name: "http", Port: 80}}}}
			web := spec
			web.TalksTo = []model.Peer{{App: "api"}}
			f := &model.Fleet{Name: "shop", Defaults: featurestest.Fleet().Defaults, Clusters: []model.Cluster{{Name: "east"}, {Name: "west"}},
				Environments: []model.Environment{{Name: "dev", Clusters: []string{"east"}}, {Name: "prod", Clusters: []string{"east", "west"}}},
				Apps:         []model.App{{Name: "api", RunsIn: tc.api, Spec: spec}, {Name: "web", RunsIn: tc.web, Spec: web}}}
			if diff := cmp.Diff(tc.want, audited(f)); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestMixedMesh checks what is said of namespaces that do not join the mesh.
func TestMixedMesh(t *testing.T) {
	sidecar, ambient := &model.Mesh{}, &model.Mesh{Mode: model.Ambient}
	for name, tc := range map[string]struct {
		reason   string
		web, api *model.Mesh
		labels   map[string]string
		want     []string
	}{
		"None": {reason: "There is no mesh."},
		"All":  {reason: "All are in it.", web: sidecar, api: sidecar},
		"One": {reason: "The other would join, and must not.", web: sidecar,
			want: []string{"warning mixed-mesh apps[web].spec.mesh: namespace shop-dev does not join the mesh, because some of its apps do (web) and some do not (api)"}},
		"Own": {reason: "The user labels it.", web: sidecar, labels: map[string]string{"istio-injection": "disabled"}},
		"Modes": {reason: "A namespace has one mode.", web: sidecar, api: ambient,
			want: []string{"error mixed-mesh apps[web].spec.mesh.mode: in namespace shop-dev, apps join the mesh both with sidecars (web) and in ambient mode (api)"}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := func(m *model.Mesh) model.AppSpec {
				return model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "app:1"}, Mesh: m}
			}
			f := &model.Fleet{Name: "shop", Defaults: featurestest.Fleet().Defaults, Clusters: []model.Cluster{{Name: "east"}},
				Environments: []model.Environment{{Name: "dev", Clusters: []string{"east"}, Namespaces: model.Namespaces{Labels: tc.labels}}},
				Apps:         []model.App{{Name: "api", Spec: spec(tc.api)}, {Name: "web", Spec: spec(tc.web)}}}
			if diff := cmp.Diff(tc.want, audited(f)); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
