package namespaces

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// auditor checks the namespaces of all targets.
type auditor struct {
	*feature.Report
	fleet view.Fleet
}

// checkFleet checks who lives in which namespace.
func checkFleet(r *feature.Report, f view.Fleet) {
	a := auditor{r, f}
	a.namespaces()
	a.namespaceNames()
	a.podSecurity()
}

// namespaces finds namespaces that two environments of one cluster share, and
// those that we would manage although they are somebody else's.
func (a auditor) namespaces() {
	type place struct{ cluster, namespace string }
	type user struct{ env, app string }
	first, reported := map[place]user{}, map[[3]string]bool{}
	for _, s := range view.Environments(a.fleet) {
		env := s.Model.Name
		for _, app := range a.fleet.Apps() {
			t, ok := a.fleet.TargetIdentity(app, s.Scope)
			if !ok {
				continue
			}
			at := place{s.Cluster, t.Namespace}
			other, known := first[at]
			if !known {
				first[at] = user{env, app}
				continue
			}
			if key := [3]string{other.env, env, t.Namespace}; other.env != env && !reported[key] {
				reported[key] = true
				a.Errorf("shared-namespace", a.rule(env), "give one of them another rule, such as {project}-{env}",
					"app %s in environment %s (%s) and app %s in environment %s both run in namespace %s of cluster %s",
					other.app, other.env, a.where(a.rule(other.env)), app, env, t.Namespace, s.Cluster)
			}
		}
		a.foreignNamespaces(s)
	}
}

// rule returns the place of an environment's rule for namespaces.
func (a auditor) rule(env string) fieldpath.Path {
	at := fieldpath.Path("environments").Key(env)
	if a.fleet.HasNamespace(env) {
		return at.Field("namespace")
	}
	return at
}

// where returns a path and, where it is known, its position.
func (a auditor) where(p fieldpath.Path) string {
	if at := a.Positions.At(p); !at.IsZero() {
		return fmt.Sprintf("%s at %s", p, at)
	}
	return string(p)
}

// foreignNamespaces finds namespaces of others among those that we would give
// labels, policies and quotas, which would stop what runs there.
func (a auditor) foreignNamespaces(s view.Environment) {
	if !s.ManagesNamespaces() {
		return
	}
	names := slices.Clone(s.Namespaces)
	for _, g := range s.Platform.Gateways {
		if g.Managed() && g.OwnNamespace {
			names = append(names, g.Namespace)
		}
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if owner := a.ownerOf(name, s); owner != "" {
			a.Errorf("foreign-namespace", a.rule(s.Model.Name),
				"use another rule and set this namespace in the objects that belong there, move the app into a PlatformComponent, or set namespaces.manage: false",
				"namespace %s of cluster %s belongs to %s, and would be managed: it would get labels and policies that deny all traffic, and be deleted with the last app", name, s.Cluster, owner)
		}
	}
}

// ownerOf returns whose a namespace is, as far as the model tells; "" where it is
// the environment's own.
func (a auditor) ownerOf(name string, s view.Environment) string {
	if kind.IsSystemNamespace(name) {
		return "the cluster itself"
	}
	for _, i := range view.Instances(a.Fleet) {
		if i.Cluster == s.Cluster && i.Namespace == name {
			return "Argo CD " + i.Name
		}
	}
	// A cluster may name another namespace for the Secrets of ClusterIssuers, which
	// is the environment's own; this is where cert-manager runs.
	if name == "cert-manager" && s.Platform.CertManager == name {
		return "cert-manager"
	}
	for _, g := range s.Platform.Gateways {
		if g.Kind == model.IstioGateway && g.Pods.Namespace == name && g.Namespace != name {
			return "the proxies of gateway " + g.Name
		}
	}
	return ""
}

// namespaceNames checks the names of namespaces, which are composed of those of
// apps, projects and environments.
func (a auditor) namespaceNames() {
	for _, s := range view.Environments(a.fleet) {
		for _, name := range s.Namespaces {
			a.namespaceName(a.rule(s.Model.Name), name)
		}
		for _, g := range s.Platform.Gateways {
			a.namespaceName(fieldpath.Path("gateways").Key(g.Name).Field("namespace"), g.Namespace)
		}
	}
}

func (a auditor) namespaceName(at fieldpath.Path, name string) {
	if err := object.CheckName("", "Namespace", name); err != nil {
		a.Errorf("invalid-name", at, "shorten the rule, or the names that it contains", "%v", err)
	}
}
