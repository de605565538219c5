package validate

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// mostEntries is how many entries a list or map of the model may have where
// listLimits does not say otherwise.
const mostEntries = 2_000

// listLimits are how many entries lists and maps may have, by the struct that has
// them and their names in YAML. What a list costs grows with the targets that it
// is written for, and with some lists faster than their length.
var listLimits = map[string]int{
	"Fleet.apps":            20_000,
	"Fleet.clusters":        5_000,
	"Fleet.environments":    1_000,
	"Fleet.components":      5_000,
	"Environment.clusters":  5_000,
	"App.after":             20_000,
	"ContainerSpec.args":    10_000,
	"ContainerSpec.command": 10_000,
	"ContainerSpec.env":     5_000,
	"AppSpec.patches":       200, // each is applied by itself
}

// manifestLists are the lists of an app whose entries become objects, or many of
// them: kustomize takes four times as long for twice the objects.
var manifestLists = map[string]bool{"objects": true, "services": true, "outside": true, "routes": true, "dns": true, "certificates": true, "config": true,
	"volumes": true, "hooks": true, "secrets": true, "secretGenerators": true, "pushSecrets": true}

// The bounds of what the lists of a fleet come to together.
const (
	maxObjects = 2_500      // of an app, as far as lists make them
	maxTargets = 2_000_000  // pairs of an app and a cluster of an environment
	maxWritten = 50_000_000 // entries of the lists and maps of all apps, for each target
)

// limits checks that lists have no more entries than can be worked on. It reports
// whether the rest may be looked at.
func (c *checker) limits() bool {
	before := len(c.List)
	l := lists{c, map[reflect.Type][]listField{}}
	l.check("", reflect.ValueOf(*c.Fleet), mostEntries)
	if len(c.List) == before {
		l.products()
	}
	return len(c.List) == before
}

// lists looks at the lists of a fleet.
type lists struct {
	*checker
	fields map[reflect.Type][]listField
}

// listField is a field of a struct that is a list or a map, or has some in it.
type listField struct {
	index int
	name  string // in YAML, or "" for what stands beside
	most  int
}

// products checks what multiplies: each list of an app is written for each of its
// targets.
func (l lists) products() {
	clusters := map[string]int{} // by environment
	all := 0
	for _, e := range l.Fleet.Environments {
		clusters[e.Name] = len(e.Clusters)
		all += len(e.Clusters)
	}
	targets, written := 0, 0
	defaults, made := l.entries(reflect.ValueOf(l.Fleet.Defaults)), l.objects(&l.Fleet.Defaults)
	for i := range l.Fleet.Apps {
		a := &l.Fleet.Apps[i]
		if n := made + l.objects(&a.Spec); n > maxObjects {
			l.Errorf("too-large", fieldpath.Path("apps").Key(a.Name), "split it into several apps, or shorten the longest of these lists",
				"objects, routes and the other lists that produce objects have %d entries in total, more than the limit of %d", n, maxObjects)
		}
		of := all
		if len(a.RunsIn) > 0 {
			of = 0
			for _, e := range a.RunsIn {
				of += clusters[e]
			}
		}
		targets += of
		written += of * (defaults + l.entries(reflect.ValueOf(&a.Spec)))
	}
	switch {
	case targets > maxTargets:
		l.Errorf("too-large", "apps", "let apps run in fewer environments with runsIn, or split the fleet",
			"the apps have %d targets, one for each cluster of an environment, more than the limit of %d", targets, maxTargets)
	case written > maxWritten:
		l.Errorf("too-large", "apps", "shorten the longest lists, let apps run in fewer environments with runsIn, or split the fleet",
			"the lists of the apps have %d entries, counted for each target, more than the limit of %d", written, maxWritten)
	}
}

// objects returns how many entries the lists have that make objects.
func (l lists) objects(s *model.AppSpec) (n int) {
	v := reflect.ValueOf(s).Elem()
	for _, f := range l.of(v.Type()) {
		if manifestLists[f.name] {
			n += v.Field(f.index).Len()
		}
	}
	return n
}

// check finds the lists and maps below v, which may have so many entries itself,
// that are too long.
func (l lists) check(at fieldpath.Path, v reflect.Value, most int) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			l.check(at, v.Elem(), most)
		}
	case reflect.Slice:
		if l.within(at, v.Len(), most) && l.hasLists(v.Type().Elem()) {
			for i := range v.Len() {
				l.check(entryPath(at, v.Index(i), i), v.Index(i), mostEntries)
			}
		}
	case reflect.Map:
		if l.within(at, v.Len(), most) && l.inMap(v.Type()) {
			for it := v.MapRange(); it.Next(); {
				l.check(at.Key(it.Key().String()), it.Value(), mostEntries)
			}
		}
	case reflect.Struct:
		for _, f := range l.of(v.Type()) {
			field := v.Field(f.index)
			if field.IsZero() {
				continue
			}
			below := at
			if f.name != "" {
				below = at.Field(f.name)
			}
			l.check(below, field, f.most)
		}
	}
}

func (l lists) within(at fieldpath.Path, n, most int) bool {
	if n > most {
		l.Errorf("too-large", at, "shorten it, or split the fleet", "the list has %d entries, more than the limit of %d", n, most)
	}
	return n <= most
}

// entries returns how many entries the lists and maps below v have together.
func (l lists) entries(v reflect.Value) (n int) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return l.entries(v.Elem())
		}
	case reflect.Slice:
		n = v.Len()
		for i := 0; i < v.Len() && l.hasLists(v.Type().Elem()); i++ {
			n += l.entries(v.Index(i))
		}
	case reflect.Map:
		n = v.Len()
		for it := v.MapRange(); l.inMap(v.Type()) && it.Next(); {
			n += l.entries(it.Value())
		}
	case reflect.Struct:
		for _, f := range l.of(v.Type()) {
			n += l.entries(v.Field(f.index))
		}
	}
	return n
}

// of returns the fields of a struct that are lists or maps, or have some in them.
func (l lists) of(t reflect.Type) []listField {
	if known, ok := l.fields[t]; ok {
		return known
	}
	if t.Implements(reflect.TypeFor[json.Marshaler]()) {
		l.fields[t] = nil
		return nil // a quantity or a time
	}
	l.fields[t] = []listField{{}} // a type that has itself in it may have lists there
	var out []listField
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || name == "" && !field.Anonymous || !l.hasLists(field.Type) {
			continue
		}
		most, ok := listLimits[t.Name()+"."+name]
		if !ok {
			most = mostEntries
		}
		out = append(out, listField{i, name, most})
	}
	l.fields[t] = out
	return out
}

// inMap reports whether the values of a map are lists or maps, or can have some.
func (l lists) inMap(t reflect.Type) bool {
	return t == reflect.TypeFor[model.Extensions]() || l.hasLists(t.Elem())
}

// hasLists reports whether a value of a type is a list or a map, or can have some
// in it. What is free, such as a whole object, is bounded as a value.
func (l lists) hasLists(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return l.hasLists(t.Elem())
	case reflect.Slice:
		return true
	case reflect.Map:
		return t.Elem().Kind() != reflect.Interface || t == reflect.TypeFor[model.Extensions]()
	case reflect.Struct:
		return len(l.of(t)) > 0
	}
	return false
}
