package validate

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Target returns the findings about a target, in which nothing is left to inherit.
// At is the path of the app's own layer in the fleet.
func Target(at fieldpath.Path, t *view.Target, set *feature.Set, positions finding.Positions) finding.List {
	c, s := &checker{Report: &feature.Report{Positions: positions}, set: set}, &t.Spec
	if p := s.PodSecurity; p != nil && (p.Level == "" || p.Reason == "") {
		c.Errorf("missing-value", at.Field("podSecurity"), "add level and reason", "a pod security level needs a reason, so that it can be reviewed")
	}
	c.healed(at, s)
	set.CheckTarget(c.Report, at, t)
	return c.List.Sort()
}
