package audit

import (
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// namespaceNames checks the names of namespaces, which are composed of those of
// apps, projects and environments.
func (a *auditor) namespaceNames() {
	for _, s := range a.sites {
		for _, name := range s.Namespaces {
			a.namespaceName(a.rule(s.Environment.Name), name)
		}
		for _, g := range s.Platform.Gateways {
			a.namespaceName(fieldpath.Path("gateways").Key(g.Name).Field("namespace"), g.Namespace)
		}
	}
}

func (a *auditor) namespaceName(at fieldpath.Path, name string) {
	if err := object.CheckName("", "Namespace", name); err != nil {
		a.Errorf("invalid-name", at, "shorten the rule, or the names that it contains", "%v", err)
	}
}
