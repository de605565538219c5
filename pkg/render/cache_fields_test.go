package render_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

var (
	seed   = flag.Uint64("seed", rand.Uint64(), "which fields TestCacheOfEveryField changes")
	fields = flag.Int("fields", 6, "how many fields TestCacheOfEveryField changes beside those of apps themselves; 0 for all")
)

// related are fleets of three apps that are related in one way each: where two
// relations overlap, one makes up for what is forgotten of the other.
var related = map[string]func(f *model.Fleet){
	"Nothing": func(*model.Fleet) {},
	"After":   func(f *model.Fleet) { f.Apps[0].After = []string{"b"} },
	"TalksTo": func(f *model.Fleet) {
		f.Apps[0].Spec.TalksTo = []model.Peer{{App: "b"}}
		f.Apps[1].Spec.TalksTo = []model.Peer{{App: "c"}}
	},
	"Backend": func(f *model.Fleet) {
		f.Apps[0].Spec.Routes = []model.Route{{Host: "a", Rules: []model.RouteRule{{Backends: []model.Backend{{App: "b"}}}}}}
	},
	"Mirror": func(f *model.Fleet) {
		f.Apps[0].Spec.Routes = []model.Route{{Host: "a", Rules: []model.RouteRule{{Mirror: &model.Backend{App: "b"}}}}}
	},
	"Namespace": func(f *model.Fleet) { f.Environments[0].Namespace, f.Environments[1].Namespace = "{env}", "{env}" },
	"Project":   func(f *model.Fleet) { f.Apps[0].Project, f.Apps[1].Project = "p", "p" },
	"Set":       func(f *model.Fleet) { f.Delivery = model.Delivery{Strategy: model.ListSet, Rolling: new(true)} },
	"Canary":    func(f *model.Fleet) { f.Environments[1].Canary = "two" },
	"Chart": func(f *model.Fleet) {
		f.Clusters[0].KubernetesVersion, f.Clusters[1].KubernetesVersion = "1.34", "1.34"
		f.Apps[0].Spec = model.AppSpec{Chart: &model.Chart{Path: "web", Digest: "web"}}
	},
	"Rendered": func(f *model.Fleet) { f.Repository.Layout, f.Apps[0].After = model.Rendered, []string{"b"} },
}

// proven is a cache that has every proof, which these tests are not about: most of
// a render's time would go there. It answers other keys with an empty text, which is
// not a valid outcome.
type proven struct{ *proofs }

func (m proven) Get(key string) (string, bool) {
	value, _ := m.proofs.Get(key)
	return value, true
}

// three returns a fleet of three apps that have nothing to do with each other.
func three() *model.Fleet {
	f := &model.Fleet{
		Name: "shop", Repository: model.Repository{URL: "https://git.example.com/shop.git"},
		ArgoCD:       []model.ArgoCD{{Name: "hub", Cluster: "one"}},
		Clusters:     []model.Cluster{{Name: "one"}, {Name: "two"}},
		SecretStores: randomStores,
		Gateways:     []model.Gateway{{Name: "public", Class: "proxy"}},
		Issuers:      []model.Issuer{{Name: "own", SelfSigned: &model.SelfSigned{}}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}, Domain: "dev.example.com", SecretStore: "vault"},
			{Name: "prod", Clusters: []string{"one", "two"}, Domain: "example.com", PromotedFrom: "dev", SecretStore: "vault"}},
	}
	for _, name := range []string{"a", "b", "c"} {
		f.Apps = append(f.Apps, model.App{Name: name, Spec: model.AppSpec{
			ContainerSpec: model.ContainerSpec{Image: name + ":1", Ports: []model.Port{{Name: "http", Port: 80}}}}})
	}
	return f
}

