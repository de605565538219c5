package argocd

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Applications returns the files of a unit's targets: an Application each.
func (m *Model) Applications(targets []Target) ([]tree.File, error) {
	var out []tree.File
	for _, t := range targets {
		a := m.instance(t.Cluster)
		if a == nil {
			continue
		}
		at := layout.Application(m.dir(a), t.Environment, UnitName(t.Unit), t.Cluster)
		f, err := file(at, owner(t), m.rooted(a, t))
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// owner returns whose file the Application of a target is.
func owner(t Target) tree.Owner {
	if t.Environment == "" {
		return tree.Owner{Unit: t.Unit, Cluster: t.Cluster}
	}
	return tree.Owner{Unit: t.Unit, Environment: t.Environment}
}

// rooted returns the Application of a target with the annotations that its root
// follows: when to create it, and to leave its deletion to a person where nobody
// would be asked otherwise.
func (m *Model) rooted(a *model.ArgoCD, t Target) *Application {
	app := m.application(a, t)
	said := app.Annotations
	if w := m.wave(t); w != 0 && said[waveAnnotation] == "" {
		said[waveAnnotation] = strconv.Itoa(w)
	}
	if m.awaited(t) {
		said[awaitedAnnotation] = "true"
	}
	if *m.syncOf(t).ConfirmDeletion && !confirmsDeletion(a) {
		// Prune=confirm would hold the root's operation until a person acts.
		said[syncAnnotation] = joined(said[syncAnnotation], "Prune=false")
		said[compareAnnotation] = joined(said[compareAnnotation], "IgnoreExtraneous")
	}
	return app
}

// joined returns a list of options with one more.
func joined(options, option string) string {
	if options == "" {
		return option
	}
	return options + "," + option
}

// application returns the Application of a target.
func (m *Model) application(a *model.ArgoCD, t Target) *Application {
	project, namespace, sync := m.facts(t)
	app := &Application{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "Application"},
		ObjectMeta: metav1.ObjectMeta{
			Name: ApplicationName(t.Unit, t.Scope), Namespace: a.Namespace,
			Labels: m.labels(t, project, sync), Annotations: annotations(a, t, sync),
			Finalizers: []string{"resources-finalizer.argocd.argoproj.io"},
		},
		Spec: ApplicationSpec{
			Project: project,
			Source: Source{RepoURL: m.fleet.Repository.URL, TargetRevision: m.branch(t.Environment),
				Path: path.Join(m.fleet.Repository.Path, t.Dir)},
			Destination:          destination(a, t.Cluster, namespace),
			SyncPolicy:           syncPolicy(a, sync),
			RevisionHistoryLimit: sync.RevisionHistoryLimit,
		},
	}
	for _, d := range sync.IgnoreDifferences {
		app.Spec.IgnoreDifferences = append(app.Spec.IgnoreDifferences, IgnoreDifference(d))
	}
	for _, i := range sync.Info {
		app.Spec.Info = append(app.Spec.Info, Info(i))
	}
	return app
}

// facts returns what the model says of a target. A component is synced as its
// environment's apps are by default, and lives where most of it does.
func (m *Model) facts(t Target) (project, namespace string, sync *model.Sync) {
	if t.Environment == "" {
		on, _ := m.resolver.OnCluster(path.Base(t.Unit), t.Cluster)
		return cmp.Or(on.Project, layout.PlatformProject(m.fleet.Name)), on.Namespace, on.Sync
	}
	if isComponent(t.Unit) {
		return layout.PlatformProject(m.fleet.Name), componentNamespace(m.resolver.Environment(t.Scope)), m.resolver.Sync("", t.Scope)
	}
	target := m.resolver.Target(path.Base(t.Unit), t.Scope)
	return target.Project, target.Namespace, target.Spec.Sync
}

// syncOf returns how a target is synced, but for what follows from the rest of its
// spec, which costs less than facts.
func (m *Model) syncOf(t Target) *model.Sync {
	switch {
	case t.Environment == "":
		_, _, sync := m.facts(t)
		return sync
	case isComponent(t.Unit):
		return m.resolver.Sync("", t.Scope)
	}
	return m.resolver.Sync(path.Base(t.Unit), t.Scope)
}

// componentNamespace returns the namespace of a component's Application, in
// which nothing is created that does not name one itself.
func componentNamespace(s view.Environment) string {
	if len(s.Namespaces) == 0 {
		return "default"
	}
	return s.Namespaces[0]
}

func (m *Model) labels(t Target, project string, sync *model.Sync) map[string]string {
	labels := maps.Clone(sync.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, map[string]string{
		"app.kubernetes.io/name": UnitName(t.Unit), "app.kubernetes.io/part-of": project, "app.kubernetes.io/managed-by": "gitopsgen",
		environmentLabel: t.Environment, clusterLabel: t.Cluster,
	})
	if t.Environment == "" {
		delete(labels, environmentLabel)
	}
	return labels
}

func annotations(a *model.ArgoCD, t Target, sync *model.Sync) map[string]string {
	out := map[string]string{"argocd.argoproj.io/manifest-generate-paths": generatePaths(t)}
	if !view.AtLeast(a.Version, "3.6") {
		out[compareAnnotation] = "ServerSideDiff=true" // what later versions do by themselves
	}
	subscribe(out, sync.Notify)
	maps.Copy(out, sync.Annotations)
	return out
}

const (
	syncAnnotation    = "argocd.argoproj.io/sync-options"
	compareAnnotation = "argocd.argoproj.io/compare-options"
)

// confirmsDeletion reports whether an instance can ask a person before it deletes
// what an Application deployed. Where it cannot, a person deletes the Application.
func confirmsDeletion(a *model.ArgoCD) bool { return view.AtLeast(a.Version, "3.4") }

// generatePaths returns the directories that a target's build reads, relative to
// its own: changes elsewhere do not concern it.
func generatePaths(t Target) string {
	paths := []string{"."}
	for _, dir := range t.Reads {
		paths = append(paths, layout.Relative(t.Dir, dir))
	}
	return strings.Join(paths, ";")
}

// destination returns a namespace of a cluster: the instance's own by address,
// which needs no registration, any other by name.
func destination(a *model.ArgoCD, cluster, namespace string) Destination {
	if cluster == a.Cluster {
		return Destination{Server: inCluster, Namespace: namespace}
	}
	return Destination{Name: cluster, Namespace: namespace}
}

func syncPolicy(a *model.ArgoCD, s *model.Sync) *SyncPolicy {
	p := &SyncPolicy{}
	if *s.Automated {
		p.Automated = &Automated{Prune: *s.Prune, SelfHeal: *s.SelfHeal, AllowEmpty: *s.AllowEmpty}
	}
	options := maps.Clone(s.Options)
	if *s.ConfirmDeletion && confirmsDeletion(a) {
		if _, ok := options["Delete"]; !ok {
			options["Delete"] = "confirm"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(options)) {
		p.SyncOptions = append(p.SyncOptions, name+"="+options[name])
	}
	if r := s.Retry; *r.Limit != 0 {
		p.Retry = &Retry{Limit: *r.Limit, Backoff: &Backoff{Duration: r.Duration, Factor: *r.Factor, MaxDuration: r.MaxDuration}, Refresh: *r.Refresh}
	}
	return p
}

// subscribe adds the annotations of subscriptions.
func subscribe(annotations map[string]string, list []model.Subscription) {
	for _, s := range list {
		on := s.On
		if on == nil {
			on = view.DefaultTriggers()
		}
		for _, trigger := range on {
			annotations["notifications.argoproj.io/subscribe."+trigger+"."+s.Service] = strings.Join(s.To, ";")
		}
	}
}
