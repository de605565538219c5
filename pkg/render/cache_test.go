package render_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// proofs remembers proofs in a map.
type proofs struct {
	mu   sync.Mutex
	keys map[string]string
}

func (m *proofs) Get(key string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.keys[key]
	return v, ok
}

func (m *proofs) Put(key, value string) { m.mu.Lock(); defer m.mu.Unlock(); m.keys[key] = value }

// chain returns a fleet of three apps, each of which talks to the next. They have no
// random values that could rule out the changes of a test.
func (m maker) chain() *model.Fleet {
	f := m.fleet()
	f.Apps = nil
	for i := range 3 {
		app := model.App{Name: fmt.Sprint("app-", i), Spec: m.known(true)}
		app.Spec.Ports = []model.Port{{Name: "http", Port: 80}}
		app.Spec.TalksTo = []model.Peer{{App: fmt.Sprint("app-", (i+1)%3)}}
		app.Spec.Routes = []model.Route{{Host: app.Name, Rules: []model.RouteRule{{Backends: []model.Backend{{}, {App: fmt.Sprint("app-", (i+2)%3)}}}}}}
		app.Spec.Kind, app.Spec.Service = model.Deployment, nil
		f.Apps = append(f.Apps, app)
	}
	return f
}

// TestCache changes parts of fleets whose trees stand: what is remembered has
// to give the tree that a run without a cache gives.
func TestCache(t *testing.T) {
	changes := map[string]func(m maker, f *model.Fleet){
		"Nothing":     func(maker, *model.Fleet) {},
		"Spec":        func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].Spec.Annotations = map[string]string{"new": "x"} },
		"Port":        func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].Spec.Ports[0].Port = 81 },
		"Edge":        func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].Spec.TalksTo = nil },
		"Project":     func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].Project = "other" },
		"RunsIn":      func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].RunsIn = []string{"prod"} },
		"Empty":       func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].Spec.Args = []string{} },
		"Defaults":    func(_ maker, f *model.Fleet) { f.Defaults.Labels = map[string]string{"tier": "new"} },
		"Environment": func(_ maker, f *model.Fleet) { f.Environments[0].Namespace = "{app}-{env}" },
		"Cluster":     func(_ maker, f *model.Fleet) { f.Clusters[1].Defaults.Labels = map[string]string{"cluster": "new"} },
		"Removal": func(_ maker, f *model.Fleet) {
			f.Apps = f.Apps[:2]
			f.Apps[1].Spec.TalksTo, f.Apps[0].Spec.Routes = nil, nil
		},
		"Domain":  func(_ maker, f *model.Fleet) { f.Environments[0].Domain = "other.example.com" },
		"Gateway": func(_ maker, f *model.Fleet) { f.Gateways[0].Name = "other" },
		"Route":   func(m maker, f *model.Fleet) { f.Apps[m.IntN(3)].Spec.Routes[0].Rules = nil },
		"Layout":  func(_ maker, f *model.Fleet) { f.Repository.Layout = model.Rendered },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				source := func() maker { return maker{rand.New(rand.NewPCG(seed, 5))} }
				m := &proofs{keys: map[string]string{}}
				before := fleet(t, source().chain(), render.WithCache(m))
				next := source().chain()
				change(source(), next)
				got := fleet(t, next, render.WithCache(m), render.WithPrior(before.Tree))
				want := fleet(t, next)
				if c := tree.Changes(want.Tree, got.Tree); len(c) > 0 {
					t.Fatalf("seed %d: what is remembered changes %v", seed, c)
				}
				if fmt.Sprint(got.Targets) != fmt.Sprint(want.Targets) || got.Report.Proved+got.Report.Remembered != want.Report.Proved {
					t.Errorf("seed %d: %v with %+v, want %v with %+v", seed, got.Targets, got.Report, want.Targets, want.Report)
				}
				if name == "Nothing" && got.Report.Proved > 0 {
					t.Errorf("seed %d: proved again: %+v", seed, got.Report)
				}
			}
		})
	}
}

