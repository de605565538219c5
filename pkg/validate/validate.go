// Package validate finds what is wrong with a fleet before anything is
// generated: every finding at once, each with a rule id, the place, the reason
// and what to do.
//
// Fleet looks at the model as it was written. Spec looks at a resolved spec,
// where nothing is left to inherit.
package validate

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// Fleet returns the findings about a fleet, sorted. Positions may be nil.
func Fleet(f *model.Fleet, positions finding.Positions) finding.List {
	c := &checker{fleet: f, positions: positions}
	if !c.limits() {
		return c.list.Sort()
	}
	c.kinds = resolve.Kinds(f)
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
	c.stores()
	c.gateways()
	c.issuers()
	c.kindScopes()
	c.layers()
	c.components()
	c.secrets()
	c.addresses()
	return c.list.Sort()
}

// checker collects findings.
type checker struct {
	fleet     *model.Fleet
	positions finding.Positions
	list      finding.List
	// kinds are what the fleet says of kinds.
	kinds kind.Table
}

func (c *checker) errorf(rule string, at fieldpath.Path, fix, format string, args ...any) {
	c.add(finding.Error, rule, at, fix, fmt.Sprintf(format, credential.RedactArgs(args)...))
}

func (c *checker) warnf(rule string, at fieldpath.Path, fix, format string, args ...any) {
	c.add(finding.Warning, rule, at, fix, fmt.Sprintf(format, credential.RedactArgs(args)...))
}

func (c *checker) add(s finding.Severity, rule string, at fieldpath.Path, fix, reason string) {
	c.list = append(c.list, finding.Finding{
		Rule: rule, Severity: s, Path: at, Position: c.positions.At(at), Reason: reason, Fix: fix})
}

// The longest name of an app leaves room for what is appended to it, such as
// -headless and a StatefulSet's pod and revision suffixes.
const maxAppName = 52

// names checks that everything has a name of its own that Kubernetes accepts.
func (c *checker) names() {
	c.label("name", c.fleet.Name, 63)
	seen := map[string]bool{}
	each := func(list string, names []string, most int) {
		clear(seen)
		for i, n := range names {
			at := fieldpath.Path(list).Key(n)
			if n == "" {
				at = fieldpath.Path(list).Index(i)
			}
			c.label(at.Field("name"), n, most)
			if seen[n] && n != "" {
				c.errorf("duplicate-name", at, "rename or remove one of them", "%s has two entries named %s", list, n)
			}
			seen[n] = true
		}
	}
	each("clusters", clusterNames(c.fleet), 63)
	each("environments", environmentNames(c.fleet), 63)
	each("apps", appNames(c.fleet), maxAppName)
	each("components", componentNames(c.fleet), maxAppName)
}

// empty checks that there is something to deploy, and somewhere.
func (c *checker) empty() {
	if len(c.fleet.Components) > 0 {
		return // the platform alone
	}
	if len(c.fleet.Apps) == 0 {
		c.errorf("empty-fleet", "apps", "add a document of kind App, or name the files that have them", "the fleet has no apps")
	}
	if len(c.fleet.Environments) == 0 {
		c.errorf("empty-fleet", "environments", "add a document of kind Environment, or name the files that have them", "the fleet has no environments")
	}
}

// label checks that a name is a DNS label of at most so many characters.
func (c *checker) label(at fieldpath.Path, name string, most int) {
	switch {
	case name == "":
		c.errorf("missing-name", at, "add a name", "the name is missing")
	case len(validation.IsDNS1123Label(name)) > 0:
		c.errorf("invalid-name", at, "use lowercase letters, digits and dashes, and start and end with a letter or digit", "%q is not a valid DNS label", name)
	case len(name) > most:
		c.errorf("invalid-name", at, "shorten it", "%q has %d characters, more than the limit of %d", name, len(name), most)
	}
}

// references checks that what is named exists.
func (c *checker) references() {
	clusters, envs, apps := clusterNames(c.fleet), environmentNames(c.fleet), appNames(c.fleet)
	for _, e := range c.fleet.Environments {
		at := fieldpath.Path("environments").Key(e.Name)
		if len(e.Clusters) == 0 {
			c.errorf("no-cluster", at.Field("clusters"), "add at least one cluster", "environment %s has no clusters", e.Name)
		}
		for i, name := range e.Clusters {
			c.known("unknown-cluster", "cluster", at.Field("clusters").Index(i), name, clusters)
			if slices.Index(e.Clusters, name) < i {
				c.errorf("duplicate-name", at.Field("clusters").Index(i), "remove one of them", "cluster %s is listed twice", name)
			}
		}
		if e.PromotedFrom != "" {
			c.known("unknown-environment", "environment", at.Field("promotedFrom"), e.PromotedFrom, envs)
		}
	}
	for _, a := range c.fleet.Apps {
		c.appReferences(a, envs, apps)
	}
}

func (c *checker) appReferences(a model.App, envs, apps []string) {
	at := fieldpath.Path("apps").Key(a.Name)
	for i, name := range a.RunsIn {
		c.known("unknown-environment", "environment", at.Field("runsIn").Index(i), name, envs)
	}
	c.peers(at.Field("spec"), a.Spec, apps)
	for _, name := range sortedKeys(a.Environments) {
		o := a.Environments[name]
		below := at.Field("environments").Key(name)
		if c.known("unknown-environment", "environment", below, name, envs) && len(a.RunsIn) > 0 && !slices.Contains(a.RunsIn, name) {
			c.warnf("unused-override", below, "add it to runsIn, or remove the override", "app %s does not run in %s", a.Name, name)
		}
		c.peers(below, o.AppSpec, apps)
		of := c.clustersOf(name)
		for _, cluster := range sortedKeys(o.Clusters) {
			if of != nil {
				c.known("unknown-cluster", "cluster of environment "+name, below.Field("clusters").Key(cluster), cluster, of)
			}
			c.peers(below.Field("clusters").Key(cluster), o.Clusters[cluster], apps)
		}
	}
}

func (c *checker) peers(at fieldpath.Path, s model.AppSpec, apps []string) {
	for i, p := range s.TalksTo {
		if p.App != "" {
			c.known("unknown-app", "app", entryAt(at.Field("talksTo"), p.Name, i).Field("app"), p.App, apps)
		}
	}
}

func (c *checker) clustersOf(env string) []string {
	for _, e := range c.fleet.Environments {
		if e.Name == env {
			return e.Clusters
		}
	}
	return nil
}

// known reports whether name is one of the known names, and finds fault if not.
func (c *checker) known(rule, what string, at fieldpath.Path, name string, known []string) bool {
	if slices.Contains(known, name) {
		return true
	}
	c.errorf(rule, at, finding.Choose(name, known), "there is no %s named %s", what, name)
	return false
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

func appNames(f *model.Fleet) (out []string) {
	for _, x := range f.Apps {
		out = append(out, x.Name)
	}
	return out
}
