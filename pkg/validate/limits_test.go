package validate

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestListLimits gives each list and map of the model its most entries, and one
// more: that is one finding, and nothing else is looked at.
func TestListLimits(t *testing.T) {
	seen := map[string]bool{}
	eachList(reflect.TypeFor[model.Fleet](), "", nil, func(name, path string, way []int, list reflect.Type) {
		seen[name] = true
		most, ok := listLimits[name]
		if !ok {
			most = mostEntries
		}
		for _, n := range []int{most, most + 1} {
			f := &model.Fleet{}
			fill(reflect.ValueOf(f).Elem(), way, n)
			c := &checker{Report: &feature.Report{Fleet: f}}
			if ok := c.limits(); ok != (n == most) {
				t.Errorf("%s with %d entries: %v", name, n, ok)
			}
			got := c.List
			if n == most && len(got) > 0 || n > most && (len(got) != 1 || string(got[0].Path) != path) {
				t.Errorf("%s with %d entries: %v", name, n, got)
			}
		}
	})
	f := &model.Fleet{Environments: make([]model.Environment, 100_000)}
	if got := Fleet(f, features.Default(), nil); len(got) != 1 || got[0].Rule != "too-large" {
		t.Errorf("100,000 environments have %d findings, want one", len(got))
	}
	for name := range manifestLists {
		if !seen["AppSpec."+name] {
			t.Errorf("%s is not a list of apps", name)
		}
	}
	for name := range listLimits {
		if !seen[name] {
			t.Errorf("%s has a limit and is not a list of the model", name)
		}
	}
	t.Logf("%d lists", len(seen))
}

// eachList shows the lists and maps below a struct, each once by the struct that
// has it, with the way there by fields; lists on the way have one entry.
func eachList(t reflect.Type, path string, way []int, show func(name, path string, way []int, list reflect.Type)) {
	done := map[string]bool{}
	var walk func(t reflect.Type, path string, way []int, depth int)
	walk = func(t reflect.Type, path string, way []int, depth int) {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || depth > 12 || !strings.HasSuffix(t.PkgPath(), "/pkg/model") {
			return
		}
		for i := range t.NumField() {
			field := t.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "-" || name == "" && !field.Anonymous {
				continue
			}
			at, way := path, append(slices.Clone(way), i)
			if name != "" {
				at = strings.TrimPrefix(path+"."+name, ".")
			}
			switch k := field.Type.Kind(); {
			case k != reflect.Slice && k != reflect.Map:
				walk(field.Type, at, way, depth+1)
			case done[t.Name()+"."+name] || field.Type.Kind() == reflect.Map && field.Type.Elem().Kind() == reflect.Interface:
			case k == reflect.Slice:
				done[t.Name()+"."+name] = true
				show(t.Name()+"."+name, at, way, field.Type)
				walk(field.Type.Elem(), at+"[0]", way, depth+1)
			default:
				done[t.Name()+"."+name] = true
				show(t.Name()+"."+name, at, way, field.Type)
				walk(field.Type.Elem(), at+"[k0]", way, depth+1)
			}
		}
	}
	walk(t, path, way, 0)
}

// fill gives the list at the end of a way so many entries.
func fill(v reflect.Value, way []int, n int) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Struct:
		fill(v.Field(way[0]), way[1:], n)
	case len(way) > 0 && v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), way, n)
	case len(way) > 0:
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e, way, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k0").Convert(v.Type().Key()), e)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	default:
		v.Set(reflect.MakeMapWithSize(v.Type(), n))
		for i := range n {
			v.SetMapIndex(reflect.ValueOf(fmt.Sprint("k", i)).Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
		}
	}
}

// TestProducts checks what is too much only together, and that the sizes of real
// fleets are not.
func TestProducts(t *testing.T) {
	fleet := func(apps, environments, clusters, env int) *model.Fleet {
		f := &model.Fleet{Name: "shop"}
		for i := range clusters {
			f.Clusters = append(f.Clusters, model.Cluster{Name: fmt.Sprint("c", i)})
		}
		for i := range environments {
			e := model.Environment{Name: fmt.Sprint("e", i)}
			for c := i; c < clusters; c += environments {
				e.Clusters = append(e.Clusters, f.Clusters[c].Name)
			}
			f.Environments = append(f.Environments, e)
		}
		for i := range apps {
			a := model.App{Name: fmt.Sprint("a", i)}
			a.Spec.Image = "a:1"
			a.Spec.Env = make([]model.EnvVar, env)
			f.Apps = append(f.Apps, a)
		}
		return f
	}
	for name, tc := range map[string]struct {
		reason string
		fleet  *model.Fleet
		says   string
	}{
		"Apps":     {"Two thousand apps in ten environments are real.", fleet(2000, 10, 10, 20), ""},
		"Clusters": {"So are a thousand clusters.", fleet(1000, 10, 1000, 20), ""},
		"Env":      {"And 500 variables.", fleet(10, 10, 10, 500), ""},
		"Objects": {"Lists that make objects count together.", &model.Fleet{Apps: []model.App{{Name: "a", Spec: model.AppSpec{
			Routes: make([]model.Route, 1500), Objects: make([]model.RawObject, 1500)}}}}, "3000 entries in total"},
		"Routes":  {"A thousand routes alone are real.", &model.Fleet{Apps: []model.App{{Name: "a", Spec: model.AppSpec{Routes: make([]model.Route, 1000)}}}}, ""},
		"Targets": {"Too many targets are no fleet.", fleet(1000, 10, 2010, 0), "2010000 targets"},
		"Written": {"Nor are too many lists for too many targets.", fleet(100, 10, 1000, 600), "the lists of the apps have 60"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &checker{Report: &feature.Report{Fleet: tc.fleet}}
			start := time.Now()
			ok := c.limits()
			t.Logf("%v", time.Since(start))
			if ok != (tc.says == "") || !ok && !strings.Contains(c.List[0].Reason, tc.says) {
				t.Errorf("%s: %v", tc.reason, c.List)
			}
		})
	}
}
