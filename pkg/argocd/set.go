package argocd

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// delivery returns how the Applications of an app come to be.
func (m *Model) delivery(app *model.App) model.Delivery { return resolve.Delivery(m.fleet, app) }

// App returns the files of an app's targets: its Applications, or the
// ApplicationSets that make them, one for each instance. A set makes the
// Applications of all targets; files of a target that is not selected are left out.
// Preview is nil where the app has no previews, or theirs are not selected.
func (m *Model) App(app string, targets []Target, selected func(view.Scope) bool, preview *Preview) ([]tree.File, error) {
	a := m.apps[app]
	if a == nil || len(m.instances) == 0 {
		return nil, nil
	}
	d := m.delivery(a)
	unselected := func(t Target) bool { return !selected(t.Scope) }
	out, err := m.previews(app, preview, targets)
	if err != nil {
		return nil, err
	}
	if d.Strategy == model.Applications {
		files, err := m.Applications(slices.DeleteFunc(slices.Clone(targets), unselected))
		return append(out, files...), err
	}
	for i := range m.instances {
		own := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return m.instance(t.Cluster) != &m.instances[i] })
		if len(own) == 0 {
			continue
		}
		set, err := m.set(&m.instances[i], app, d, own)
		if err != nil {
			return nil, err
		}
		out = append(out, set)
		if d.Strategy == model.FileSet {
			out = append(out, m.parameters(&m.instances[i], slices.DeleteFunc(own, unselected))...)
		}
	}
	return out, nil
}

// set returns the file of the ApplicationSet of an app.
func (m *Model) set(a *model.ArgoCD, app string, d model.Delivery, targets []Target) (tree.File, error) {
	s := &setBuilder{Model: m, instance: a, app: app, delivery: d, targets: m.promoted(targets)}
	for _, t := range s.targets {
		s.wanted = append(s.wanted, s.application(a, t))
	}
	set, err := s.build()
	if err != nil {
		return tree.File{}, err
	}
	return file(layout.ApplicationSet(m.dir(a), app), tree.Owner{Unit: layout.App(app)}, set)
}

// parameters returns the files of parameters that a set reads, one for each target.
func (m *Model) parameters(a *model.ArgoCD, targets []Target) []tree.File {
	var out []tree.File
	for _, t := range targets {
		values := map[string]any{}
		for k, v := range m.values(a, t) {
			values[k] = v
		}
		out = append(out, tree.File{Path: layout.Parameters(t.Unit, t.Environment, t.Cluster),
			Data: object.Marshal(map[string]any{"values": values}), Owner: tree.Owner{Unit: t.Unit, Environment: t.Environment}})
	}
	return out
}

// setBuilder builds the ApplicationSet of an app for one instance.
type setBuilder struct {
	*Model
	instance *model.ArgoCD
	app      string
	delivery model.Delivery
	targets  []Target
	// wanted are the Applications that the set shall make, in the order of targets.
	wanted []*Application
}

func (s *setBuilder) rolling() bool { return s.delivery.Rolling != nil && *s.delivery.Rolling }

// build returns the set. What the Applications have in common stands in the
// template, what some have of their own in the template's patch.
func (s *setBuilder) build() (*ApplicationSet, error) {
	patch, err := s.patch(s.template(func(text string) string { return text }))
	if err != nil {
		return nil, err
	}
	generators, err := s.generators()
	if err != nil {
		return nil, err
	}
	common := s.template(escape)
	set := &ApplicationSet{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "ApplicationSet"},
		ObjectMeta: metav1.ObjectMeta{Name: s.app, Namespace: s.instance.Namespace,
			Labels: map[string]string{"app.kubernetes.io/name": s.app, "app.kubernetes.io/part-of": common.Spec.Project, "app.kubernetes.io/managed-by": "gitopsgen"}},
		Spec: ApplicationSetSpec{
			GoTemplate: true, GoTemplateOptions: []string{"missingkey=error"}, Generators: generators,
			Template: common, TemplatePatch: patch,
		},
	}
	if s.preserves() {
		set.Spec.SyncPolicy = &SetSyncPolicy{ApplicationsSync: "create-update", PreserveResourcesOnDeletion: true}
	}
	if s.rolling() {
		set.Spec.Strategy = &SetStrategy{Type: "RollingSync", RollingSync: &RollingSync{Steps: s.steps()}}
	}
	return set, nil
}

// preserves reports whether the set deletes nothing: where people depend on one
// of its Applications, a mistake in a generator must not take them away.
func (s *setBuilder) preserves() bool {
	return slices.ContainsFunc(s.targets, func(t Target) bool {
		return *s.resolver.Sync(s.app, t.Scope).ConfirmDeletion
	})
}

