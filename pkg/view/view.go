package view

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Source knows a fleet; the resolver is one. What it returns is shared and must
// not be changed.
type Source interface {
	// Facts returns what an app states in a scope, and whether it runs there. In the
	// base, every app does.
	Facts(app string, s Scope) (*Facts, bool)
	// Callers returns the apps that talk or route to an app in some scope, or would
	// if no later layer changed it, sorted.
	Callers(app string) []string
	// Previewed reports whether an app has previews that are like a scope.
	Previewed(app string, s Scope) bool
	// Platform returns what the platform offers in a scope, or nil for the base.
	Platform(s Scope) *Platform
	// Kinds returns the scopes of the kinds that the fleet describes.
	Kinds() kind.Table
	// Environment returns an environment, or one of its clusters, as the platform sees it.
	Environment(s Scope) Environment
}

// View is what one app may know of the others, and of the platform. It may be
// used by several goroutines at once.
type View struct {
	source Source
	record func(Question)
}

// Question is something about other apps that was asked of a View. What the platform
// offers, and the scopes of kinds, depend on no single app, and are not among them.
type Question struct {
	// Kind is what was asked.
	Kind QuestionKind `json:"kind"`
	// App and Scope are what was asked about.
	App   string `json:"app,omitempty"`
	Scope `json:"scope"`
}

// QuestionKind is a method of a View.
type QuestionKind string

// The kinds of questions.
const (
	AskedApp         QuestionKind = "app"
	AskedCallers     QuestionKind = "callers"
	AskedRouted      QuestionKind = "routed"
	AskedEnvironment QuestionKind = "environment"
)

// Answer returns what a View answers to a question now.
func (v *View) Answer(q Question) any {
	switch q.Kind {
	case AskedApp:
		peer, ok := v.App(q.App, q.Scope)
		return []any{peer, ok}
	case AskedCallers:
		return v.Callers(q.App, q.Scope)
	case AskedRouted:
		return v.Routed(q.App, q.Scope)
	case AskedEnvironment:
		return v.Environment(q.Scope)
	}
	return nil
}

// Recording returns the same view, which tells record of everything that is asked
// of it, in the goroutine that asks.
func (v *View) Recording(record func(Question)) *View { return &View{v.source, record} }

func (v *View) note(kind QuestionKind, app string, s Scope) {
	if v.record != nil {
		v.record(Question{kind, app, s})
	}
}

// New returns a view of all that a source knows.
func New(source Source) *View { return &View{source: source} }

// Peer is an app as others see it in a scope.
type Peer struct {
	// App is its name, Project its project, and Namespace where it runs; "" in the base.
	App, Project, Namespace string
	// Ports are those of its pods and Services.
	Ports Ports
	// HasWorkload and Mesh are as in Facts.
	HasWorkload bool
	Mesh        model.MeshMode
	// PodLabels select its pods.
	PodLabels map[string]string
}

// WritesInto reports whether an app may bring along objects in the namespace of
// another app in a scope: both belong to one project, beyond which Argo CD lets it
// write nothing, and the namespace is there before either is synced.
func WritesInto(from, into Peer, p *Platform) bool {
	return from.Project == into.Project && (from.Namespace == into.Namespace || p == nil || p.ManagesNamespaces)
}

// Previewed reports whether an app has previews that are like a scope.
func (v *View) Previewed(app string, s Scope) bool { return v.source.Previewed(app, s) }

// Call is an edge of a caller to the app that was asked about.
type Call struct {
	// App is the caller, and Namespace where it runs.
	App, Namespace string
	// Edge is the caller's declaration, and Hooks are the names of its hooks, which
	// call what it calls.
	Edge  model.Peer
	Hooks []string
	// PodLabels select the caller's pods, but for those of its hooks.
	PodLabels map[string]string
	// Previewed tells that the caller has previews like the scope, which call too.
	Previewed bool
}

// Kinds returns the scopes of the kinds that the fleet describes.
func (v *View) Kinds() kind.Table {
	return v.source.Kinds()
}

// Platform returns what the platform offers in a scope, or nil for the base.
func (v *View) Platform(s Scope) *Platform {
	return v.source.Platform(s)
}

