package sync

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checker checks how apps are synced.
type checker struct{ *feature.Report }

// checkLayer checks how a layer wants to be synced.
func checkLayer(r *feature.Report, layer fieldpath.Path, spec *model.AppSpec) {
	c, at, s := checker{r}, layer.Field("sync"), spec.Sync
	if s == nil {
		return
	}
	c.Metadata(at.Field("labels"), s.Labels, true)
	c.Metadata(at.Field("annotations"), s.Annotations, false)
	for _, option := range feature.SortedKeys(s.Options) {
		below := at.Field("options").Key(option)
		switch {
		case option == "" || strings.ContainsAny(option+s.Options[option], "=, \n"):
			c.Errorf("invalid-value", below, "write it as ServerSideApply: \"true\"", "this is not a valid sync option")
		case (option == "Replace" || option == "Force") && s.Options[option] == "true":
			c.Warnf("replaces-everything", below, "annotate the object that needs it with argocd.argoproj.io/sync-options", "%s for a whole app deletes and recreates objects that could be updated", option)
		case option == "Prune":
			c.PruneConfirm(below, option+"="+s.Options[option])
		case option == "CreateNamespace" && s.Options[option] == "true" && c.managesNamespaces():
			c.Errorf("namespace-twice", below, "remove it, or set namespaces.manage: false", "gitopsgen already writes the namespace as an object; with this option, Argo CD would manage it too")
		}
	}
	for i, d := range s.IgnoreDifferences {
		if d.Kind == "" || len(d.JSONPointers)+len(d.JQPathExpressions)+len(d.ManagedFieldsManagers) == 0 {
			c.Errorf("missing-value", at.Field("ignoreDifferences").Index(i), "add the kind, and fields such as jsonPointers: [/spec/replicas]", "the entry does not select any field")
		}
		for j, p := range d.JSONPointers {
			if !strings.HasPrefix(p, "/") {
				c.Errorf("invalid-value", at.Field("ignoreDifferences").Index(i).Field("jsonPointers").Index(j), "start it with a slash, as in /spec/replicas", "%q is not a valid JSON pointer", p)
			}
		}
	}
	if r := s.Retry; r != nil {
		c.Duration(at.Field("retry").Field("duration"), r.Duration)
		c.Duration(at.Field("retry").Field("maxDuration"), r.MaxDuration)
		if r.Limit != nil && *r.Limit < -1 || r.Factor != nil && *r.Factor < 1 {
			c.Errorf("invalid-value", at.Field("retry"), "use a limit from 0 on, or -1 for no limit, and a factor from 1 on", "these values are not valid for retries")
		}
	}
	if n := s.RevisionHistoryLimit; n != nil && *n < 0 {
		c.Errorf("invalid-value", at.Field("revisionHistoryLimit"), "use 0 or more", "%d is not a valid number of revisions", *n)
	}
	c.windows(at.Field("windows"), s.Windows)
	c.subscriptions(at.Field("notify"), s.Notify)
}

// managesNamespaces reports whether some environment has Namespaces of ours.
func (c checker) managesNamespaces() bool {
	return slices.ContainsFunc(c.Fleet.Environments, func(e model.Environment) bool {
		return e.Namespaces.Manage == nil || *e.Namespaces.Manage
	})
}

var timeZone = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// windows checks sync windows.
func (c checker) windows(at fieldpath.Path, windows []model.SyncWindow) {
	seen := map[string]bool{}
	for _, w := range windows {
		below := at.Key(w.Name)
		c.Unique(seen, below, w.Name)
		if w.Name == "" {
			c.Errorf("missing-name", at, "add a name", "the window has no name")
		}
		if w.Kind != model.Allow && w.Kind != model.Deny {
			c.Errorf("invalid-window", below.Field("kind"), "use allow or deny", "%q is not a kind of sync window", w.Kind)
		}
		if !feature.IsCron(w.Schedule) || strings.HasPrefix(w.Schedule, "@") {
			c.Errorf("invalid-window", below.Field("schedule"), "write five fields, as in 0 22 * * *", "%q is not a valid cron schedule", w.Schedule)
		}
		if d, err := time.ParseDuration(w.Duration); err != nil || d <= 0 {
			c.Errorf("invalid-window", below.Field("duration"), "write it as 8h", "%q is not a valid duration", w.Duration)
		}
		if w.TimeZone != "" && !timeZone.MatchString(w.TimeZone) {
			c.Errorf("invalid-window", below.Field("timeZone"), "use an IANA name such as Europe/Berlin", "%q is not a known time zone", w.TimeZone)
		}
	}
}

// checkTarget checks that ignored differences are not undone all the same.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	s := &t.Spec
	if s.Sync == nil || len(s.Sync.IgnoreDifferences) == 0 {
		return
	}
	if feature.IsTrue(s.Sync.Automated) && feature.IsTrue(s.Sync.SelfHeal) && s.Sync.Options["RespectIgnoreDifferences"] != "true" {
		r.Warnf("ignored-but-healed", at.Field("sync").Field("options").Key("RespectIgnoreDifferences"), "keep it true, or disable selfHeal",
			"the next sync overwrites the ignored differences")
	}
}
