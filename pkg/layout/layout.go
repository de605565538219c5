// Package layout knows where things stand in the generated tree: pure path
// naming, in one place.
package layout

import (
	"cmp"
	"path"
	"strings"
)

// The directories and files with fixed names.
const (
	Kustomization = "kustomization.yaml"
	Inventories   = ".gitopsgen"
	// Guide explains the tree to whoever finds it, and Attributes marks the inventories
	// as generated. They are the only files of GuideUnit.
	Guide      = Inventories + "/README.md"
	Attributes = Inventories + "/.gitattributes"
	GuideUnit  = "guide"
	// Staging is where earlier versions staged files. What stands there is not
	// followed, since a clone can bring it.
	Staging = Inventories + "/.staging"
	// Namespaces, Gateways, Issuers and Stores are the platform components that are
	// generated.
	Namespaces = "namespaces"
	Gateways   = "gateways"
	Issuers    = "issuers"
	Stores     = "stores"
)

// Tops returns the names of the directories at the top of a tree.
func Tops() []string {
	return []string{"apps", "argocd", "clusters", "platform", "rendered", Inventories}
}

// IsGenerated reports whether a component of the platform is one of gitopsgen's own.
func IsGenerated(component string) bool {
	switch component {
	case Namespaces, Gateways, Issuers, Stores:
		return true
	}
	return false
}

// App returns the unit of an app, as in apps/frontend.
func App(app string) string { return path.Join("apps", app) }

// Component returns the unit of a platform component, as in platform/namespaces.
func Component(name string) string { return path.Join("platform", name) }

// Base returns a unit's base directory.
func Base(unit string) string { return path.Join(unit, "base") }

// Overlay returns a unit's overlay directory for an environment.
func Overlay(unit, env string) string { return path.Join(unit, "overlays", env) }

// Preview returns a unit's overlay directory for the previews that are like an
// environment.
func Preview(unit, env string) string { return path.Join(unit, "previews", env) }

// Cluster returns a unit's overlay directory for one cluster of an environment.
func Cluster(unit, env, cluster string) string { return path.Join(unit, "clusters", env, cluster) }

// OnCluster returns the overlay directory for a cluster of a unit that runs once
// per cluster.
func OnCluster(unit, cluster string) string { return path.Join(unit, "clusters", cluster) }

// Dir returns the overlay directory of a unit in a scope: that of the environment,
// of one of its clusters, or, without an environment, of the cluster.
func Dir(unit, env, cluster string) string {
	switch {
	case env == "":
		return OnCluster(unit, cluster)
	case cluster == "":
		return Overlay(unit, env)
	}
	return Cluster(unit, env, cluster)
}

// Rendered returns the directory of a unit's built objects. Without an
// environment, it is that of a unit that runs once per cluster.
func Rendered(env, cluster, unit string) string {
	return path.Join("rendered", env, cluster, unit)
}

// PlatformProject returns the name of the Argo CD project of a fleet's platform
// components.
func PlatformProject(fleet string) string { return fleet + "-platform" }

// RootProject returns the name of the project of a fleet's root Applications.
func RootProject(fleet string) string { return fleet + "-root" }

// Roots returns the name of the Application that creates the projects, the
// settings of an instance, its ApplicationSets, and the roots of its environments.
func Roots(fleet string) string { return fleet + "-roots" }

// EnvironmentRoot returns the name of the Application that creates those of an
// environment, or without one those of what runs once per cluster.
func EnvironmentRoot(fleet, env string) string {
	if env == "" {
		return fleet + "-platform"
	}
	return fleet + "-root-" + env
}

// ApplicationName returns the name of an Application.
func ApplicationName(app, env, cluster string) string {
	if env == "" {
		return app + "-" + cluster
	}
	return app + "-" + env + "-" + cluster
}

// ArgoCD returns the directory that the roots of an instance read: argocd, or
// argocd/NAME where the fleet has several instances.
func ArgoCD(instance string) string { return path.Join("argocd", instance) }

// The directories below ArgoCD that hold Applications.
const (
	ofEnvironments = "apps"
	ofClusters     = "platform"
)

// Applications returns the directory of an environment's Applications, which its
// root reads. Without an environment it is that of what runs once per cluster.
func Applications(argocd, env string) string {
	if env == "" {
		return path.Join(argocd, ofClusters)
	}
	return path.Join(argocd, ofEnvironments, env)
}

// Application returns the file of an Application, as in
// argocd/apps/prod/frontend-tokyo.yaml. The cluster is always part of it, so that
// another cluster of the environment renames nothing. Without an environment, it
// is that of a unit that runs once per cluster, as in
// argocd/platform/platform-storage-tokyo.yaml.
func Application(argocd, env, app, cluster string) string {
	return path.Join(Applications(argocd, env), app+"-"+cluster+".yaml")
}