// TestCacheOfEveryField changes one field of a fleet whose tree stands: what is
// remembered has to give the tree that a run without a cache gives. It takes the
// fields of apps themselves, and -fields others that -seed chooses.
func TestCacheOfEveryField(t *testing.T) {
	t.Logf("-seed %d", *seed)
	_, web := webChart(t, "")
	charts := render.WithCharts(lockedCharts{local(web), web.Digest(), "1"})
	known := harvest(t)
	for name, relate := range related {
		t.Run(name, func(t *testing.T) {
			base := func() *model.Fleet { f := three(); relate(f); return f }
			m := proven{&proofs{keys: map[string]string{}}}
			before := fleet(t, base(), render.WithCache(m), charts)
			chosen := someFields(rand.New(rand.NewPCG(*seed, 11)))
			changed := 0
			for _, field := range chosen {
				effects := 0
				for _, value := range known.of(field) {
					f := base()
					known.set(reflect.ValueOf(f).Elem(), field.steps, value)
					want, err := render.Fleet(context.Background(), f, render.WithoutProof(), charts)
					if err != nil || len(tree.Changes(before.Tree, want.Tree)) == 0 {
						continue // not valid here, or without effect
					}
					got := fleet(t, f, render.WithCache(m), render.WithPrior(before.Tree), charts)
					if c := tree.Changes(want.Tree, got.Tree); len(c) > 0 {
						t.Errorf("-seed %d: %s = %+v: what is remembered changes %v", *seed, field, value, c)
					}
					if effects++; effects == 2 || !field.ofApp() {
						break
					}
				}
				changed += min(effects, 1)
			}
			t.Logf("%d of %d fields changed something", changed, len(chosen))
			if changed*4 < len(chosen) {
				t.Errorf("only %d of %d fields changed something", changed, len(chosen))
			}
		})
	}
}

// someFields returns the fields that are changed.
func someFields(rng *rand.Rand) []field {
	all := fieldsOf(field{typ: reflect.TypeFor[model.Fleet]()})
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(a, b field) int { return strings.Compare(fmt.Sprint(b.ofApp()), fmt.Sprint(a.ofApp())) })
	own := slices.IndexFunc(all, func(f field) bool { return !f.ofApp() })
	if *fields == 0 {
		return all
	}
	return all[:min(own+*fields, len(all))]
}

// field is the way from a Fleet to one of its fields.
type field struct {
	steps []step
	typ   reflect.Type
	// owner is the struct that has the field, and name its name there.
	owner reflect.Type
	name  string
}

// step is a field of a struct or an entry of a list, by its index, or the entry
// of a map under a key.
type step struct {
	index int
	key   string
}

func (f field) below(s step, t reflect.Type) field {
	f.steps, f.typ = append(slices.Clone(f.steps), s), t
	return f
}

// ofApp reports whether the field is one of an app but of none of its layers.
func (f field) ofApp() bool { return f.owner == reflect.TypeFor[model.App]() }

// keys are those of maps that a change goes into.
var keys = map[reflect.Type]string{
	reflect.TypeFor[map[string]model.Override](): "prod",
	reflect.TypeFor[map[string]model.AppSpec]():  "two",
}

// lengths are the numbers of entries of lists that a change goes into, 1 for
// others.
var lengths = map[reflect.Type]int{
	reflect.TypeFor[[]model.App]():         3,
	reflect.TypeFor[[]model.Environment](): 2,
}

// fieldsOf returns the ways to all fields below a type of the model. Types of
// Kubernetes are values: they are copied as they are.
func fieldsOf(f field) []field {
	t := f.typ
	if !ours(t) {
		return []field{f}
	}
	var out []field
	switch t.Kind() {
	case reflect.Map:
		out = fieldsOf(f.below(step{key: keys[t]}, t.Elem()))
	case reflect.Slice:
		out = append(out, f)
		for i := range max(1, lengths[t]) {
			out = append(out, fieldsOf(f.below(step{index: i}, t.Elem()))...)
		}
	case reflect.Pointer:
		f.typ = t.Elem()
		out = append([]field{{f.steps, t, f.owner, f.name}}, fieldsOf(f)...)
	default:
		for i := range t.NumField() {
			next := f.below(step{index: i}, t.Field(i).Type)
			if next.owner, next.name = t, t.Field(i).Name; next.name != "Unset" {
				out = append(out, fieldsOf(next)...)
			}
		}
	}
	return out
}

// ours reports whether a type is a struct of the model, or holds such structs.
func ours(t reflect.Type) bool {
	if k := t.Kind(); k == reflect.Pointer || k == reflect.Slice || k == reflect.Map {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && strings.HasSuffix(t.PkgPath(), "/pkg/model")
}

// String returns the way as Go writes it.
func (f field) String() string {
	t, out := reflect.TypeFor[model.Fleet](), "Fleet"
	for _, s := range f.steps {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Struct:
			out, t = out+"."+t.Field(s.index).Name, t.Field(s.index).Type
		case reflect.Slice:
			out, t = fmt.Sprintf("%s[%d]", out, s.index), t.Elem()
		default:
			out, t = fmt.Sprintf("%s[%s]", out, s.key), t.Elem()
		}
	}
	return out
}

