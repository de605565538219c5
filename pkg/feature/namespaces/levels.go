package namespaces

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// podSecurity finds apps that want a pod security level of a namespace that they
// share with apps which want another, or that is not ours.
func (a auditor) podSecurity() {
	for _, s := range view.Environments(a.fleet) {
		env := s.Model.Name
		for _, l := range s.Levels {
			if !l.Own {
				continue
			}
			at := fieldpath.Path("apps").Key(l.App).Field("spec").Field("podSecurity")
			if !s.ManagesNamespaces() {
				a.Warnf("unmanaged-namespace", at, "set namespaces.manage in environment "+env+", or ask the owner of the namespace to set the level",
					"the namespaces of environment %s are not managed, so the level is not set", env)
				continue
			}
			if other, ok := otherLevel(s.Levels, l); ok {
				a.Errorf("pod-security-shared", at, "give the app its own namespace: use {app} in environments["+env+"].namespace, or move the app into its own project",
					"the app needs the level %s in namespace %s, but app %s in the same namespace has the level %s", l.Level, l.Namespace, other.App, other.Level)
			}
		}
	}
}

// otherLevel returns an app in the namespace of another that wants another level.
func otherLevel(all []view.Level, of view.Level) (view.Level, bool) {
	for _, l := range all {
		if l.Namespace == of.Namespace && l.Level != of.Level {
			return l, true
		}
	}
	return view.Level{}, false
}
