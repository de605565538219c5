// Package validate finds what is wrong with a fleet before anything is
// generated: every finding at once, each with a rule id, the place, the reason
// and what to do.
//
// Fleet looks at the model as it was written. Target looks at a resolved target,
// where nothing is left to inherit.
package validate

import (
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Fleet returns the findings about a fleet, sorted. Positions may be nil.
func Fleet(f *model.Fleet, set *feature.Set, positions finding.Positions) finding.List {
	c := &checker{Report: &feature.Report{Fleet: f, Positions: positions}, set: set}
	if !c.extensions() || !c.limits() {
		return c.List.Sort()
	}
	c.Kinds = resolve.Kinds(f, set)
	texts := &checker{Report: &feature.Report{Fleet: f, Positions: positions}}
	var wg sync.WaitGroup
	wg.Go(func() { // which takes as long as all else
		texts.secrets()
		texts.addresses()
	})
	c.names()
	c.empty()
	c.repository()
	c.references()
	c.clusters()
	c.environments()
	c.argoCD()
	c.projects()
	c.deliveries()
	c.applicationNames()
	c.kindScopes()
	set.CheckModel(c.Report)
	c.layers()
	c.components()
	wg.Wait()
	return append(c.List, texts.List...).Sort()
}

// Target returns the findings about a target, in which nothing is left to inherit.
// At is the path of the app's own layer in the fleet.
func Target(at fieldpath.Path, t *view.Target, set *feature.Set, positions finding.Positions) finding.List {
	r := &feature.Report{Positions: positions}
	set.CheckTarget(r, at, t)
	return r.List.Sort()
}

// Resolved returns the findings about a fleet that Fleet passes: what only all of its
// resolved targets show together, such as two apps that serve one host. Positions may
// be nil.
func Resolved(r *resolve.Resolver, positions finding.Positions) finding.List {
	report := &feature.Report{Fleet: r.Model(), Kinds: r.Kinds(), Positions: positions}
	r.Set().CheckFleet(report, r)
	return report.List
}

// checker collects findings.
type checker struct {
	*feature.Report
	set *feature.Set
}

// The longest name of an app leaves room for what is appended to it, such as
// -headless and a StatefulSet's pod and revision suffixes.
const maxAppName = 52

// names checks that everything has a name of its own that Kubernetes accepts.
func (c *checker) names() {
	c.Label("name", c.Fleet.Name, 63)
	seen := map[string]bool{}
	each := func(list string, names []string, most int) {
		clear(seen)
		for i, n := range names {
			at := fieldpath.Path(list).Key(n)
			if n == "" {
				at = fieldpath.Path(list).Index(i)
			}
			c.Label(at.Field("name"), n, most)
			if seen[n] && n != "" {
				c.Errorf("duplicate-name", at, "rename or remove one of them", "%s has two entries named %s", list, n)
			}
			seen[n] = true
		}
	}
	each("clusters", clusterNames(c.Fleet), 63)
	each("environments", environmentNames(c.Fleet), 63)
	each("apps", c.AppNames(), maxAppName)
	each("components", componentNames(c.Fleet), maxAppName)
}

// empty checks that there is something to deploy, and somewhere.
func (c *checker) empty() {
	if len(c.Fleet.Components) > 0 {
		return // the platform alone
	}
	if len(c.Fleet.Apps) == 0 {
		c.Errorf("empty-fleet", "apps", "add a document of kind App, or name the files that have them", "the fleet has no apps")
	}
	if len(c.Fleet.Environments) == 0 {
		c.Errorf("empty-fleet", "environments", "add a document of kind Environment, or name the files that have them", "the fleet has no environments")
	}
}

// references checks that what is named exists.
func (c *checker) references() {
	clusters, envs := clusterNames(c.Fleet), environmentNames(c.Fleet)
	for _, e := range c.Fleet.Environments {
		at := fieldpath.Path("environments").Key(e.Name)
		if len(e.Clusters) == 0 {
			c.Errorf("no-cluster", at.Field("clusters"), "add at least one cluster", "environment %s has no clusters", e.Name)
		}
		for i, name := range e.Clusters {
			c.Known("unknown-cluster", "cluster", at.Field("clusters").Index(i), name, clusters)
			if slices.Index(e.Clusters, name) < i {
				c.Errorf("duplicate-name", at.Field("clusters").Index(i), "remove one of them", "cluster %s is listed twice", name)
			}
		}
		if e.PromotedFrom != "" {
			c.Known("unknown-environment", "environment", at.Field("promotedFrom"), e.PromotedFrom, envs)
		}
	}
	for _, a := range c.Fleet.Apps {
		c.appReferences(a, envs)
	}
}

func (c *checker) appReferences(a model.App, envs []string) {
	at := fieldpath.Path("apps").Key(a.Name)
	for i, name := range a.RunsIn {
		c.Known("unknown-environment", "environment", at.Field("runsIn").Index(i), name, envs)
	}
	for _, name := range feature.SortedKeys(a.Environments) {
		o := a.Environments[name]
		below := at.Field("environments").Key(name)
		if c.Known("unknown-environment", "environment", below, name, envs) && len(a.RunsIn) > 0 && !slices.Contains(a.RunsIn, name) {
			c.Warnf("unused-override", below, "add it to runsIn, or remove the override", "app %s does not run in %s", a.Name, name)
		}
		of := c.clustersOf(name)
		for _, cluster := range feature.SortedKeys(o.Clusters) {
			if of != nil {
				c.Known("unknown-cluster", "cluster of environment "+name, below.Field("clusters").Key(cluster), cluster, of)
			}
		}
	}
}

func (c *checker) clustersOf(env string) []string {
	for _, e := range c.Fleet.Environments {
		if e.Name == env {
			return e.Clusters
		}
	}
	return nil
}

func clusterNames(f *model.Fleet) (out []string) {
	for _, x := range f.Clusters {
		out = append(out, x.Name)
	}
	return out
}

func environmentNames(f *model.Fleet) (out []string) {
	for _, x := range f.Environments {
		out = append(out, x.Name)
	}
	return out
}
