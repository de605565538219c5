package resolve

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// filler makes random specs of every field that the model has.
type filler struct {
	*rand.Rand
	// switching allows one-of structs to have different members in each layer; else
	// they have the one of this number.
	switching bool
	number    int
}

func (f filler) spec() (out model.AppSpec) {
	f.fill(specShape(), reflect.ValueOf(&out).Elem(), 0)
	names := f.Perm(4)
	for i, o := range out.Objects {
		o["kind"], o["metadata"] = "Thing", map[string]any{"name": fmt.Sprint("o", names[i])}
	}
	return out
}

// costs are settings of features.
type costs struct {
	Center string            `json:"center,omitempty"`
	Limit  *int32            `json:"limit,omitempty"`
	Shared bool              `json:"shared,omitempty"`
	Tags   map[string]string `json:"tags,omitempty"`
	Notes  []string          `json:"notes,omitempty"`
	Alerts []alert           `json:"alerts,omitempty" merge:"name"`
	Yearly *alert            `json:"yearly,omitempty" oneof:"true"`
	Never  *alert            `json:"never,omitempty" oneof:"true"`
}

type alert struct {
	Name  string             `json:"name"`
	At    *resource.Quantity `json:"at,omitempty"`
	Whole []model.EnvVar     `json:"whole,omitempty" merge:"name,replace"`
}

// settings are those of features, one type for two of them.
var settings = map[string]any{"a": (*costs)(nil), "b": (*costs)(nil), "c": (*alert)(nil), "d": (*model.Sync)(nil)}

func (f filler) fill(s *shape, v reflect.Value, depth int) {
	switch {
	case s.form == quantity:
		v.Set(reflect.ValueOf(*resource.NewQuantity(f.Int64N(5)+1, resource.DecimalSI)))
	case s.typ == reflect.TypeFor[intstr.IntOrString]():
		v.Set(reflect.ValueOf([]intstr.IntOrString{intstr.FromInt32(f.Int32N(3)), intstr.FromString("5%")}[f.IntN(2)]))
	case s.form == pointer:
		p := reflect.New(s.typ.Elem())
		f.fill(s.elem, p.Elem(), depth)
		v.Set(p)
	case s.form == structure:
		f.fillStruct(s, v, depth)
	case s.typ == extensions:
		m := model.Extensions{}
		for range 1 + f.IntN(3) {
			name := string(rune('a' + f.IntN(4)))
			p := reflect.New(reflect.TypeOf(settings[name])).Elem()
			f.fill(shapeOf(p.Type()), p, depth+1)
			m[name] = p.Interface()
		}
		v.Set(reflect.ValueOf(m))
	case s.form == mapping:
		m := reflect.MakeMap(s.typ)
		for range 1 + f.IntN(3) {
			e := reflect.New(s.typ.Elem()).Elem()
			f.fill(s.elem, e, depth+1)
			m.SetMapIndex(reflect.ValueOf(string(rune('a'+f.IntN(4)))).Convert(s.typ.Key()), e)
		}
		v.Set(m)
	case s.form == list:
		for range 1 + f.IntN(2) {
			e := reflect.New(s.typ.Elem()).Elem()
			f.fill(s.elem, e, depth+1)
			v.Set(reflect.Append(v, e))
		}
	case s.form == free:
		v.Set(reflect.ValueOf([]any{"x", int64(1), map[string]any{"k": []any{"v"}}}[f.IntN(3)]))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("v", f.IntN(4)))
	case v.Kind() == reflect.Bool:
		v.SetBool(f.IntN(2) == 0)
	case v.CanInt():
		v.SetInt(f.Int64N(4))
	}
}

func (f filler) fillStruct(s *shape, v reflect.Value, depth int) {
	chosen := -1
	if len(s.exclusive) > 0 {
		chosen = s.exclusive[f.number%len(s.exclusive)]
		if f.switching {
			chosen = s.exclusive[f.IntN(len(s.exclusive))]
		}
	}
	for i := range s.members {
		m := &s.members[i]
		skip := f.IntN(3) > 0
		for _, j := range s.exclusive {
			skip = skip || i == j && i != chosen && (m.choice == "" || m.choice != s.members[chosen].choice)
		}
		if skip || m.mode == private || depth > 4 && m.shape.form != scalar {
			continue
		}
		f.fill(m.shape, m.of(v), depth)
		if m.mode == keyed {
			f.name(m, m.of(v))
		}
	}
}

