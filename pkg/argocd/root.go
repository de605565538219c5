package argocd

import (
	"cmp"
	"path"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Bootstrap returns, for each instance, what a person applies once: the project
// of the root and the root itself, which creates all that stands in argocd/. It
// also returns how the instance is configured.
func (m *Model) Bootstrap() ([]tree.File, error) {
	var out []tree.File
	for i := range m.instances {
		a := &m.instances[i]
		settings, err := m.settings(a)
		if err != nil {
			return nil, err
		}
		out = append(out, settings...)
		owner, at := bootstrapOwner(a), layout.Bootstrap(a.Cluster)
		named := func(name string) string { return path.Join(at, a.Name+"-"+name+".yaml") }
		f, err := file(named("project"), owner, m.rootProject(a, settings))
		if err != nil {
			return nil, err
		}
		out = append(out, f)
		for _, r := range m.roots(a) {
			f, err := file(named(r.name), owner, r.application)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
		for name, data := range m.snippets(a) {
			out = append(out, tree.File{Path: path.Join(at, "settings", a.Name+"-"+name+".yaml"), Data: data, Owner: owner})
		}
	}
	slices.SortFunc(out, func(x, y tree.File) int { return cmp.Compare(x.Path, y.Path) })
	return out, nil
}

func bootstrapOwner(a *model.ArgoCD) tree.Owner { return tree.Owner{Unit: "clusters/" + a.Cluster} }

type root struct {
	name        string
	application *Application
}

// roots returns the root Application of an instance, and one more for each
// environment that has a branch of its own.
func (m *Model) roots(a *model.ArgoCD) []root {
	branch := m.branch("")
	out := []root{{"root", m.root(a, layout.Root(m.fleet.Name), branch, m.dir(a))}}
	for _, e := range m.fleet.Environments {
		managed := slices.ContainsFunc(e.Clusters, func(c string) bool { return m.instance(c) == a })
		if e.Branch != "" && e.Branch != branch && managed {
			out = append(out, root{"root-" + e.Name, m.root(a, layout.Root(m.fleet.Name)+"-"+e.Name, e.Branch, path.Join(m.dir(a), "apps", e.Name))})
		}
	}
	return out
}

// root returns a root Application. It has no finalizer: deleting it deletes
// nothing else.
func (m *Model) root(a *model.ArgoCD, name, branch, dir string) *Application {
	return &Application{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "Application"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: a.Namespace,
			Labels:      map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"},
			Annotations: map[string]string{"argocd.argoproj.io/manifest-generate-paths": "."}},
		Spec: ApplicationSpec{
			Project: layout.Root(m.fleet.Name),
			Source: Source{RepoURL: m.fleet.Repository.URL, TargetRevision: branch,
				Path: path.Join(m.fleet.Repository.Path, dir), Directory: &SourceDirectory{Recurse: true}},
			Destination: Destination{Server: inCluster, Namespace: a.Namespace},
			SyncPolicy: &SyncPolicy{
				Automated:   &Automated{Prune: true, SelfHeal: true},
				SyncOptions: []string{"ApplyOutOfSyncOnly=true", "FailOnSharedResource=true", "PruneLast=true", "ServerSideApply=true"},
				Retry:       &Retry{Limit: 5, Backoff: &Backoff{Duration: "5s", Factor: 2, MaxDuration: "3m"}},
			},
			RevisionHistoryLimit: model.Ptr(int64(10)),
		},
	}
}

// rootProject returns the project of the root: it may create what makes
// Applications, and configure Argo CD, in the instance's namespace alone.
func (m *Model) rootProject(a *model.ArgoCD, settings []tree.File) *AppProject {
	kinds := map[GroupKind]bool{
		{Group: "argoproj.io", Kind: "Application"}: true, {Group: "argoproj.io", Kind: "AppProject"}: true, {Group: "argoproj.io", Kind: "ApplicationSet"}: true,
	}
	for _, f := range settings {
		if objects, err := object.Parse(f.Data); err == nil {
			for _, o := range objects {
				kinds[GroupKind{Group: o.Group(), Kind: o.Kind()}] = true
			}
		}
	}
	return &AppProject{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "AppProject"},
		ObjectMeta: metav1.ObjectMeta{Name: layout.Root(m.fleet.Name), Namespace: a.Namespace,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}},
		Spec: AppProjectSpec{
			Description: "what creates the Applications of " + m.fleet.Name,
			SourceRepos: []string{m.fleet.Repository.URL}, Destinations: []Destination{{Server: inCluster, Namespace: a.Namespace}},
			NamespaceResourceWhitelist: sortedKinds(kinds),
		},
	}
}

// snippets returns what has to be configured in Argo CD itself, by the name of
// the ConfigMap: not whole objects, but the fields to add.
func (m *Model) snippets(a *model.ArgoCD) map[string][]byte {
	out := map[string][]byte{"cm": object.Marshal(configMap(a, "argocd-cm", map[string]any{
		"resource.customizations.health.argoproj.io_Application": applicationHealth}))}
	if m.rolls() {
		out["cmd-params-cm"] = object.Marshal(configMap(a, "argocd-cmd-params-cm", map[string]any{
			"applicationsetcontroller.enable.progressive.syncs": "true"}))
	}
	return out
}

// rolls reports whether some app is synced step by step.
func (m *Model) rolls() bool {
	for _, app := range m.fleet.Apps {
		if d := m.delivery(&app); d.Rolling != nil && *d.Rolling {
			return true
		}
	}
	return false
}

func configMap(a *model.ArgoCD, name string, data map[string]any) map[string]any {
	return map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": name, "namespace": a.Namespace,
			"labels": map[string]any{"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd"}},
		"data": data,
	}
}

// applicationHealth gives Applications a health again, without which the waves
// between them wait for nothing.
const applicationHealth = `local health = { status = "Progressing", message = "" }
if obj.status ~= nil and obj.status.health ~= nil then
  health.status = obj.status.health.status
  if obj.status.health.message ~= nil then
    health.message = obj.status.health.message
  end
end
return health
`
