// Package argocd makes what Argo CD needs to sync the tree: an Application for
// each target, or an ApplicationSet that makes them, the projects that allow
// just what the Applications deploy, and the roots from which each instance
// starts. Package expand shows what an ApplicationSet will make.
//
// What stands in clusters/CLUSTER is applied once by a person; everything else
// follows from it:
//
//	clusters/hub/hub-roots.yaml -> argocd/{projects,settings,appsets,roots}
//	argocd/roots/ENV.yaml       -> argocd/apps/ENV -> apps/, platform/
//
// No root waits for another, since an operation of Argo CD that waits takes no
// newer commit: the first has no waves, so it waits for nothing, and that of an
// environment waits only for Applications that others come after.
package argocd

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

const (
	apiVersion = "argoproj.io/v1alpha1"
	// inCluster is the address of the cluster that Argo CD itself runs on.
	inCluster = "https://kubernetes.default.svc"
)

// The labels of Applications, and of registered clusters.
const (
	environmentLabel = view.EnvironmentLabel
	clusterLabel     = "gitopsgen.dev/cluster"
	// memberPrefix, followed by an environment, labels the clusters of the environment.
	memberPrefix = "gitopsgen.dev/environment-"
)

// Model is a fleet as its instances of Argo CD see it. It may be used by several
// goroutines at once.
type Model struct {
	fleet    *model.Fleet
	resolver *resolve.Resolver
	apps     map[string]*model.App
	// instances have nothing left to default; there are none where the fleet
	// has no repository that Argo CD could read.
	instances []model.ArgoCD
	// waves are those of the apps by environment, and components those of
	// PlatformComponents.
	waves      map[string]map[string]int
	components map[string]int
}

// New returns the model of a fleet that package validate passes.
func New(fleet *model.Fleet, r *resolve.Resolver) *Model {
	m := &Model{fleet: fleet, resolver: r, apps: map[string]*model.App{}}
	for i := range fleet.Apps {
		m.apps[fleet.Apps[i].Name] = &fleet.Apps[i]
	}
	if fleet.Repository.URL != "" {
		m.instances = view.Instances(fleet)
	}
	m.waves, m.components = m.appWaves(), m.componentWaves()
	return m
}

// Target is a directory that Argo CD syncs to one cluster.
type Target struct {
	// Unit is the app or component, as in apps/frontend.
	Unit string
	// Scope names the environment and the cluster. What runs once per cluster has
	// no environment.
	view.Scope
	// Dir is the directory, and Reads are the others that its build reads.
	Dir   string
	Reads []string
}

// instance returns the instance that manages a cluster, or nil.
func (m *Model) instance(cluster string) *model.ArgoCD {
	for i := range m.instances {
		if slices.Contains(m.instances[i].Clusters, cluster) {
			return &m.instances[i]
		}
	}
	return nil
}

// dir returns the directory that an instance's root reads.
func (m *Model) dir(a *model.ArgoCD) string {
	if len(m.instances) == 1 {
		return layout.ArgoCD("")
	}
	return layout.ArgoCD(a.Name)
}

// branch returns the branch that holds an environment.
func (m *Model) branch(env string) string {
	for _, e := range m.fleet.Environments {
		if e.Name == env && e.Branch != "" {
			return e.Branch
		}
	}
	return cmp.Or(m.fleet.Repository.Branch, "main")
}

// UnitName returns the name under which a unit's Applications go: an app's own,
// or platform-COMPONENT.
func UnitName(unit string) string {
	kind, name, _ := strings.Cut(unit, "/")
	if kind == "platform" {
		return "platform-" + name
	}
	return name
}

// isComponent reports whether a unit is a part of the platform.
func isComponent(unit string) bool { return strings.HasPrefix(unit, "platform/") }

// ApplicationName returns the name of the Application of a unit in a scope. It
// always holds the cluster, so that another cluster of the environment renames,
// and so deletes, nothing.
func ApplicationName(unit string, s view.Scope) string {
	return layout.ApplicationName(UnitName(unit), s.Environment, s.Cluster)
}

// file returns a file of the tree that holds an object.
func file(at string, owner tree.Owner, typed any) (tree.File, error) {
	o, err := object.From(typed)
	if err != nil {
		return tree.File{}, err
	}
	return tree.File{Path: at, Data: o.YAML(), Owner: owner}, nil
}