// name gives the entries of a named list names that are unique in the list.
func (f filler) name(m *member, list reflect.Value) {
	names := f.Perm(4)
	for i := range list.Len() {
		m.shape.elem.member(m.key).of(list.Index(i)).SetString(fmt.Sprint("n", names[i]))
	}
}

var equal = cmp.Options{cmpopts.EquateEmpty()}

// TestMergeAssociative merges three random layers in both orders. Layers that
// unset or switch a one-of are left out: removing is not associative.
func TestMergeAssociative(t *testing.T) {
	f := filler{Rand: rand.New(rand.NewPCG(1, 2))}
	reached := map[string]bool{}
	for i := range 60 {
		f.number = i
		a, b, c := f.spec(), f.spec(), f.spec()
		left, right := merged(merged(a, b), c), merged(a, merged(b, c))
		if diff := cmp.Diff(left, right, equal); diff != "" {
			t.Fatalf("case %d: (ab)c and a(bc) differ:\n%s", i, diff)
		}
		note(reached, &left)
	}
	for _, m := range specShape().members {
		if m.mode != private && !reached[m.name] {
			t.Errorf("no case sets %s", m.name)
		}
	}
}

func note(reached map[string]bool, spec *model.AppSpec) {
	for _, p := range Leaves(spec) {
		if steps, err := p.Steps(); err == nil {
			reached[steps[0].Name] = true
		}
	}
}

// TestMergeLaws holds for all layers, those that switch a one-of too.
func TestMergeLaws(t *testing.T) {
	f := filler{Rand: rand.New(rand.NewPCG(3, 4)), switching: true}
	for i := range 60 {
		a, b := f.spec(), f.spec()
		a.Patches, b.Patches = nil, nil // equal patches are kept twice
		ab := merged(a, b)
		for law, pair := range map[string][2]model.AppSpec{
			"nothing over a is a":     {a, merged(a, model.AppSpec{})},
			"a over nothing is a":     {a, merged(model.AppSpec{}, a)},
			"the same again is same":  {ab, merged(a, b, b)},
			"merging is determined":   {ab, merged(a, b)},
			"what b says holds after": {ab, merged(ab, b)},
		} {
			if diff := cmp.Diff(pair[0], pair[1], equal); diff != "" {
				t.Fatalf("case %d: %s (-want +got):\n%s", i, law, diff)
			}
		}
	}
}

// TestUnsetEveryLeaf removes each leaf of random specs by its path.
func TestUnsetEveryLeaf(t *testing.T) {
	f := filler{Rand: rand.New(rand.NewPCG(5, 6)), switching: true}
	for range 8 {
		spec := f.spec()
		for _, p := range Leaves(&spec) {
			if err := CheckUnset(p, settings); err != nil {
				t.Errorf("CheckUnset(%q): %v", p, err)
			}
		}
		paths := Leaves(&spec)
		for i := range 20 {
			p := paths[i*len(paths)/20]
			got := merged(spec, model.AppSpec{Unset: []fieldpath.Path{p}})
			if len(Leaves(&got)) > len(paths) || cmp.Equal(spec, got, equal) {
				t.Errorf("unsetting %s changes nothing", p)
			}
		}
	}
}

// TestOpaqueTypes lists the types that merging takes for scalars although they
// are structs: a new one has to be looked at, since it is copied by assignment.
func TestOpaqueTypes(t *testing.T) {
	all := shapes{}
	all.of(reflect.TypeFor[model.AppSpec]())
	got := map[string]bool{}
	for typ, s := range all {
		if typ.Kind() == reflect.Struct && s.form != structure {
			got[typ.String()] = true
		}
	}
	want := map[string]bool{"resource.Quantity": true, "intstr.IntOrString": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("opaque types (-want +got):\n%s", diff)
	}
	if all.of(reflect.TypeFor[corev1.Probe]()).exclusive == nil {
		t.Error("the ways to probe are found in the embedded handler")
	}
}

