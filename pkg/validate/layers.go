package validate

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// layers checks every AppSpec of the fleet as it was written.
func (c *checker) layers() {
	c.layer("defaults", c.Fleet.Defaults)
	for _, cl := range c.Fleet.Clusters {
		c.layer(fieldpath.Path("clusters").Key(cl.Name).Field("defaults"), cl.Defaults)
	}
	for _, e := range c.Fleet.Environments {
		c.layer(fieldpath.Path("environments").Key(e.Name).Field("defaults"), e.Defaults)
	}
	for _, a := range c.Fleet.Apps {
		at := fieldpath.Path("apps").Key(a.Name)
		if a.Project != "" {
			c.Label(at.Field("project"), a.Project, 63)
		}
		c.layer(at.Field("spec"), a.Spec)
		for _, env := range feature.SortedKeys(a.Environments) {
			below := at.Field("environments").Key(env)
			c.layer(below, a.Environments[env].AppSpec)
			for _, cluster := range feature.SortedKeys(a.Environments[env].Clusters) {
				c.layer(below.Field("clusters").Key(cluster), a.Environments[env].Clusters[cluster])
			}
		}
	}
}

// layer checks what can be judged in one layer by itself.
func (c *checker) layer(at fieldpath.Path, s model.AppSpec) { c.set.CheckLayer(c.Report, at, &s) }
