package validate

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// kindScopes checks what the fleet says of kinds.
func (c *checker) kindScopes() {
	seen := map[kind.Name]bool{}
	for i, k := range c.Fleet.Kinds {
		at, name := fieldpath.Path("kinds").Index(i), kind.Name{Group: k.Group, Kind: k.Kind}
		switch known := kind.Of(name); {
		case k.Kind == "":
			c.Errorf("missing-value", at.Field("kind"), "add the kind, as in ClusterPolicy", "the entry does not name a kind")
		case k.Scope != kind.Cluster && k.Scope != kind.Namespaced:
			c.Errorf("invalid-value", at.Field("scope"), "use Cluster or Namespaced", "%q is not a valid scope", k.Scope)
		case kind.IsBuiltin(name) && known != k.Scope:
			c.Errorf("invalid-value", at.Field("scope"), "remove the entry", "the built-in kind %s always has the scope %s", name, known)
		case seen[name]:
			c.Errorf("duplicate-name", at, "remove one of them", "kinds has two entries for %s", name)
		}
		seen[name] = true
	}
}

// components checks the PlatformComponents.
func (c *checker) components() {
	names, clusters := componentNames(c.Fleet), clusterNames(c.Fleet)
	after := map[string][]string{}
	for _, x := range c.Fleet.Components {
		at := fieldpath.Path("components").Key(x.Name)
		if layout.IsGenerated(x.Name) {
			c.Errorf("reserved-component", at.Field("name"), "use another name", "the component name %s is reserved for gitopsgen", x.Name)
		}
		if slices.Contains(c.AppNames(), x.Name) {
			c.Errorf("duplicate-name", at.Field("name"), "rename one of them", "an app is named %s too, and its cluster-scoped objects are put into a component of that name", x.Name)
		}
		if x.Namespace != "" {
			c.Label(at.Field("namespace"), x.Namespace, 63)
		}
		for i, name := range x.Clusters {
			c.Known("unknown-cluster", "cluster", at.Field("clusters").Index(i), name, clusters)
		}
		for i, name := range x.After {
			c.Known("unknown-component", "component", at.Field("after").Index(i), name, names)
		}
		after[x.Name] = x.After
		c.componentOverrides(at.Field("overrides"), x)
	}
	for _, x := range c.Fleet.Components {
		if way := wayBack(after, x.Name); way != nil {
			c.Errorf("order-cycle", fieldpath.Path("components").Key(x.Name).Field("after"), "remove one of them", "component %s depends on itself: %s", x.Name, strings.Join(way, " after "))
		}
	}
	resolve.ComponentLayers(c.Fleet, c.componentLayer)
}

func (c *checker) componentOverrides(at fieldpath.Path, x model.PlatformComponent) {
	for _, name := range feature.SortedKeys(x.Overrides.Environments) {
		c.Known("unknown-environment", "environment", at.Field("environments").Key(name), name, environmentNames(c.Fleet))
	}
	runsOn := x.Clusters
	if runsOn == nil {
		runsOn = clusterNames(c.Fleet)
	}
	for _, name := range feature.SortedKeys(x.Overrides.Clusters) {
		c.Known("unknown-cluster", "cluster of component "+x.Name, at.Field("clusters").Key(name), name, runsOn)
	}
}

// componentLayer checks one layer of a component by itself.
func (c *checker) componentLayer(at fieldpath.Path, s *model.ComponentSpec) {
	c.set.CheckLayer(c.Report, at, &model.AppSpec{Patches: s.Patches, Objects: s.Objects, Sync: s.Sync})
	steps, _ := at.Steps()
	for _, x := range c.Fleet.Components {
		if len(steps) < 2 || x.Name != steps[1].Name || x.Namespace != "" {
			continue
		}
		for i, o := range s.Objects {
			if meta, _ := o["metadata"].(map[string]any); c.Kinds.Scope(view.KindOf(o)) != kind.Cluster && meta["namespace"] == nil {
				c.Errorf("missing-namespace", at.Field("objects").Index(i), "add metadata.namespace to the object, or a namespace to the component",
					"the object is namespaced, and neither it nor the component names a namespace")
			}
		}
	}
}

func componentNames(f *model.Fleet) (out []string) {
	for _, x := range f.Components {
		out = append(out, x.Name)
	}
	return out
}
