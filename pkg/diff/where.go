package diff

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// atlas knows the environments, and their clusters.
type atlas struct {
	// rank is the place of environments in the order of promotion. Others come
	// behind, by name.
	rank map[string]int
	// clusters are those of a unit in an environment.
	clusters map[[2]string][]string
}

// ranks returns the place of each environment in the order of promotion: those of
// one stage are as they are listed.
func ranks(f *model.Fleet) map[string]int {
	stages, order := view.Stages(f), slices.Clone(f.Environments)
	slices.SortStableFunc(order, func(x, y model.Environment) int { return cmp.Compare(stages[x.Name], stages[y.Name]) })
	out := map[string]int{}
	for i, e := range order {
		out[e.Name] = i
	}
	return out
}

// clusters returns those of each unit in each environment, before or after.
func clusters(at [2]map[site]string) map[[2]string][]string {
	out := map[[2]string][]string{}
	for i, sites := range at {
		for s := range sites {
			if _, twice := at[0][s]; i == 0 || !twice {
				out[[2]string{s.unit, s.env}] = append(out[[2]string{s.unit, s.env}], s.cluster)
			}
		}
	}
	return out
}

// compare orders environments; what belongs to none comes last.
func (a atlas) compare(x, y string) int {
	rank := func(env string) int {
		if n, ok := a.rank[env]; ok {
			return n
		}
		if env == "" {
			return len(a.rank) + 1
		}
		return len(a.rank)
	}
	return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x, y))
}

// mostNames bounds the names that a line lists.
const mostNames = 6

// where returns the names of sites, as in "apps/web in dev, prod/tokyo" or
// "12 apps (cart, web and 10 more) in dev, prod". With clusters, it names those of
// each environment.
func (a atlas) where(sites []site, clusters bool) string {
	byUnit := map[string][]site{}
	for _, s := range sites {
		byUnit[s.unit] = append(byUnit[s.unit], s)
	}
	byPlaces := map[string][]string{}
	for _, u := range slices.Sorted(maps.Keys(byUnit)) {
		places := a.places(byUnit[u], clusters)
		byPlaces[places] = append(byPlaces[places], u)
	}
	clauses := slices.SortedFunc(maps.Keys(byPlaces), func(x, y string) int {
		return cmp.Or(-cmp.Compare(len(byPlaces[x]), len(byPlaces[y])), slices.Compare(byPlaces[x], byPlaces[y]))
	})
	const most = 4
	var out []string
	for i, places := range clauses {
		if i == most && len(clauses) > most+1 {
			rest := 0
			for _, p := range clauses[i:] {
				rest += len(byPlaces[p])
			}
			out = append(out, fmt.Sprintf("and %d more", rest))
			break
		}
		out = append(out, strings.TrimSpace(units(byPlaces[places])+" "+places))
	}
	return strings.Join(out, "; ")
}

// units returns the names of units, as in "apps/web" or "2 apps (cart, web)".
func units(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	names := make([]string, len(all))
	for i, u := range all {
		names[i] = path.Base(u)
	}
	return countUnits(all) + " (" + list(names) + ")"
}

// countUnits counts apps and components, as in "3 apps and 1 platform component".
func countUnits(all []string) string {
	apps, components := 0, 0
	for _, u := range all {
		if strings.HasPrefix(u, "platform/") {
			components++
		} else {
			apps++
		}
	}
	var out []string
	if apps > 0 {
		out = append(out, finding.Count(apps, "app"))
	}
	if components > 0 {
		out = append(out, finding.Count(components, "platform component"))
	}
	return strings.Join(out, " and ")
}

// list returns names, as in "a, b and 3 more" where they are many.
func list(names []string) string {
	if len(names) <= mostNames+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNames], ", "), len(names)-mostNames)
}

// places returns the environments and clusters of a unit's sites, as in
// "in dev, prod/tokyo" or "on tokyo".
func (a atlas) places(sites []site, clusters bool) string {
	of := map[string][]string{}
	for _, s := range sites {
		of[s.env] = append(of[s.env], s.cluster)
	}
	var in, on []string
	for _, env := range slices.SortedFunc(maps.Keys(of), a.compare) {
		slices.Sort(of[env])
		list := slices.Compact(of[env])
		whole := list[0] == "" || len(list) == len(a.clusters[[2]string{sites[0].unit, env}])
		switch named := slices.DeleteFunc(slices.Clone(list), func(c string) bool { return c == "" }); {
		case env == "":
			on = append(on, named...)
		case clusters && len(named) > 0:
			in = append(in, env+" ("+some(named)+")")
		case whole:
			in = append(in, env)
		case len(named) > 3:
			in = append(in, env+" ("+some(named)+")")
		default:
			for _, c := range named {
				in = append(in, env+"/"+c)
			}
		}
	}
	var out []string
	if len(in) > 0 {
		out = append(out, "in "+strings.Join(in, ", "))
	}
	if len(on) > 0 {
		out = append(out, "on "+some(on))
	}
	return strings.Join(out, ", ")
}

// some returns the names of a few clusters, or the number of many.
func some(clusters []string) string {
	if len(clusters) > mostNames {
		return finding.Count(len(clusters), "cluster")
	}
	return strings.Join(clusters, ", ")
}
