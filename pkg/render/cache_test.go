package render_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// proofs remembers proofs in a map.
type proofs struct {
	mu   sync.Mutex
	keys map[string]bool
}

func (m *proofs) Has(key string) bool { m.mu.Lock(); defer m.mu.Unlock(); return m.keys[key] }
func (m *proofs) Add(key string)      { m.mu.Lock(); defer m.mu.Unlock(); m.keys[key] = true }

// chain returns a fleet of three apps, each of which talks to the next.
func (m maker) chain() *model.Fleet {
	f := m.fleet()
	f.Apps = nil
	for i := range 3 {
		app := model.App{Name: fmt.Sprint("app-", i), Spec: m.spec(true)}
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
				m := &proofs{keys: map[string]bool{}}
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
	m := &proofs{keys: map[string]bool{}}
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

// TestNear checks that what an app's objects ask of the index stays within what
// the cache takes into account.
func TestNear(t *testing.T) {
	for seed := range uint64(20) {
		f := maker{rand.New(rand.NewPCG(seed, 7))}.chain()
		r := resolve.New(f, features.Default())
		for _, app := range r.Apps() {
			near := map[string]bool{app: true}
			for _, name := range r.Near(app) {
				near[name] = true
			}
			asked := r.View().Recording(func(q view.Question) {
				others := q.Kind == view.AskedCallers || q.Kind == view.AskedRouted
				if q.App != "" && (others && q.App != app || !near[q.App]) {
					t.Errorf("seed %d: %s asks for %+v", seed, app, q)
				}
			})
			for _, scope := range r.Scopes(app) {
				target := r.Target(app, scope)
				if _, err := render.TargetObjects(&target, asked); err != nil {
					t.Fatal(err)
				}
			}
		}
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
