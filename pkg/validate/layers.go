package validate

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// layers checks every AppSpec of the fleet as it was written.
func (c *checker) layers() {
	c.layer("defaults", &c.Fleet.Defaults)
	for i := range c.Fleet.Clusters {
		cl := &c.Fleet.Clusters[i]
		c.layer(fieldpath.Path("clusters").Key(cl.Name).Field("defaults"), &cl.Defaults)
	}
	for i := range c.Fleet.Environments {
		e := &c.Fleet.Environments[i]
		c.layer(fieldpath.Path("environments").Key(e.Name).Field("defaults"), &e.Defaults)
	}
	for i := range c.Fleet.Apps {
		a := &c.Fleet.Apps[i]
		at := fieldpath.Path("apps").Key(a.Name)
		if a.Project != "" {
			c.Label(at.Field("project"), a.Project, 63)
		}
		c.layer(at.Field("spec"), &a.Spec)
		for _, env := range feature.SortedKeys(a.Environments) {
			below := at.Field("environments").Key(env)
			o := a.Environments[env]
			c.layer(below, &o.AppSpec)
			for _, cluster := range feature.SortedKeys(o.Clusters) {
				s := o.Clusters[cluster]
				c.layer(below.Field("clusters").Key(cluster), &s)
			}
		}
	}
}

// layer checks what can be judged in one layer by itself.
func (c *checker) layer(at fieldpath.Path, s *model.AppSpec) { c.set.CheckLayer(c.Report, at, s) }
