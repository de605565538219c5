package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
)

// Summary counts what a report holds.
type Summary struct {
	// Apps and Components are the numbers of apps, and of components of the
	// platform, of which a target builds something else.
	Apps       int `json:"apps"`
	Components int `json:"components"`
	// Environments are those of the targets, in the order of promotion.
	Environments []string `json:"environments"`
	// Targets is the number of targets.
	Targets int `json:"targets"`
	// Objects counts the objects of all targets.
	Objects Counts `json:"objects"`
	// Files is the number of files that differ.
	Files int `json:"files"`
	// Risks are what a reviewer looks at first, the worst first; each kind at most
	// once.
	Risks []Risk `json:"risks"`
}

// Counts are numbers of objects by what happens to them.
type Counts struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Moved   int `json:"moved"`
	Removed int `json:"removed"`
}

// RiskKind is a kind of risk.
type RiskKind string

// The kinds of risk, the worst first.
const (
	// Data is lost: Argo CD deletes objects that hold it, or a claim goes with them.
	RiskData RiskKind = "data"
	// Argo CD deletes objects.
	RiskDeletion RiskKind = "deletion"
	// Kubernetes rejects the change of an immutable field, and the sync fails.
	RiskImmutable RiskKind = "immutable"
	// Argo CD deletes an object and creates it again.
	RiskReplacement RiskKind = "replacement"
	// Somebody may do more than before: RBAC, what a project of Argo CD permits, and
	// what a pod may do to its node.
	RiskPermissions RiskKind = "permissions"
	// Pods may reach more, or be reached by more, than network policies let them.
	RiskNetwork RiskKind = "network"
	// A workload gets fewer replicas, or an autoscaler may leave fewer.
	RiskReplicas RiskKind = "replicas"
	// Pods restart.
	RiskRestart RiskKind = "restart"
)

// Risk is a risk of a change. Its kind makes a label, such as risk/deletion.
type Risk struct {
	Kind RiskKind `json:"kind"`
	// Count is the number of objects on their clusters for data and deletion, of
	// pods for restart, and of objects of targets for all others.
	Count int `json:"count"`
	// AtLeast tells that there may be more pods: an autoscaler decides, or the nodes
	// of a cluster.
	AtLeast bool `json:"atLeast,omitempty"`
	// Environments are those where it is, in the order of promotion.
	Environments []string `json:"environments"`
}

// Summary counts what changes, and names the risks.
func (r Report) Summary() Summary {
	s := Summary{Targets: len(r.Targets), Files: len(r.Files), Environments: []string{}, Risks: []Risk{}}
	all, environments := map[string]bool{}, map[string]bool{}
	for _, t := range r.Targets {
		for _, x := range t.sites() {
			if strings.Contains(x.unit, "/") {
				all[x.unit] = true
			}
			if x.env != "" {
				environments[x.env] = true
			}
		}
		for _, o := range t.Objects {
			*s.Objects.of(o.Kind)++
		}
	}
	for u := range all {
		if strings.HasPrefix(u, "platform/") {
			s.Components++
		} else {
			s.Apps++
		}
	}
	s.Environments = append(s.Environments, slices.SortedFunc(maps.Keys(environments), r.atlas.compare)...)
	for _, x := range r.sections() {
		if risk := (Risk{Kind: x.risk, Count: x.count, AtLeast: x.atLeast, Environments: []string{}}); x.risk != "" {
			risk.Environments = append(risk.Environments, slices.SortedFunc(maps.Keys(x.environments()), r.atlas.compare)...)
			s.Risks = append(s.Risks, risk)
		}
	}
	return s
}

func (c *Counts) of(k Kind) *int {
	switch k {
	case Added:
		return &c.Added
	case Removed:
		return &c.Removed
	case Moved:
		return &c.Moved
	}
	return &c.Changed
}

// String returns the counts, as in "1 added, 2 removed", or "" for none.
func (c Counts) String() string {
	var out []string
	for _, x := range []struct {
		n    int
		what string
	}{{c.Added, "added"}, {c.Changed, "changed"}, {c.Moved, "moved"}, {c.Removed, "removed"}} {
		if x.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", x.n, x.what))
		}
	}
	return strings.Join(out, ", ")
}

// String returns the summary in one line, as in
// "1 app in dev, prod: 2 objects changed, 1 removed; 3 files; risks: 1 object deleted".
func (s Summary) String() string {
	text := s.headline(func(name string) string { return name })
	if len(s.Risks) > 0 {
		text += "; risks: " + s.risks()
	}
	return text
}

// headline returns the summary without risks; name makes the name of an
// environment fit for the format.
func (s Summary) headline(name func(string) string) string {
	if s.Targets == 0 && s.Files == 0 {
		return "no changes"
	}
	var where []string
	if s.Apps > 0 {
		where = append(where, finding.Count(s.Apps, "app"))
	}
	if s.Components > 0 {
		where = append(where, finding.Count(s.Components, "platform component"))
	}
	text := strings.Join(where, " and ")
	switch n := len(s.Environments); {
	case text == "":
	case n > mostNames:
		text += fmt.Sprintf(" in %d environments", n)
	case n > 0:
		names := make([]string, n)
		for i, e := range s.Environments {
			names[i] = name(e)
		}
		text += " in " + strings.Join(names, ", ")
	}
	if text != "" {
		text += ": "
	}
	n := s.Objects.Added + s.Objects.Changed + s.Objects.Moved + s.Objects.Removed
	switch counts := s.Objects.String(); {
	case n == 0:
		text += "the same objects"
	case n == 1:
		text += "1 object " + strings.TrimPrefix(counts, "1 ")
	case !strings.Contains(counts, ","):
		text += strings.Replace(counts, " ", " objects ", 1)
	default:
		text += fmt.Sprintf("%d objects (%s)", n, counts)
	}
	return text + "; " + finding.Count(s.Files, "file")
}

// risks returns the risks as in "2 objects deleted, 4 pods restart".
func (s Summary) risks() string {
	out := make([]string, len(s.Risks))
	for i, r := range s.Risks {
		out[i] = r.String()
	}
	return strings.Join(out, ", ")
}

// String returns the risk as in "2 objects deleted".
func (r Risk) String() string {
	objects := finding.Count(r.Count, "object")
	switch r.Kind {
	case RiskData:
		return "data of " + objects + " deleted"
	case RiskDeletion:
		return objects + " deleted"
	case RiskImmutable:
		return "changes of " + objects + " rejected"
	case RiskReplacement:
		return objects + " replaced"
	case RiskPermissions:
		return "more permissions in " + objects
	case RiskNetwork:
		return "more network access in " + objects
	case RiskReplicas:
		return "fewer replicas of " + finding.Count(r.Count, "workload")
	case RiskRestart:
		if r.AtLeast {
			return "at least " + finding.Count(r.Count, "pod") + " restart"
		}
		if r.Count == 1 {
			return "1 pod restarts"
		}
		return finding.Count(r.Count, "pod") + " restart"
	}
	return string(r.Kind) + ": " + objects
}
