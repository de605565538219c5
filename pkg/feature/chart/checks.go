package chart

import (
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// maxRelease is the length of the longest name of a release that Helm takes.
const maxRelease = 53

// checkLayer checks what a layer says of a chart.
func checkLayer(r *feature.Report, layer fieldpath.Path, s *model.AppSpec) {
	c := s.Chart
	if c == nil {
		return
	}
	at := layer.Field("chart")
	if s.Source != nil {
		r.Errorf("one-of", at, "keep one of them", "a chart and a source are set")
	}
	if !strings.HasPrefix(string(layer), "apps[") {
		for _, f := range []struct{ name, value string }{{"name", c.Name}, {"version", c.Version}, {"path", c.Path}, {"releaseName", c.ReleaseName}} {
			if f.value != "" {
				r.Errorf("chart-place", at.Field(f.name), "set it in an app, or in the overrides of an app", "the defaults of many apps name a chart")
			}
		}
	}
	if c.Path != "" && c.Repository+c.Name+c.Version != "" {
		r.Errorf("one-of", at, "keep path, or repository, name and version", "path is set beside a chart of a repository")
	}
	if n := c.ReleaseName; n != "" && (len(n) > maxRelease || len(validation.IsDNS1123Subdomain(n)) > 0) {
		r.Errorf("invalid-name", at.Field("releaseName"), "use at most 53 lowercase letters, digits, dashes and dots", "%q is not a valid release name", n)
	}
	word(r, at.Field("renderedBy"), c.RenderedBy, model.RenderedByGitopsgen, model.RenderedByArgoCD)
	if c.RenderedBy == model.RenderedByArgoCD {
		r.Errorf("invalid-value", at.Field("renderedBy"), "remove it: gitopsgen renders the chart", "Argo CD cannot be left to render a chart yet")
	}
	word(r, at.Field("crds"), c.CRDs, model.CRDsWith, model.CRDsNone)
	word(r, at.Field("hooks"), c.Hooks, model.HooksArgoCD, model.HooksNone)
	checkValuesFrom(r, at.Field("valuesFrom"), c.ValuesFrom)
}

// word checks a value that is one of some words.
func word[T ~string](r *feature.Report, at fieldpath.Path, value T, known ...T) {
	if value != "" && !slices.Contains(known, value) {
		r.Errorf("invalid-value", at, "use "+string(known[0])+" or "+string(known[1]), "%q is not a valid value", string(value))
	}
}

// checkModel checks what the layers of an app say together: whose chart it is, and what
// has no effect beside it.
func checkModel(r *feature.Report) {
	r.EachApp(func(at fieldpath.Path, a *model.App) {
		has, isNamed := fieldpath.Path(""), false
		eachLayer(at, a, func(at fieldpath.Path, s *model.AppSpec) {
			if s.Chart != nil && has == "" {
				has = at.Field("chart")
			}
			isNamed = isNamed || named(s)
		})
		switch {
		case has != "" && !isNamed:
			r.Errorf("missing-value", has, "set path, or repository, name and version", "the app has values for a chart, but no chart")
		case isNamed:
			eachLayer(at, a, func(at fieldpath.Path, s *model.AppSpec) { workload(r, at, s) })
		}
	})
}

// eachLayer calls yield for each layer of an app's own.
func eachLayer(at fieldpath.Path, a *model.App, yield func(at fieldpath.Path, s *model.AppSpec)) {
	yield(at.Field("spec"), &a.Spec)
	for _, env := range feature.SortedKeys(a.Environments) {
		o, below := a.Environments[env], at.Field("environments").Key(env)
		yield(below, &o.AppSpec)
		for _, cluster := range feature.SortedKeys(o.Clusters) {
			c := o.Clusters[cluster]
			yield(below.Field("clusters").Key(cluster), &c)
		}
	}
}

// ofWorkload are the fields of a spec, beside those of its main container, that
// describe a workload.
var ofWorkload = []string{"kind", "containerName", "containers", "initContainers", "sidecars", "replicas", "updateStrategy", "statefulSet", "job",
	"schedule", "autoscaling", "keda", "verticalAutoscaling", "disruption", "service", "services"}

// workload finds what a layer says of a workload, beside a chart.
func workload(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	if s.Kind == model.NoWorkload {
		return
	}
	v := reflect.ValueOf(*s)
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		of := v.Type().FieldByIndex(f.Index[:1])
		if f.Anonymous || v.FieldByIndex(f.Index).IsZero() || !slices.Contains(ofWorkload, name) && of.Type != reflect.TypeFor[model.ContainerSpec]() {
			continue
		}
		r.Errorf("chart-workload", at.Field(name), "set a value of the chart under chart.values, or patch its objects",
			"%s has no effect on the objects of a chart", name)
	}
}

// checkTarget checks what a chart reads and renders: values that nothing reads, what
// differs from render to render, hooks that Argo CD runs at other times than Helm, and
// credentials.
func (r *room) checkTarget(report *feature.Report, layer fieldpath.Path, t *view.Target) {
	if t.Spec.Chart == nil || t.SourceErr != nil || t.Environment == "" {
		return
	}
	m := r.of(t)
	checkInspected(report, layer.Field("chart"), t, m)
	for _, reason := range m.hooks {
		report.Warnf("chart-hook", layer.Field("chart"), "turn it off by a value, set hooks: none, or check that it can run again", "%s", reason)
	}
	checkSecrets(report, layer.Field("chart"), t)
}
