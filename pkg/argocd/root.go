package argocd

import (
	"cmp"
	"maps"
	"path"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// Bootstrap returns, for each instance, what a person applies once: the project
// of the roots and the root of all, which creates the rest of what stands in
// argocd/ but for Applications. It also returns how the instance is configured,
// and a root for each environment that has Applications among the given files.
func (m *Model) Bootstrap(files []tree.File) ([]tree.File, error) {
	var out []tree.File
	for i := range m.instances {
		own, err := m.bootstrap(&m.instances[i], files)
		if err != nil {
			return nil, err
		}
		out = append(out, own...)
	}
	slices.SortFunc(out, func(x, y tree.File) int { return cmp.Compare(x.Path, y.Path) })
	return out, nil
}

func (m *Model) bootstrap(a *model.ArgoCD, files []tree.File) ([]tree.File, error) {
	out, err := m.settings(a)
	if err != nil {
		return nil, err
	}
	owner, at := bootstrapOwner(a), layout.Bootstrap(a.Cluster)
	objects := map[string]any{
		path.Join(at, a.Name+"-project.yaml"): m.rootProject(a, out),
		path.Join(at, a.Name+"-roots.yaml"):   m.roots(a),
	}
	for _, p := range slices.Sorted(maps.Keys(objects)) {
		f, err := file(p, owner, objects[p])
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	for _, env := range m.rootedEnvironments(a, files) {
		f, err := file(layout.Root(m.dir(a), env), tree.Owner{Unit: layout.RootUnit(env)}, m.environmentRoot(a, env))
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	for name, data := range m.snippets(a) {
		out = append(out, tree.File{Path: path.Join(at, "settings", a.Name+"-"+name+".yaml"), Data: data, Owner: owner})
	}
	return out, nil
}

func bootstrapOwner(a *model.ArgoCD) tree.Owner { return tree.Owner{Unit: "clusters/" + a.Cluster} }

// rootedEnvironments returns the environments of which an instance has
// Applications, sorted; "" stands for what runs once per cluster.
func (m *Model) rootedEnvironments(a *model.ArgoCD, files []tree.File) []string {
	envs := map[string]bool{}
	for _, f := range files {
		if dir, env, ok := layout.ParseApplications(path.Dir(f.Path)); ok && dir == m.dir(a) {
			envs[env] = true
		}
	}
	return slices.Sorted(maps.Keys(envs))
}

// roots returns the root of all. What it creates has no waves, so its operations
// end when everything is applied, whatever becomes of it.
func (m *Model) roots(a *model.ArgoCD) *Application {
	r := m.root(a, layout.Roots(m.fleet.Name), m.branch(""), m.dir(a))
	r.Spec.Source.Directory = &SourceDirectory{Recurse: true, Exclude: layout.NoApplications}
	return r
}

// environmentRoot returns the root of an environment. Because it prunes last, no
// operation ends up between a deletion that waits and something to be created.
func (m *Model) environmentRoot(a *model.ArgoCD, env string) *Application {
	r := m.root(a, layout.EnvironmentRoot(m.fleet.Name, env), m.branch(env), layout.Applications(m.dir(a), env))
	r.Spec.SyncPolicy.SyncOptions = append(r.Spec.SyncPolicy.SyncOptions, "PruneLast=true")
	slices.Sort(r.Spec.SyncPolicy.SyncOptions)
	return r
}

// root returns a root Application. It has no finalizer: deleting it deletes
// nothing else. Nor does it name the directories that it reads: Argo CD would not
// sync a commit that it saw while an operation waited, since nothing has changed
// since it last looked.
func (m *Model) root(a *model.ArgoCD, name, branch, dir string) *Application {
	return &Application{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "Application"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: a.Namespace,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}},
		Spec: ApplicationSpec{
			Project: layout.RootProject(m.fleet.Name),
			Source: Source{RepoURL: m.fleet.Repository.URL, TargetRevision: branch,
				Path: path.Join(m.fleet.Repository.Path, dir)},
			Destination: Destination{Server: inCluster, Namespace: a.Namespace},
			SyncPolicy: &SyncPolicy{
				Automated:   &Automated{Prune: true, SelfHeal: true},
				SyncOptions: []string{"ApplyOutOfSyncOnly=true", "FailOnSharedResource=true", "ServerSideApply=true"},
				Retry:       &Retry{Limit: 10, Backoff: &Backoff{Duration: "5s", Factor: 2, MaxDuration: "30s"}, Refresh: true},
			},
			RevisionHistoryLimit: new(int64(10)),
		},
	}
}

// rootProject returns the project of the roots: it may create what makes
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
		ObjectMeta: metav1.ObjectMeta{Name: layout.RootProject(m.fleet.Name), Namespace: a.Namespace,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "gitopsgen"}},
		Spec: AppProjectSpec{
			Description: "what creates the Applications of " + m.fleet.Name,
			SourceRepos: []string{m.fleet.Repository.URL}, Destinations: []Destination{{Server: inCluster, Namespace: a.Namespace}},
			NamespaceResourceWhitelist: sortedKinds(kinds),
		},
	}
}
