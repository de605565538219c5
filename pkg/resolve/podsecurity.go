package resolve

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// level returns the pod security level that an app wants in a scope.
func (r *Resolver) level(a *model.App, s view.Scope) view.Level {
	var buf [maxLayers]layer
	spec := mergeField(r.layers(buf[:0], a, s), "podSecurity", func(out, l *model.AppSpec) bool {
		out.PodSecurity = l.PodSecurity
		return l.PodSecurity != nil
	})
	l := view.Level{App: a.Name, Namespace: r.namespaceOf(a, s), Level: cmp.Or(r.envs[s.Environment].Namespaces.PodSecurity, model.Restricted)}
	if p := spec.PodSecurity; p != nil && p.Level != "" {
		l.Level, l.Own = p.Level, true
	}
	return l
}