// values are those that sample fleets have, by type and by field.
type values struct {
	structs map[reflect.Type]reflect.Value
	fields  map[string][]reflect.Value
}

// harvest collects the values of the fleets of testdata.
func harvest(t *testing.T) values {
	t.Helper()
	v := values{map[reflect.Type]reflect.Value{}, map[string][]reflect.Value{}}
	dirs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "fleets", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("there are no sample fleets: %v", err)
	}
	for _, dir := range dirs {
		files, err := load.FS(os.DirFS(dir), "")
		if err != nil {
			t.Fatal(err)
		}
		l, err := load.Fleet(nil, files...)
		if err != nil {
			t.Fatal(err)
		}
		v.add(reflect.ValueOf(*l.Fleet))
	}
	return v
}

// add collects what stands below x.
func (v values) add(x reflect.Value) {
	t := x.Type()
	if !ours(t) || x.IsZero() {
		return
	}
	switch t.Kind() {
	case reflect.Map:
		for it := x.MapRange(); it.Next(); {
			v.add(it.Value())
		}
	case reflect.Slice:
		for i := range x.Len() {
			v.add(x.Index(i))
		}
	case reflect.Pointer:
		v.add(x.Elem())
	default:
		if _, ok := v.structs[t]; !ok {
			v.structs[t] = x
		}
		for i := range t.NumField() {
			key := t.String() + "." + t.Field(i).Name
			if f := x.Field(i); !f.IsZero() && len(v.fields[key]) < 4 {
				v.fields[key] = append(v.fields[key], f)
			}
			v.add(x.Field(i))
		}
	}
}

// of returns values to try for a field.
func (v values) of(f field) []reflect.Value {
	out := []reflect.Value{reflect.Zero(f.typ)}
	add := func(all ...any) {
		for _, x := range all {
			if value := reflect.ValueOf(x); value.CanConvert(f.typ) {
				out = append(out, value.Convert(f.typ))
			}
		}
	}
	switch f.typ.Kind() {
	case reflect.String:
		add("a", "b", "c", "prod", "one", "two", "http", "5m", "10.1.0.0/16")
	case reflect.Bool:
		add(true)
	case reflect.Int32, reflect.Int64:
		add(2, 81)
	default:
		add([]string{"a"}, []string{"b"}, []string{"c"}, []string{"prod"}, []string{"two"}, []string{"http"}, map[string]string{"x": "a"},
			new(true), new(false), new(int32(2)), new(int64(2)), new("a"), []model.Peer{{App: "b"}}, []model.Peer{{App: "c"}})
	}
	return append(out, v.fields[f.owner.String()+"."+f.name]...)
}

// set gives the field below x that steps lead to a value. What is missing on the
// way is as in the sample fleets.
func (v values) set(x reflect.Value, steps []step, value reflect.Value) {
	if len(steps) == 0 {
		x.Set(value)
		return
	}
	missing := func(t reflect.Type) reflect.Value {
		if known, ok := v.structs[t]; ok {
			return known
		}
		return reflect.Zero(t)
	}
	switch x.Kind() {
	case reflect.Pointer:
		p := reflect.New(x.Type().Elem()) // the sample fleets keep theirs
		if p.Elem().Set(missing(x.Type().Elem())); !x.IsNil() {
			p.Elem().Set(x.Elem())
		}
		x.Set(p)
		v.set(p.Elem(), steps, value)
	case reflect.Struct:
		v.set(x.Field(steps[0].index), steps[1:], value)
	case reflect.Slice:
		l := reflect.AppendSlice(reflect.Zero(x.Type()), x)
		for l.Len() <= steps[0].index {
			l = reflect.Append(l, missing(x.Type().Elem()))
		}
		x.Set(l)
		v.set(l.Index(steps[0].index), steps[1:], value)
	case reflect.Map:
		e := reflect.New(x.Type().Elem()).Elem()
		v.set(e, steps[1:], value)
		x.Set(reflect.MakeMap(x.Type()))
		x.SetMapIndex(reflect.ValueOf(steps[0].key), e)
	}
}