// template returns what all elements become, with all texts of the model passed
// through literal. The elements carry what differs by place in values; see values.
func (s *setBuilder) template(literal func(string) string) SetTemplate {
	first := s.wanted[0]
	out := SetTemplate{
		Metadata: SetTemplateMeta{
			Name:   s.app + "-{{.values.environment}}-{{.values.cluster}}",
			Labels: each(first.Labels, literal), Annotations: each(first.Annotations, literal), Finalizers: first.Finalizers,
		},
		Spec: first.Spec,
	}
	out.Spec.Info = eachInfo(first.Spec.Info, literal)
	out.Metadata.Labels[environmentLabel], out.Metadata.Labels[clusterLabel] = "{{.values.environment}}", "{{.values.cluster}}"
	out.Metadata.Annotations["argocd.argoproj.io/manifest-generate-paths"] = "{{.values.reads}}"
	if s.preserves() {
		out.Metadata.Finalizers = nil
	}
	out.Spec.Source.Path, out.Spec.Source.TargetRevision = "{{.values.path}}", "{{.values.revision}}"
	out.Spec.Destination = Destination{Server: "{{.values.server}}", Name: "{{.values.name}}", Namespace: "{{.values.namespace}}"}
	if s.asksForClusters() {
		out.Spec.Destination = Destination{Server: "{{.server}}", Namespace: "{{.values.namespace}}"}
	}
	if s.rolling() {
		policy := *out.Spec.SyncPolicy
		policy.Automated = nil
		out.Spec.SyncPolicy = &policy
	}
	return out
}

// asksForClusters reports whether the elements are clusters as Argo CD knows them.
func (s *setBuilder) asksForClusters() bool {
	return s.delivery.Strategy == model.ClusterSet || s.delivery.Strategy == model.MatrixSet
}

// values returns what an element says of its place.
func (m *Model) values(a *model.ArgoCD, t Target) map[string]string {
	_, namespace, _ := m.facts(t)
	d := destination(a, t.Cluster, namespace)
	return map[string]string{
		"environment": t.Environment, "cluster": t.Cluster, "namespace": namespace,
		"path": path.Join(m.fleet.Repository.Path, t.Dir), "revision": m.branch(t.Environment), "reads": generatePaths(t),
		"server": d.Server, "name": d.Name,
	}
}

// promoted orders targets by the promotion of their environments, and by cluster.
func (m *Model) promoted(targets []Target) []Target {
	out := slices.Clone(targets)
	slices.SortStableFunc(out, func(x, y Target) int {
		return cmp.Or(cmp.Compare(m.resolver.Stage(x.Environment), m.resolver.Stage(y.Environment)),
			cmp.Compare(x.Environment, y.Environment), cmp.Compare(x.Cluster, y.Cluster))
	})
	return out
}

// steps returns the steps of a rolling sync: the stages of promotion, and in each
// the canary clusters first.
func (s *setBuilder) steps() []RollingStep {
	var out []RollingStep
	for i := 0; i < len(s.targets); {
		stage := s.resolver.Stage(s.targets[i].Environment)
		var envs, canaries []string
		for ; i < len(s.targets) && s.resolver.Stage(s.targets[i].Environment) == stage; i++ {
			t := s.targets[i]
			if c := s.canary(t.Environment); c != "" && c == t.Cluster {
				canaries = append(canaries, c)
			}
			if !slices.Contains(envs, t.Environment) {
				envs = append(envs, t.Environment)
			}
		}
		of := MatchExpression{Key: environmentLabel, Operator: "In", Values: envs}
		if len(canaries) == 0 {
			out = append(out, s.step(of))
			continue
		}
		slices.Sort(canaries)
		canaries = slices.Compact(canaries)
		out = append(out, s.step(of, MatchExpression{Key: clusterLabel, Operator: "In", Values: canaries}),
			s.step(of, MatchExpression{Key: clusterLabel, Operator: "NotIn", Values: canaries}))
	}
	return out
}

func (s *setBuilder) step(of ...MatchExpression) RollingStep {
	step := RollingStep{MatchExpressions: of}
	if n, err := strconv.ParseInt(s.delivery.MaxUpdate, 10, 32); err == nil {
		step.MaxUpdate = n
	} else if s.delivery.MaxUpdate != "" {
		step.MaxUpdate = s.delivery.MaxUpdate
	}
	return step
}

// canary returns the cluster of an environment that is tried first, or "".
func (m *Model) canary(env string) string {
	for _, e := range m.fleet.Environments {
		if e.Name == env {
			return e.Canary
		}
	}
	return ""
}

// quote returns a text as a constant of a template.
func quote(s string) string { return strconv.Quote(s) }

// StrategyError is a strategy that cannot make the Applications of an app.
type StrategyError struct {
	// App and Strategy name them, and Reason says why: a clause.
	App      string
	Strategy model.Strategy
	Reason   string
}

func (e *StrategyError) Error() string {
	return fmt.Sprintf("the strategy %s cannot deliver app %s: %s", e.Strategy, e.App, e.Reason)
}
