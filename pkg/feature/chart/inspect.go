package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// inspected is what users should know of a release.
type inspected struct {
	unread  []source.UnreadValue
	varying []source.Varying
}

// inspect returns what users should know of a release, as far as its objects are those
// of the app.
func (r *room) inspect(q request) (*inspected, error) {
	found, err := r.charts.Inspect(q.Release)
	if err != nil {
		return nil, err
	}
	out := &inspected{unread: found.Unread}
	for _, v := range found.Varying {
		rendered := len(v.Objects) > 0
		v.Objects = slices.DeleteFunc(slices.Clone(v.Objects), func(x source.VaryingObject) bool {
			o, err := object.FromMap(withoutNulls(map[string]any(x.Object)).(map[string]any))
			return err == nil && !q.keeps(x.ChartObject, o)
		})
		if len(v.Objects) > 0 || !rendered {
			out.varying = append(out.varying, v)
		}
	}
	return out, nil
}

// checkInspected reports the values that nothing reads, and what differs from render to
// render: of the latter, what would change the tree without a change of the model is an
// error, unless the app has patches, which may set it.
func checkInspected(r *feature.Report, at fieldpath.Path, t *view.Target, m *made) {
	if m.inspected == nil {
		return
	}
	found, err := m.inspected()
	if err != nil {
		r.Warnf("chart-varies", at, "use another version of the chart", "what differs from render to render cannot be found: %v", err)
		return
	}
	for _, u := range found.unread {
		checkUnread(r, at.Field("values"), u)
	}
	for _, v := range found.varying {
		report := r.Errorf
		if v.Cause == source.VariesInCluster || v.Cause == source.VariesInInstallation || len(t.Spec.Patches) > 0 {
			report = r.Warnf
		}
		report("chart-varies", at, wayOut(v), "%s %s: %s", construct(v), reasons[v.Cause], reached(v))
	}
}

func checkUnread(r *feature.Report, values fieldpath.Path, u source.UnreadValue) {
	steps, err := u.Path.Steps()
	if err != nil {
		return
	}
	at := values
	for _, s := range steps {
		at = at.Key(s.Name)
	}
	fix := "remove it, or look up its name in values.yaml of the chart"
	if u.Nearest != "" {
		fix = fmt.Sprintf("did you mean %s?", u.Nearest)
	}
	how := "no template of the chart reads"
	if u.Perhaps {
		how = "perhaps no template of the chart reads"
	}
	r.Warnf("chart-value", at, fix, "%s %s: nothing changes without it", how, u.Path)
}

// reasons say why something differs.
var reasons = map[source.VaryingCause]string{
	source.VariesRandomly:       "is random",
	source.VariesInTime:         "depends on the time",
	source.VariesInCluster:      "asks a cluster or the network, and nothing answers here",
	source.VariesInOrder:        "has no order",
	source.VariesInInstallation: "depends on the installation, which is always a first one here",
}

// construct names what differs, and where it is.
func construct(v source.Varying) string {
	switch {
	case v.Template == "":
		return v.Construct + " in a template in the values"
	case v.Line == 0:
		return v.Construct + " of " + v.Template
	}
	return fmt.Sprintf("%s of %s:%d", v.Construct, v.Template, v.Line)
}

// reached says which fields of which objects differ.
func reached(v source.Varying) string {
	if len(v.Objects) == 0 {
		return "with another result, the chart does not render"
	}
	const most = 3
	var out []string
	for _, o := range v.Objects[:min(most, len(v.Objects))] {
		s := fmt.Sprintf("%s %s", view.Text(o.Object, "kind"), view.Text(o.Object, "metadata", "name"))
		for i, f := range o.Fields[:min(most, len(o.Fields))] {
			s += []string{" has it in ", ", "}[min(i, 1)] + string(f)
		}
		if more := len(o.Fields) - most; more > 0 {
			s += fmt.Sprintf(" and %d more fields", more)
		}
		out = append(out, s)
	}
	if more := len(v.Objects) - most; more > 0 {
		out = append(out, fmt.Sprintf("%d more objects", more))
	}
	return strings.Join(out, "; ")
}

// wayOut says what to do about it.
func wayOut(v source.Varying) string {
	for _, o := range v.Objects {
		if view.Text(o.Object, "kind") == "Secret" {
			return "name an existing Secret in the values, or let an entry of secrets with target: " + view.Text(o.Object, "metadata", "name") + " replace it"
		}
	}
	if v.Cause == source.VariesInCluster || v.Cause == source.VariesInInstallation {
		return "set a value that decides it, or check that the objects are right"
	}
	return "set a value of the chart in its place, or remove the field by a patch"
}
