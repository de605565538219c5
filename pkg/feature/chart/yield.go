package chart

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// at is the path of a chart in a spec.
const at fieldpath.Path = "chart"

// made is what the chart of a target comes to.
type made struct {
	objects []view.WholeObject
	// hooks say which hooks Argo CD runs at other times than Helm.
	hooks []string
	// inspected returns what users should know of the values and the templates.
	inspected func() (*inspected, error)
	err       error
}

// yield returns the objects of a target's chart, as they are in git: without those of
// tests, and with Argo CD's hooks in place of Helm's. A base that does not render,
// since only environments say what the chart requires, has none.
func (r *room) yield(t *view.Target) ([]view.WholeObject, error) {
	m := r.of(t)
	if m.err != nil && t.Environment == "" {
		return nil, nil
	}
	return m.objects, m.err
}

// request is all that what a chart comes to depends on.
type request struct {
	source.Release
	// Secrets are the names of those that the app makes itself.
	Secrets []string
	// Placeless tells that the namespace of the release is not that of any
	// environment.
	Placeless bool
}

// of returns what the chart of a target comes to, which is made once.
func (r *room) of(t *view.Target) *made {
	release, err := releaseOf(t)
	if err != nil {
		return &made{err: err}
	}
	q := request{Release: release, Placeless: t.Namespace == "" && t.Common.Namespace == ""}
	for _, s := range t.Spec.Secrets {
		q.Secrets = append(q.Secrets, cmp.Or(s.Target, s.Name))
	}
	key, err := json.Marshal(q)
	if err != nil {
		return &made{err: finding.AllWrong{{Path: at.Field("values"), Err: err, Fix: "use values that JSON can have"}}}
	}
	once, _ := r.made.LoadOrStore(sha256.Sum256(key), sync.OnceValue(func() *made { return r.make(q) }))
	return once.(func() *made)()
}

// make renders a release.
func (r *room) make(q request) *made {
	rendered, err := r.render(q.Release)
	if err != nil {
		return &made{err: err}
	}
	out := &made{inspected: sync.OnceValues(func() (*inspected, error) { return r.inspect(q) })}
	var wrong finding.AllWrong
	for _, x := range rendered.Objects {
		o, err := object.FromMap(withoutNulls(map[string]any(x.Object)).(map[string]any))
		if err != nil {
			wrong = append(wrong, &finding.Wrong{Path: at, Err: fmt.Errorf("%s: %w", placeOf(x), err), Fix: "change the value that the template depends on, or patch the chart"})
			continue
		}
		if !q.keeps(x, o) {
			continue
		}
		if x.Hook != nil {
			setHook(o, x.Hook)
			if event, when := onlyAt(x.Hook); event != "" {
				out.hooks = append(out.hooks, fmt.Sprintf("the hook %s %s of %s is one of %s alone, and Argo CD runs it at %s", o.Kind(), o.Name(), placeOf(x), event, when))
			}
		}
		if isCRD(o) {
			goFirst(o)
		}
		q.unplace(o)
		out.objects = append(out.objects, view.WholeObject{At: at, From: placeOf(x), Object: o.Map()})
	}
	out.err = wrong.Err()
	return out
}

// releaseOf returns the release of a target.
func releaseOf(t *view.Target) (source.Release, error) {
	c := *t.Spec.Chart
	var err error
	if c.Values, err = Values(t); err != nil {
		return source.Release{}, err
	}
	c.ValuesFiles, c.ValuesFrom = nil, nil // which are among them
	out := source.Release{Chart: c, Name: c.ReleaseName, Namespace: namespaceOf(t), KubernetesVersion: t.KubernetesVersion}
	if t.Environment == "" {
		out.KubernetesVersion = t.Common.KubernetesVersion
	}
	return out, nil
}

