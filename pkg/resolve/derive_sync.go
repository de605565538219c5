package resolve

import (
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// deriveHooks gives hooks what the main container has, so that a migration runs
// the version that is rolled out.
func deriveHooks(d *derivation) {
	for i := range d.spec.Hooks {
		h := &d.spec.Hooks[i]
		fill.Zero(&h.Phase, model.PreSync)
		fill.Zero(&h.Image, d.spec.Image)
		if h.Resources == nil && d.spec.Resources != nil {
			h.Resources = d.spec.Resources.DeepCopy()
		}
		if d.spec.ServiceAccount != nil && h.Phase != model.PreSync && h.Phase != model.PostDelete {
			fill.Zero(&h.ServiceAccount, d.spec.ServiceAccount.Name)
		}
		fill.Zero(&h.ServiceAccount, "default")
		j := fill.Struct(&h.Job)
		fill.Nil(&j.BackoffLimit, 3)
		fill.Nil(&j.ActiveDeadlineSeconds, hookDeadline)
		fill.Zero(&j.RestartPolicy, corev1.RestartPolicyNever)
	}
}

// syncOptions are the options of every Application.
var syncOptions = map[string]string{
	"ServerSideApply": "true", "ApplyOutOfSyncOnly": "true",
	"RespectIgnoreDifferences": "true", "FailOnSharedResource": "true",
}

// deriveSync completes how Argo CD syncs; there is nothing to sync in the base.
func deriveSync(d *derivation) {
	if d.env == nil {
		return
	}
	s := fill.Struct(&d.spec.Sync)
	completeSync(s, d.production)
	if m := d.env.Namespaces.Manage; m != nil && !*m {
		fill.Key(s.Options, "CreateNamespace", "true")
	}
}

// completeSync fills in what nobody said.
func completeSync(s *model.Sync, production bool) {
	fill.Nil(&s.Automated, true)
	fill.Nil(&s.Prune, true)
	fill.Nil(&s.SelfHeal, true)
	fill.Nil(&s.AllowEmpty, false)
	fill.Nil(&s.ConfirmDeletion, production)
	fill.Nil(&s.RevisionHistoryLimit, 10)
	r := fill.Struct(&s.Retry)
	fill.Nil(&r.Limit, 10)
	fill.Zero(&r.Duration, "5s")
	fill.Nil(&r.Factor, 2)
	fill.Zero(&r.MaxDuration, "30s")
	fill.Nil(&r.Refresh, true)
	options := maps.Clone(syncOptions)
	maps.Copy(options, s.Options)
	s.Options = options
	for i := range s.Windows {
		fill.Zero(&s.Windows[i].TimeZone, "Etc/UTC")
		fill.Nil(&s.Windows[i].ManualSync, false)
	}
	for i := range s.Notify {
		if s.Notify[i].On == nil {
			s.Notify[i].On = DefaultTriggers()
		}
	}
}

// deriveReplaced lets Argo CD replace a Job that changes. Comparing on the server
// is a dry run there, which fails for a field that cannot be changed, whatever
// the object's own options say.
func deriveReplaced(d *derivation) {
	if !d.runs(model.Job) {
		return
	}
	annotate(&d.spec.Annotations, "argocd.argoproj.io/sync-options", "Replace=true,Force=true")
	if d.env != nil {
		annotate(&d.spec.Sync.Annotations, "argocd.argoproj.io/compare-options", "ServerSideDiff=false")
	}
}

// annotate adds an annotation where nobody said it.
func annotate(annotations *map[string]string, name, value string) {
	if _, said := (*annotations)[name]; said {
		return
	}
	out := map[string]string{name: value}
	maps.Copy(out, *annotations)
	*annotations = out
}

// DefaultTriggers returns the triggers of a subscription that names none.
func DefaultTriggers() []string {
	return []string{"on-sync-failed", "on-health-degraded", "on-sync-status-unknown"}
}

// deriveIgnored leaves the number of replicas to the autoscaler that owns it.
func deriveIgnored(d *derivation) {
	if d.env == nil || d.spec.Autoscaling == nil {
		return
	}
	owned := model.IgnoreDifference{Group: "apps", Kind: string(d.spec.Kind), Name: d.app, JSONPointers: []string{"/spec/replicas"}}
	known := func(x model.IgnoreDifference) bool { return reflect.DeepEqual(x, owned) }
	if !slices.ContainsFunc(d.spec.Sync.IgnoreDifferences, known) {
		d.spec.Sync.IgnoreDifferences = append(d.spec.Sync.IgnoreDifferences, owned)
	}
}