// TestCacheOfEdits checks that a file which a person edited is found, and that
// nothing is remembered of what the user's own code makes.
func TestCacheOfEdits(t *testing.T) {
	m := &proofs{keys: map[string]string{}}
	source := maker{rand.New(rand.NewPCG(1, 5))}.chain()
	before := fleet(t, source, render.WithCache(m))
	files := append([]tree.File{}, before.Tree.Files()...)
	for i := range files {
		if files[i].Path == "apps/app-1/base/kustomization.yaml" {
			files[i].Data = append([]byte("# mine\n"), files[i].Data...)
		}
	}
	edited, err := tree.New(files)
	if err != nil {
		t.Fatal(err)
	}
	got := fleet(t, source, render.WithCache(m), render.WithPrior(edited))
	if c := tree.Changes(before.Tree, got.Tree); len(c) > 0 {
		t.Errorf("an edit in the prior tree changes %v", c)
	}
	calls := 0
	check := feature.Feature{Name: "counts", CheckTarget: func(*feature.Report, fieldpath.Path, *view.Target) { calls++ }}
	fleet(t, source, render.WithCache(m), render.WithPrior(before.Tree), render.WithFeature(check), render.WithWorkers(1))
	if calls == 0 {
		t.Error("a check was not asked")
	}
}

func fleet(t *testing.T, f *model.Fleet, opts ...render.Option) *render.Result {
	t.Helper()
	result, err := render.Fleet(context.Background(), f, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestCacheOfFeatures counts how often the features of a user's own are asked: not
// at all where nothing changed, and about an app alone where that did.
func TestCacheOfFeatures(t *testing.T) {
	source := func() *model.Fleet { return maker{rand.New(rand.NewPCG(1, 5))}.chain() }
	var mu sync.Mutex
	asked := map[string]int{}
	counts := func(version string) feature.Feature {
		return feature.Feature{Name: "counts", Version: version,
			CheckTarget: func(r *feature.Report, at fieldpath.Path, t *view.Target) {
				mu.Lock()
				defer mu.Unlock()
				asked[t.App]++
				if t.App == "app-1" {
					r.Warnf("counted", at.Field("labels"), "look", "%s is looked at", t.App)
				}
			}}
	}
	run := func(m *proofs, version string, f *model.Fleet, prior *tree.Tree) *render.Result {
		clear(asked)
		return fleet(t, f, render.WithCache(m), render.WithFeature(counts(version)), render.WithPrior(prior),
			render.WithPositions(finding.Positions{"apps[app-1].spec": {File: "fleet.yaml", Line: 7}}))
	}
	for name, tc := range map[string]struct {
		reason, version string
		change          func(*model.Fleet)
		want            []string
	}{
		"Nothing":     {"An unchanged run asks nobody, and repeats its warnings.", "1", func(*model.Fleet) {}, nil},
		"Changed":     {"A changed app is asked; those that it calls see the same of it.", "1", func(f *model.Fleet) { f.Apps[2].Spec.Annotations = map[string]string{"new": "x"} }, []string{"app-2"}},
		"Warned":      {"An app with a warning is asked where it changed.", "1", func(f *model.Fleet) { f.Apps[1].Spec.Annotations = map[string]string{"new": "x"} }, []string{"app-1"}},
		"Version":     {"Another version of a feature comes to other results.", "2", func(*model.Fleet) {}, []string{"app-0", "app-1", "app-2"}},
		"Unversioned": {"What has no version is always asked.", "", func(*model.Fleet) {}, []string{"app-0", "app-1", "app-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := &proofs{keys: map[string]string{}}
			first := run(m, "1", source(), nil)
			f := source()
			tc.change(f)
			got := run(m, tc.version, f, first.Tree)
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(asked))); diff != "" {
				t.Errorf("%s: asked (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(first.Findings, got.Findings); diff != "" || len(got.Findings) == 0 {
				t.Errorf("%s: findings (-first +second):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(first.Targets, got.Targets); diff != "" {
				t.Errorf("%s: targets (-first +second):\n%s", tc.reason, diff)
			}
			if err := got.CheckWrite(nil); err != nil {
				t.Errorf("%s: the result cannot be written: %v", tc.reason, err)
			}
			if got.Report.Proved+got.Report.Remembered != first.Report.Proved || got.Report.Files != first.Report.Files {
				t.Errorf("%s: %+v after %+v", tc.reason, got.Report, first.Report)
			}
		})
	}
}
