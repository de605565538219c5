package validate

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Names returns the findings about the names and labels of the objects of a
// target, or of a PlatformComponent. Names are composed in many places, of parts
// that fit by themselves: what Kubernetes takes is checked where they are whole. At
// is the path of the spec in the fleet.
func Names(at fieldpath.Path, s *model.AppSpec, objects []object.Object, positions finding.Positions) finding.List {
	c := &checker{positions: positions}
	for _, o := range objects {
		if err := object.CheckName(o.Group(), o.Kind(), o.Name()); err != nil {
			c.errorf("invalid-name", placeOf(at, s, o), "shorten or rename it", "%v", err)
			continue
		}
		for _, template := range [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}} {
			c.podVolumes(at, s, o, template)
		}
		for _, labels := range [][]string{{"metadata", "labels"}, {"spec", "template", "metadata", "labels"}} {
			c.labelValues(at, s, o, labels)
		}
	}
	return c.list.Sort()
}

// podVolumes checks the volumes of pods, which are named after paths too.
func (c *checker) podVolumes(at fieldpath.Path, s *model.AppSpec, o object.Object, pod []string) {
	whole, isWhole := wholeObject(at, s, o)
	v, _ := o.Get(append(pod, "volumes")...)
	volumes, _ := v.([]any)
	for _, v := range volumes {
		m, _ := v.(map[string]any)
		name, _ := m["name"].(string)
		err := object.CheckVolumeName(name)
		switch {
		case err != nil && isWhole:
			c.errorf("invalid-name", whole, "shorten or rename it", "%v", err)
		case err != nil:
			c.errorf("invalid-name", at.Field("volumes").Key(name), "give the volume at this path a shorter name of its own, under volumes", "%v", err)
		}
	}
}

// labelValues checks the labels of an object, or of its pods.
func (c *checker) labelValues(at fieldpath.Path, s *model.AppSpec, o object.Object, path []string) {
	v, _ := o.Get(path...)
	labels, _ := v.(map[string]any)
	for _, k := range sortedKeys(labels) {
		value, _ := labels[k].(string)
		if err := object.CheckLabel(value); err != nil {
			c.errorf("invalid-value", placeOf(at, s, o), "shorten or change it", "the label %s of the %s %s: %v", k, o.Kind(), o.Name(), err)
		}
	}
}

// placeOf returns the path of what names an object: the entry of the spec whose
// name its name ends with, or the app.
func placeOf(at fieldpath.Path, s *model.AppSpec, o object.Object) fieldpath.Path {
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
	if whole, ok := wholeObject(at, s, o); ok {
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

// wholeObject returns the path of an object that the spec has as a whole.
func wholeObject(at fieldpath.Path, s *model.AppSpec, o object.Object) (fieldpath.Path, bool) {
	for _, x := range s.Objects {
		meta, _ := x["metadata"].(map[string]any)
		if kind, _ := x["kind"].(string); kind == o.Kind() && meta["name"] == o.Name() {
			return at.Field("objects").Key(kind + "/" + o.Name()), true
		}
	}
	return "", false
}