// written returns a spec as text.
func written(t *testing.T, s *model.AppSpec) string {
	t.Helper()
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestRulesAreIdempotent applies each rule to random specs twice, and then all
// of them again: the second time changes nothing. The fleets of testdata have what
// random specs lack: values that belong together.
func TestRulesAreIdempotent(t *testing.T) {
	f := filler{Rand: rand.New(rand.NewPCG(9, 10)), switching: true}
	kinds := []model.WorkloadKind{"", model.Deployment, model.StatefulSet, model.DaemonSet, model.Job, model.CronJob, model.NoWorkload}
	changed := map[string]bool{}
	for i := range 140 {
		r := New(&model.Fleet{
			Name:         "shop",
			SecretStores: []model.SecretStore{{Name: "v1"}, {Name: "v2", GCP: &model.GCPStore{}}},
			Gateways:     []model.Gateway{{Name: "public"}},
			Issuers:      []model.Issuer{{Name: "acme", ACME: &model.ACME{}}},
			Clusters:     []model.Cluster{{Name: "one"}},
			Environments: []model.Environment{{Name: "prod", PromotedFrom: "dev", Clusters: []string{"one"}, Domain: "example.com", SecretStore: "v1",
				Namespaces: model.Namespaces{Manage: new(i%2 == 0)}}},
			Apps: []model.App{{Name: "web", Spec: f.spec()}},
		}, features.Default())
		s := []view.Scope{{}, {Environment: "prod"}}[f.IntN(2)]
		t0 := view.Target{App: "web", Project: "shop", Scope: s, Platform: r.Platform(s), Spec: merged(r.apps["web"].Spec)}
		t0.Spec.Kind = kinds[i%len(kinds)]
		t0.Spec.Resources = &corev1.ResourceRequirements{Requests: quantities("memory", "1Gi")}
		t0.Spec.Volumes = append(t0.Spec.Volumes, model.Volume{Name: "bare", Claim: &model.Claim{}})
		special := model.AppSpec{ContainerSpec: model.ContainerSpec{Env: []model.EnvVar{{Name: "SPECIAL"}}}}
		overlay(&t0.Spec, &special)
		applyTwice(t, fmt.Sprint("case ", i), r.derivation(&t0, []layer{{ofAppEnvironment, &special}}), changed)
	}
	for _, name := range fleets(t) {
		r := New(readFleet(t, name), features.Default())
		for _, app := range r.Apps() {
			for _, s := range r.Scopes(app) {
				t0, layers := r.bare(r.apps[app], s), r.layers(nil, r.apps[app], s)
				for _, l := range layers {
					overlay(&t0.Spec, l.spec)
				}
				applyTwice(t, fmt.Sprint(name, " ", app, " ", s), r.derivation(&t0, layers), changed)
			}
		}
	}
	for _, rule := range features.Default().Defaults() {
		if !changed[rule.ID] {
			t.Errorf("no case has something for %s", rule.ID)
		}
	}
}

// applyTwice applies each rule to a target twice, and all of them again, and notes
// those that change something.
func applyTwice(t *testing.T, name string, d *feature.Derivation, changed map[string]bool) {
	t.Helper()
	for _, rule := range features.Default().Defaults() {
		before := written(t, &d.Spec)
		rule.Apply(d)
		once := written(t, &d.Spec)
		rule.Apply(d)
		changed[rule.ID] = changed[rule.ID] || once != before
		if again := written(t, &d.Spec); once != again {
			t.Fatalf("%s: %s changes what it made (-once +again):\n%s", name, rule.ID, cmp.Diff(once, again))
		}
	}
	once := written(t, &d.Spec)
	features.Default().Derive(d)
	if again := written(t, &d.Spec); once != again {
		t.Fatalf("%s: all rules, applied again, change what they made (-once +again):\n%s", name, cmp.Diff(once, again))
	}
}

// fleets returns the directories of the fleets of testdata.
func fleets(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob("../../testdata/fleets/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("there are no fleets: %v", err)
	}
	return dirs
}

func readFleet(t *testing.T, dir string) *model.Fleet {
	t.Helper()
	files, err := load.FS(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Fleet(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	return l.Fleet
}