// Environment returns an environment, or one of its clusters, as the platform sees it.
func (v *View) Environment(s Scope) Environment {
	v.note(AskedEnvironment, "", s)
	return v.source.Environment(s)
}

// App returns an app as others see it in a scope, and whether it runs there. In
// the base, every app does.
func (v *View) App(app string, s Scope) (Peer, bool) {
	v.note(AskedApp, app, s)
	f, ok := v.source.Facts(app, s)
	if !ok {
		return Peer{}, false
	}
	return f.peer(), true
}

func (f *Facts) peer() Peer {
	p := Peer{App: f.App, Project: f.Project, Namespace: f.Namespace, Ports: f.Ports, HasWorkload: f.HasWorkload, Mesh: f.Mesh, PodLabels: f.PodLabels}
	if p.PodLabels == nil {
		p.PodLabels = Selector(f.App)
	}
	return p
}

// Callers returns who talks to an app in a scope, but for other apps that may write
// into its namespace: those open the way by themselves. The list is sorted by the
// callers' names, and has one entry for each edge, in the order in which the caller
// declares them. Callers that do not run in the scope are not among them. An app may
// call itself. In a preview, nobody else calls it.
func (v *View) Callers(app string, s Scope) []Call {
	v.note(AskedCallers, app, s)
	callee, ok := v.source.Facts(app, s)
	if !ok {
		return nil
	}
	var out []Call
	for _, name := range v.source.Callers(app) {
		if s.Preview.App == app && name != app {
			continue
		}
		f, ok := v.source.Facts(name, s)
		if !ok || name != app && WritesInto(f.peer(), callee.peer(), v.source.Platform(s)) {
			continue
		}
		for _, edge := range f.Peers {
			if edge.App == app {
				out = append(out, Call{App: name, Namespace: f.Namespace, Edge: edge, Hooks: f.Hooks, PodLabels: f.peer().PodLabels,
					Previewed: name != app && v.source.Previewed(name, s)})
			}
		}
	}
	return out
}

// Routed returns the routes of other apps that call an app in a scope, by the
// other apps' names. In a preview there are none.
func (v *View) Routed(app string, s Scope) []AppRoute {
	v.note(AskedRouted, app, s)
	if s.Preview.App == app {
		return nil
	}
	var out []AppRoute
	for _, name := range v.source.Callers(app) {
		f, ok := v.source.Facts(name, s)
		if name == app || !ok {
			continue
		}
		for _, route := range f.Routes {
			if slices.Contains(route.Callees(), app) {
				out = append(out, route)
			}
		}
	}
	return out
}

// Fleet is all that a source knows of a fleet: what checks of the whole fleet see.
type Fleet interface {
	Source
	// Model returns the fleet as it was written.
	Model() *model.Fleet
	// View returns a view of the whole fleet.
	View() *View
	// Apps returns the names of all apps, sorted.
	Apps() []string
	// Scopes returns the scopes of an app: the base, then each environment that it
	// runs in, by name, followed by its clusters, by name; Clusters those of clusters
	// alone.
	Scopes(app string) []Scope
	Clusters(app string) []Scope
	// Environments returns the clusters of all environments, by name.
	Environments() []Scope
	// Target resolves an app in one of its scopes.
	Target(app string, s Scope) Target
	// TargetIdentity returns a target without its spec, which costs little, and
	// whether the app runs in the scope.
	TargetIdentity(app string, s Scope) (Target, bool)
	// HasSecrets reports whether some layer of an app has Secrets, refers to one, or
	// has objects, which may.
	HasSecrets(app string) bool
	// HasProject reports whether an app names its project, and HasNamespace whether
	// an environment has a rule for namespaces.
	HasProject(app string) bool
	HasNamespace(env string) bool
	// PeerPath returns where the fleet declares the entry of a name in an app's
	// talksTo in a scope.
	PeerPath(app string, s Scope, name string) fieldpath.Path
	// PreviewDomain returns the domain of the hosts of an app's previews, or "".
	PreviewDomain(app string) string
	// Store returns a store of the fleet by its name, or nil.
	Store(name string) *model.SecretStore
}

// Environments returns the clusters of all environments, by the names of environments and
// clusters.
func Environments(f Fleet) []Environment {
	var out []Environment
	for _, s := range f.Environments() {
		out = append(out, f.Environment(s))
	}
	return out
}
