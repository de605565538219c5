package namespaces

import (
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker checks namespaces.
type checker struct{ *feature.Report }

// checkModel checks the namespaces of environments.
func checkModel(r *feature.Report) {
	c := checker{r}
	for _, e := range r.Fleet.Environments {
		at := fieldpath.Path("environments").Key(e.Name)
		c.rule(at.Field("namespace"), e)
		c.level(at.Field("namespaces").Field("podSecurity"), e.Namespaces.PodSecurity)
		c.Metadata(at.Field("namespaces").Field("labels"), e.Namespaces.Labels, true)
		c.Metadata(at.Field("namespaces").Field("annotations"), e.Namespaces.Annotations, false)
		c.Quota(at.Field("namespaces").Field("quota"), e.Namespaces.Quota)
	}
}

// checkLayer checks the pod security level of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	if s.PodSecurity != nil {
		checker{r}.level(at.Field("podSecurity").Field("level"), s.PodSecurity.Level)
	}
}

// checkTarget checks that the pod security level of a target is whole.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if p := t.Spec.PodSecurity; p != nil && (p.Level == "" || p.Reason == "") {
		r.Errorf("missing-value", at.Field("podSecurity"), "add level and reason", "a pod security level needs a reason, so that it can be reviewed")
	}
}

// level checks the name of a level.
func (c checker) level(at fieldpath.Path, level model.PodSecurityLevel) {
	switch level {
	case "", model.Privileged, model.Baseline, model.Restricted:
	default:
		c.Errorf("invalid-value", at, "use restricted, baseline or privileged", "%q is not a pod security level", level)
	}
}

// rule checks that the rule gives a DNS label.
func (c checker) rule(at fieldpath.Path, e model.Environment) {
	rest := feature.Placeholders.ReplaceAllStringFunc(e.Namespace, func(p string) string {
		switch p {
		case "{app}", "{project}", "{env}":
			return "x"
		}
		c.Errorf("invalid-value", at, "use {app}, {project} and {env}", "%s is not a known placeholder", credential.RedactPart(p, e.Namespace))
		return "x"
	})
	if e.Namespace != "" && len(validation.IsDNS1123Label(rest)) > 0 {
		c.Errorf("invalid-value", at, "use lowercase letters, digits, dashes and the placeholders {app}, {project}, {env}", "%q does not produce a valid DNS label", e.Namespace)
	}
}

// namespaceFacts states what the target wants of its namespace.
func namespaceFacts(t *view.Target, f *view.Facts) {
	if t.Platform == nil {
		return
	}
	f.PodSecurity = view.Level{App: t.App, Namespace: t.Namespace, Level: t.Platform.PodSecurity}
	if p := t.Spec.PodSecurity; p != nil && p.Level != "" {
		f.PodSecurity.Level, f.PodSecurity.Own = p.Level, true
	}
}
