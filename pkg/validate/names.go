package validate

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Names returns the findings about the names and labels of the objects of a
// target, or of a PlatformComponent. Names are composed in many places, of parts
// that fit by themselves: what Kubernetes takes is checked where they are whole. At
// is the path of the spec in the fleet, and written returns where one of its values
// was written.
func Names(at fieldpath.Path, t *view.Target, objects []object.Object, written func(fieldpath.Path) fieldpath.Path, positions finding.Positions) finding.List {
	c := &nameChecker{checker{Report: &feature.Report{Positions: positions}}, at, t, written, map[string]bool{}}
	for _, o := range objects {
		if err := object.CheckName(o.Group(), o.Kind(), o.Name()); err != nil {
			c.Errorf("invalid-name", c.placeOf(o), "shorten or rename it", "%v", err)
			continue
		}
		c.labelValues(o, []string{"metadata", "labels"})
		for _, template := range kind.Lookup(o.KindName()).PodTemplates() {
			c.podVolumes(o, slices.Concat(template, []string{"spec", "volumes"}))
			if len(template) > 0 { // else it is the object
				c.labelValues(o, slices.Concat(template, []string{"metadata", "labels"}))
			}
		}
	}
	return c.List.Sort()
}

// nameChecker checks the objects of a spec.
type nameChecker struct {
	checker
	at      fieldpath.Path
	target  *view.Target
	written func(fieldpath.Path) fieldpath.Path
	// valid are the values of labels that are valid, which objects share.
	valid map[string]bool
}

// podVolumes checks the volumes of pods, which are named after paths too.
func (c *nameChecker) podVolumes(o object.Object, path []string) {
	v, _ := o.Get(path...)
	volumes, _ := v.([]any)
	for _, v := range volumes {
		m, _ := v.(map[string]any)
		name, _ := m["name"].(string)
		err := object.CheckVolumeName(name)
		if err == nil {
			continue
		}
		if whole, ok := c.wholeObject(o); ok {
			c.Errorf("invalid-name", whole, "shorten or rename it", "%v", err)
		} else {
			c.Errorf("invalid-name", c.at.Field("volumes").Key(name), "give the volume at this path a shorter name under volumes", "%v", err)
		}
	}
}

// labelValues checks the labels of an object, or of its pods.
func (c *nameChecker) labelValues(o object.Object, path []string) {
	v, _ := o.Get(path...)
	labels, _ := v.(map[string]any)
	for k, v := range labels {
		value, _ := v.(string)
		if c.valid[value] {
			continue
		}
		if err := object.CheckLabel(value); err != nil {
			c.Errorf("invalid-value", c.placeOf(o), "shorten or change it", "the label %s of the %s %s: %v", k, o.Kind(), o.Name(), err)
			continue
		}
		c.valid[value] = true
	}
}

// placeOf returns the path of what names an object: the entry of the spec whose
// name its name ends with, or the app.
func (c *nameChecker) placeOf(o object.Object) fieldpath.Path {
	at, s := c.at, &c.target.Spec
	best, length := fieldpath.Path(strings.TrimSuffix(string(at), ".spec")).Field("name"), 0
	entry := func(list, name, key string) {
		if length < len(name) && (o.Name() == name || strings.HasSuffix(o.Name(), "-"+name)) {
			best, length = at.Field(list).Key(key), len(name)
		}
	}
	for _, x := range s.Hooks {
		entry("hooks", x.Name, x.Name)
	}
	for _, x := range s.Config {
		entry("config", x.Name, x.Name)
	}
	for _, x := range s.Volumes {
		entry("volumes", x.Name, x.Name)
	}
	for _, x := range s.Secrets {
		entry("secrets", x.Name, x.Name)
	}
	for _, x := range s.SecretGenerators {
		entry("secretGenerators", x.Name, x.Name)
	}
	for _, x := range s.PushSecrets {
		entry("pushSecrets", x.Name, x.Name)
	}
	for _, x := range s.Certificates {
		entry("certificates", x.Name, x.Name)
	}
	for _, x := range s.Services {
		entry("services", x.Name, x.Name)
	}
	for _, x := range s.Outside {
		entry("outside", x.Name, x.Name)
	}
	for _, x := range s.DNS {
		entry("dns", x.Name, x.Name)
	}
	for _, x := range s.Routes {
		entry("routes", x.Name, x.Host)
	}
	if whole, ok := c.wholeObject(o); ok {
		return whole
	}
	if s.Service != nil && o.Kind() == "Service" && o.Name() == s.Service.Name {
		return at.Field("service").Field("name")
	}
	if s.ServiceAccount != nil && o.Kind() == "ServiceAccount" && o.Name() == s.ServiceAccount.Name {
		return at.Field("serviceAccount").Field("name")
	}
	return best
}

// wholeObject returns the path of an object that the target brings along as a whole.
func (c *nameChecker) wholeObject(o object.Object) (fieldpath.Path, bool) {
	for _, w := range c.target.WholeObjects() {
		if view.Text(w.Object, "kind") == o.Kind() && view.Text(w.Object, "metadata", "name") == o.Name() {
			return c.written(w.At), true
		}
	}
	return "", false
}
