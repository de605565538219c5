package argocd

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// applications returns some of a project's Applications as a role or a window names
// them, sorted: a pattern for all of an environment on a cluster, and others by name.
// Where patterns suffice, a new app of the project changes nothing, so that the
// changes of two new apps merge.
func applications(all []Deployed, some func(Deployed) bool) []string {
	patterns := map[view.Scope]bool{} // whether exactly those are meant that match
	for _, d := range all {
		if _, known := patterns[d.Scope]; !known && d.Environment != "" {
			patterns[d.Scope] = !slices.ContainsFunc(all, func(x Deployed) bool {
				return strings.HasSuffix(ApplicationName(x.Unit, x.Scope), suffix(d.Scope)) && (x.Scope != d.Scope || !some(x))
			})
		}
	}
	var out []string
	for _, d := range all {
		switch {
		case patterns[d.Scope]:
			out = append(out, "*"+suffix(d.Scope))
		case some(d):
			out = append(out, ApplicationName(d.Unit, d.Scope))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// suffix returns the end of the names of all Applications in a scope.
func suffix(s view.Scope) string { return ApplicationName("", s) }

// role returns a role as Argo CD's policies. Where it is for some environments, it
// names their Applications and their previews.
func (m *Model) role(project string, r model.ProjectRole, apps []Deployed) ProjectRole {
	objects := []string{"*"}
	if len(r.Environments) > 0 {
		of := func(d Deployed) bool { return slices.Contains(r.Environments, d.Environment) }
		objects = applications(apps, of)
		for _, d := range apps {
			if of(d) && m.previewed(d) {
				objects = append(objects, view.PreviewName(path.Base(d.Unit), "*"))
			}
		}
		slices.Sort(objects)
	}
	actions := r.Actions
	if actions == nil {
		actions = []string{"get"}
	}
	out := ProjectRole{Name: r.Name, Description: r.Description, Groups: r.Groups}
	for _, action := range actions {
		for _, name := range objects {
			out.Policies = append(out.Policies, strings.Join([]string{
				"p", "proj:" + project + ":" + r.Name, "applications", action, project + "/" + name, "allow"}, ", "))
		}
	}
	return out
}

// windows returns the windows of a project: its own for all Applications, and
// those of its apps for theirs.
func (m *Model) windows(said model.Project, apps []Deployed) []SyncWindow {
	type window struct {
		model.SyncWindow
		manual bool
	}
	of, order := map[window]map[string]bool{}, []window{}
	add := func(said model.SyncWindow, application string) {
		w := window{said, said.ManualSync != nil && *said.ManualSync}
		w.TimeZone, w.ManualSync = cmp.Or(w.TimeZone, "Etc/UTC"), nil
		if of[w] == nil {
			order, of[w] = append(order, w), map[string]bool{}
		}
		of[w][application] = true
	}
	for _, w := range said.Windows {
		add(w, "*")
	}
	for _, d := range apps {
		if isComponent(d.Unit) && d.Environment != "" {
			continue
		}
		for _, w := range m.syncOf(d.Target).Windows {
			add(w, ApplicationName(d.Unit, d.Scope))
		}
	}
	var out []SyncWindow
	for _, w := range order {
		names := []string{"*"}
		if !of[w]["*"] && len(of[w]) < len(apps) {
			names = applications(apps, func(d Deployed) bool { return of[w][ApplicationName(d.Unit, d.Scope)] })
		}
		out = append(out, SyncWindow{Kind: string(w.Kind), Schedule: w.Schedule, Duration: w.Duration, TimeZone: w.TimeZone,
			Applications: names, ManualSync: w.manual, Description: w.Name})
	}
	return out
}
