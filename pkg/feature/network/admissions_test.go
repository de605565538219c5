package network_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/feature/network/netpoltest"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// TestAdmissions asks who opens an app to its caller, in how projects and namespaces
// relate, and whether the caller, and nobody else, gets in all the same.
func TestAdmissions(t *testing.T) {
	for name, tc := range map[string]struct {
		reason    string
		project   string // of the caller
		namespace string
		unmanaged bool
		private   bool
		mesh      *model.Mesh
		byCaller  bool
		closed    bool
	}{
		"Same":       {reason: "The caller may write into the namespace that both share.", byCaller: true},
		"Namespaces": {reason: "The project may write into the namespaces of all of its apps.", namespace: "{app}-{env}", byCaller: true},
		"Unmanaged":  {reason: "The namespace of the callee may be missing when the caller is synced.", namespace: "{app}-{env}", unmanaged: true},
		"Shared":     {reason: "The caller's own namespace is there when it is synced.", unmanaged: true, byCaller: true},
		"Project":    {reason: "A project may not write into the namespaces of another.", project: "other"},
		"Private":    {reason: "An app opens its private ports itself.", private: true, closed: true},
		"Ambient":    {reason: "The callee's mesh decides where calls arrive.", mesh: &model.Mesh{Mode: model.Ambient}, byCaller: true},
	} {
		t.Run(name, func(t *testing.T) {
			spec := model.AppSpec{ContainerSpec: model.ContainerSpec{Image: "app:1", Ports: []model.Port{{Name: "http", Port: 8080}}}}
			web := model.App{Name: "web", Project: tc.project, Spec: spec}
			web.Spec.Mesh, web.Spec.TalksTo = tc.mesh, []model.Peer{{App: "api"}}
			web.Spec.Hooks = []model.Hook{{Name: "warm", Phase: model.PostSync}, {Name: "migrate", Phase: model.PreSync}}
			api := model.App{Name: "api", Spec: spec}
			api.Spec.Mesh, api.Spec.Ports = tc.mesh, []model.Port{{Name: "http", Port: 8080, Private: &tc.private}}
			f := oneCluster(model.Cluster{}, web, api, model.App{Name: "other", Project: tc.project, Spec: spec})
			f.Environments[0].Namespace = tc.namespace
			if tc.unmanaged {
				f.Environments[0].Namespaces.Manage = new(false)
			}
			r := resolve.New(f, features.Default())
			own, err := featurestest.TargetObjects(r, "web", lab)
			if err != nil {
				t.Fatal(err)
			}
			var admissions []string
			for _, o := range own {
				if o.Kind() == "NetworkPolicy" && o.Name() != "web" && o.Name() != "web-warm" && o.Name() != "web-migrate" {
					admissions = append(admissions, o.Name())
				}
			}
			var want []string
			if tc.byCaller {
				want = []string{"api.from.web", "api.from.web-migrate"}
			}
			if !slices.Equal(admissions, want) {
				t.Errorf("%s\nthe caller has the policies %v, want %v", tc.reason, admissions, want)
			}
			net, ends := policies(t, r, lab), map[string]netpoltest.End{}
			for _, pod := range []string{"web", "web-warm", "web-migrate", "api", "other"} {
				app, _, _ := strings.Cut(pod, "-")
				target, _ := r.TargetIdentity(app, lab)
				ends[pod] = peer(target.Namespace, pod)
			}
			ports := []int32{8080}
			if tc.mesh != nil {
				ports = append(ports, 15008)
			}
			for pod, open := range map[string]bool{"web": !tc.closed, "web-warm": !tc.closed, "web-migrate": !tc.closed, "other": false} {
				for _, port := range ports {
					if got := net.Allows(ends[pod], ends["api"], corev1.ProtocolTCP, port); got != open {
						t.Errorf("%s\n%s to api at %d: allowed is %t, want %t", tc.reason, pod, port, got, open)
					}
				}
			}
		})
	}
}
