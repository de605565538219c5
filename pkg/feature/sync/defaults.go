// Package sync says how Argo CD syncs an app.
package sync

import (
	"maps"
	"reflect"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// syncOptions are the options of every Application.
var syncOptions = map[string]string{
	"ServerSideApply": "true", "ApplyOutOfSyncOnly": "true", "FailOnSharedResource": "true",
}

// deriveSync completes how Argo CD syncs; there is nothing to sync in the base.
func deriveSync(d *feature.Derivation) {
	if d.Platform == nil {
		return
	}
	s := fill.Struct(&d.Spec.Sync)
	completeSync(s, d.Platform.Production)
	if !d.Platform.ManagesNamespaces {
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
	respectIgnored(s)
	for i := range s.Windows {
		fill.Zero(&s.Windows[i].TimeZone, "Etc/UTC")
		fill.Nil(&s.Windows[i].ManualSync, false)
	}
	for i := range s.Notify {
		if s.Notify[i].On == nil {
			s.Notify[i].On = view.DefaultTriggers()
		}
	}
}

// respectIgnored lets syncs leave ignored fields alone, if there are any: without, the
// option does nothing.
func respectIgnored(s *model.Sync) {
	if len(s.IgnoreDifferences) > 0 {
		fill.Key(s.Options, "RespectIgnoreDifferences", "true")
	}
}

// deriveIgnored leaves fields to the controllers that own them. Argo CD does not
// compare the pods of a workload.
func deriveIgnored(d *feature.Derivation) {
	if d.Platform == nil {
		return
	}
	for _, f := range d.Owned {
		if f.Kind == view.Pod {
			continue
		}
		owned := model.IgnoreDifference{Group: f.Group, Kind: f.Kind, Name: f.Name, JSONPointers: []string{f.Pointer}}
		known := func(x model.IgnoreDifference) bool { return reflect.DeepEqual(x, owned) }
		if !slices.ContainsFunc(d.Spec.Sync.IgnoreDifferences, known) {
			d.Spec.Sync.IgnoreDifferences = append(d.Spec.Sync.IgnoreDifferences, owned)
		}
	}
	respectIgnored(d.Spec.Sync)
}