// render returns what a release renders. Paths of errors are those of a spec.
func (r *room) render(release source.Release) (*source.Rendered, error) {
	if r.charts == nil {
		return nil, finding.AllWrong{{Path: at, Err: errors.New("the program renders no charts"), Fix: "in Go, pass render.WithCharts(helm.NewRenderer(…))"}}
	}
	rendered, err := r.charts.Render(release)
	var all finding.AllWrong
	if !errors.As(err, &all) {
		return rendered, err
	}
	out := make(finding.AllWrong, len(all))
	for i, w := range all {
		out[i] = &finding.Wrong{Path: at.Join(w.Path), Err: w.Err, Fix: w.Fix}
	}
	return nil, out
}

// namespaceOf returns the namespace of a target's release. A base has that of all
// environments, or, where they differ, one that each of them replaces.
func namespaceOf(t *view.Target) string { return cmp.Or(t.Namespace, t.Common.Namespace, t.App) }

// placeOf returns where an object is in its chart.
func placeOf(o source.ChartObject) string {
	if o.Line == 0 {
		return o.Template
	}
	return fmt.Sprintf("%s:%d", o.Template, o.Line)
}

// withoutNulls returns a copy of a value without the nulls of its maps, which mean
// nothing to the API server.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = withoutNulls(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutNulls(e)
		}
		return out
	}
	return v
}

// keeps reports whether an object of a chart is one of the app: tests are not, nor what
// the app says it does not want or makes itself.
func (q request) keeps(from source.ChartObject, o object.Object) bool {
	switch {
	case from.Hook != nil && (q.Chart.Hooks == model.HooksNone || !runs(from.Hook)):
		return false
	case isCRD(o):
		return q.Chart.CRDs != model.CRDsNone
	case o.KindName() == kind.Name{Kind: "Secret"}:
		return !slices.Contains(q.Secrets, o.Name())
	}
	return true
}

// isCRD reports whether an object defines a kind.
func isCRD(o object.Object) bool {
	return o.KindName() == kind.Name{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}
}

// goFirst lets Argo CD apply a CRD before all else, on the server's side, since many
// are too large for the annotation of the client's; they are never pruned.
func goFirst(o object.Object) {
	annotations := annotationsOf(o)
	for _, option := range []string{"ServerSideApply=true", "Prune=false"} {
		addOption(annotations, option)
	}
	if _, ok := annotations[syncWave]; !ok {
		annotations[syncWave] = firstWave
	}
}

// The wave of an object in a sync, and that of CRDs.
const (
	syncWave  = "argocd.argoproj.io/sync-wave"
	firstWave = "-10"
)

// addOption adds a sync option where the object says nothing of it.
func addOption(annotations map[string]any, option string) {
	name, _, _ := strings.Cut(option, "=")
	have, _ := annotations[part.SyncOptions].(string)
	if strings.Contains(have, name+"=") {
		return
	}
	annotations[part.SyncOptions] = strings.TrimPrefix(have+","+option, ",")
}

// annotationsOf returns the annotations of an object, which it makes if need be.
func annotationsOf(o object.Object) map[string]any {
	meta := o.Map()["metadata"].(map[string]any)
	annotations, ok := meta["annotations"].(map[string]any)
	if !ok {
		annotations = map[string]any{}
		meta["annotations"] = annotations
	}
	return annotations
}

// unplace takes the namespace of the release from an object: the target's is filled in
// later, as for all objects, and with it that of the accounts that the object binds. A
// base that belongs to no namespace has none of them.
func (q request) unplace(o object.Object) {
	isOwn := o.Namespace() == q.Namespace || o.Namespace() == "" && kind.Lookup(o.KindName()).Scope != kind.Cluster
	if o.Namespace() == q.Namespace {
		delete(o.Map()["metadata"].(map[string]any), "namespace")
	}
	if !isOwn && !q.Placeless || o.Group() != "rbac.authorization.k8s.io" {
		return
	}
	for _, s := range view.List(o.Map(), "subjects") {
		if m, ok := s.(map[string]any); ok && m["kind"] == "ServiceAccount" && m["namespace"] == q.Namespace {
			delete(m, "namespace")
		}
	}
}