// ParseApplications returns the directory that the roots of an instance read, and
// the environment; it is the inverse of Applications.
func ParseApplications(dir string) (argocd, env string, ok bool) {
	argocd, last := path.Dir(dir), path.Base(dir)
	switch {
	case path.Base(argocd) == ofEnvironments:
		argocd, env = path.Dir(argocd), last
	case last != ofClusters:
		return "", "", false
	}
	return argocd, env, argocd == ArgoCD("") || path.Dir(argocd) == ArgoCD("")
}

// Root returns the file of the root of an environment. Without an environment it
// is that of what runs once per cluster; no environment has its name.
func Root(argocd, env string) string {
	return path.Join(argocd, "roots", cmp.Or(env, "_platform")+".yaml")
}

// RootUnit returns the unit that the root of an environment belongs to. Each has
// an inventory of its own, so that a new environment changes no other's files.
func RootUnit(env string) string { return "argocd/root-" + cmp.Or(env, "_platform") }

// NoApplications is the pattern of the files below ArgoCD that the root of all
// does not read, since other roots do.
const NoApplications = "{" + ofEnvironments + "," + ofClusters + "}/*"

// ApplicationSet returns the file of an ApplicationSet.
func ApplicationSet(argocd, name string) string { return path.Join(argocd, "appsets", name+".yaml") }

// ParseApplication returns the environment and the cluster of an Application's
// file of an app or component; it is the inverse of Application.
func ParseApplication(file, app string) (env, cluster string, ok bool) {
	_, env, ok = ParseApplications(path.Dir(file))
	if !ok {
		return "", "", false
	}
	cluster, ok = strings.CutPrefix(strings.TrimSuffix(path.Base(file), ".yaml"), app+"-")
	return env, cluster, ok && cluster != ""
}

// AppProject returns the file of an AppProject.
func AppProject(argocd, project string) string {
	return path.Join(argocd, "projects", project+".yaml")
}

// Setting returns the file of an object that Argo CD is configured with.
func Setting(argocd, name string) string { return path.Join(argocd, "settings", name+".yaml") }

// Parameters returns the file of parameters of a target, which an ApplicationSet
// reads, as in apps/frontend/targets/prod-tokyo.yaml.
func Parameters(unit, env, cluster string) string {
	return path.Join(unit, "targets", env+"-"+cluster+".yaml")
}

// ParseParameters returns the cluster of a file of parameters of a unit in an
// environment; it is the inverse of Parameters.
func ParseParameters(file, unit, env string) (cluster string, ok bool) {
	rest, ok := strings.CutPrefix(file, path.Join(unit, "targets", env)+"-")
	cluster, isYAML := strings.CutSuffix(rest, ".yaml")
	return cluster, ok && isYAML && cluster != ""
}

// Bootstrap returns the directory that is applied once to a cluster.
func Bootstrap(cluster string) string { return path.Join("clusters", cluster) }

// Place is where a directory stands in a fleet. One without an environment is that
// of a unit that runs once per cluster.
type Place struct {
	Unit, Environment, Cluster string
}

// ParseDir returns the place of an overlay's or a rendered unit's directory;
// it is the inverse of Dir and Rendered.
func ParseDir(dir string) (Place, bool) {
	p := strings.Split(dir, "/")
	switch {
	case len(p) == 4 && p[0] == "rendered":
		return Place{Unit: path.Join(p[2], p[3]), Cluster: p[1]}, true
	case len(p) == 5 && p[0] == "rendered":
		return Place{Unit: path.Join(p[3], p[4]), Environment: p[1], Cluster: p[2]}, true
	case len(p) == 4 && p[2] == "overlays":
		return Place{Unit: path.Join(p[0], p[1]), Environment: p[3]}, true
	case len(p) == 4 && p[2] == "clusters":
		return Place{Unit: path.Join(p[0], p[1]), Cluster: p[3]}, true
	case len(p) == 5 && p[2] == "clusters":
		return Place{Unit: path.Join(p[0], p[1]), Environment: p[3], Cluster: p[4]}, true
	}
	return Place{}, false
}

// Relative returns the path from the directory from to the directory to, as a
// kustomization names it.
func Relative(from, to string) string {
	f, t := strings.Split(from, "/"), strings.Split(to, "/")
	for len(f) > 0 && len(t) > 0 && f[0] == t[0] {
		f, t = f[1:], t[1:]
	}
	return strings.Repeat("../", len(f)) + strings.Join(t, "/")
}
