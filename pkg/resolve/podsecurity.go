package resolve

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Level is the pod security level that an app wants of its namespace.
type Level struct {
	App, Namespace string
	Level          model.PodSecurityLevel
	// Own tells that the app says it, and not the environment.
	Own bool
}

// PodSecurity returns the level of a namespace of the site. Apps that share a
// namespace agree on it, or package audit says so.
func (s *Site) PodSecurity(namespace string) model.PodSecurityLevel {
	for _, l := range s.Levels {
		if l.Namespace == namespace {
			return l.Level
		}
	}
	return cmp.Or(s.Environment.Namespaces.PodSecurity, model.Restricted)
}

// level returns the pod security level that an app wants in a scope.
func (r *Resolver) level(a *model.App, s Scope) Level {
	var buf [maxLayers]layer
	spec := mergeField(r.layers(buf[:0], a, s), "podSecurity", func(out, l *model.AppSpec) bool {
		out.PodSecurity = l.PodSecurity
		return l.PodSecurity != nil
	})
	l := Level{App: a.Name, Namespace: r.namespaceOf(a, s), Level: cmp.Or(r.envs[s.Environment].Namespaces.PodSecurity, model.Restricted)}
	if p := spec.PodSecurity; p != nil && p.Level != "" {
		l.Level, l.Own = p.Level, true
	}
	return l
}
