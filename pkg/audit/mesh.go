package audit

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// meshes finds apps that say they are in the service mesh and do not join it,
// since another app of their namespace says otherwise.
func (a *auditor) meshes() {
	seen := map[string]bool{}
	for _, s := range a.sites() {
		n := s.Environment.Namespaces
		if n.Manage != nil && !*n.Manage {
			continue // somebody else labels them
		}
		for _, namespace := range s.Namespaces {
			m, ok := s.Meshes[namespace]
			if !ok || m.Mode != "" || seen[s.Environment.Name+"/"+namespace] {
				continue
			}
			seen[s.Environment.Name+"/"+namespace] = true
			all := append(append([]string(nil), m.Apps[model.Sidecar]...), m.Apps[model.Ambient]...)
			at := fieldpath.Path("apps").Key(all[0]).Field("spec").Field("mesh")
			if sidecar, ambient := m.Apps[model.Sidecar], m.Apps[model.Ambient]; sidecar != nil && ambient != nil {
				a.Errorf("mixed-mesh", at.Field("mode"), "use one mode for all apps of the namespace",
					"in namespace %s, apps join the mesh both with sidecars (%s) and in ambient mode (%s)", namespace, strings.Join(sidecar, ", "), strings.Join(ambient, ", "))
				continue
			}
			if view.JoinsMesh(n.Labels) {
				continue
			}
			a.Warnf("mixed-mesh", at, "set mesh for all apps of the namespace, as in environments["+s.Environment.Name+"].defaults, or label the pods of single apps with pod.labels",
				"namespace %s does not join the mesh, because some of its apps do (%s) and some do not (%s)", namespace, strings.Join(all, ", "), strings.Join(m.Apps[""], ", "))
		}
	}
}
