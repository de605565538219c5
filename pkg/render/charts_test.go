package render_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/render"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

var (
	chartDir  = flag.String("charts", "", "a directory of packaged charts that TestRandomValues renders too")
	chartSets = flag.Int("values", 12, "how many random values TestRandomValues gives to each chart")
)

// counted counts what a renderer of charts is asked for.
type counted struct {
	source.Charts
	renders atomic.Int32
}

func (c *counted) Render(r source.Release) (*source.Rendered, error) {
	c.renders.Add(1)
	return c.Charts.Render(r)
}

// webChart reads the chart of the room's tests, with a line added to its templates.
func webChart(t *testing.T, line string) (*model.Chart, load.Chart) {
	t.Helper()
	read, err := load.ReadChart(os.DirFS("../feature/chart/testdata"), "web")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range read.Files {
		if f.Name == "templates/workload.yaml" {
			read.Files[i].Data = append([]byte(line+"\n"), f.Data...)
		}
	}
	return &model.Chart{Path: "web", Digest: read.Digest()}, read
}

// local returns a renderer of charts beside the model.
func local(charts ...load.Chart) *helm.Renderer {
	of := map[string]load.Chart{}
	for _, c := range charts {
		of[c.Digest()] = c
	}
	return helm.NewRenderer(helm.Options{Local: of})
}

// TestCacheOfCharts changes what an app says of its chart, and the chart: what is
// remembered has to give the tree that a run without a cache gives, and a run without
// a change renders no chart.
func TestCacheOfCharts(t *testing.T) {
	chart, read := webChart(t, "")
	_, other := webChart(t, "# other\n{{- $_ := set .Values \"replicaCount\" 7 }}")
	changed := &model.Chart{Path: "web", Digest: other.Digest()}
	archive := map[string]load.Chart{"1": read, "2": other}
	// A chart of a repository is what the lock says, which no spec shows.
	remote := func(locked string) source.Charts {
		return lockedCharts{local(archive[locked]), archive[locked].Digest(), locked}
	}
	base := func() *model.Fleet {
		f := three()
		for i := range f.Clusters {
			f.Clusters[i].KubernetesVersion = "1.34"
		}
		c := *chart
		c.Values = map[string]any{"hooks": map[string]any{"migrate": true}}
		f.Apps[0].Spec = model.AppSpec{Chart: &c}
		f.Apps[1].Spec = model.AppSpec{Chart: &model.Chart{Repository: "https://charts.example.com", Name: "web", Version: "~1", ReleaseName: "other", CRDs: model.CRDsNone}}
		return f
	}
	for name, change := range map[string]func(f *model.Fleet) string{
		"Nothing": func(*model.Fleet) string { return "1" },
		"Values": func(f *model.Fleet) string {
			f.Apps[0].Spec.Chart.Values["replicaCount"] = 2.
			return "1"
		},
		"ValuesInProd": func(f *model.Fleet) string {
			f.Apps[0].Environments = map[string]model.Override{"prod": {AppSpec: model.AppSpec{Chart: &model.Chart{Values: map[string]any{"metrics": nil}}}}}
			return "1"
		},
		"Defaults": func(f *model.Fleet) string {
			f.Defaults.Chart = &model.Chart{Values: map[string]any{"replicaCount": 3.}}
			return "1"
		},
		"From": func(f *model.Fleet) string {
			f.Apps[0].Spec.Chart.ValuesFrom = map[string]string{"host": "{domain}"}
			return "1"
		},
		"Release": func(f *model.Fleet) string { f.Apps[0].Spec.Chart.ReleaseName = "site"; return "1" },
		"CRDs":    func(f *model.Fleet) string { f.Apps[0].Spec.Chart.CRDs = model.CRDsNone; return "1" },
		"Hooks":   func(f *model.Fleet) string { f.Apps[0].Spec.Chart.Hooks = model.HooksNone; return "1" },
		"Digest":  func(f *model.Fleet) string { f.Apps[0].Spec.Chart = changed; return "1" },
		"Version": func(f *model.Fleet) string { f.Clusters[0].KubernetesVersion = "1.35"; return "1" },
		"Lock":    func(*model.Fleet) string { return "2" },
	} {
		t.Run(name, func(t *testing.T) {
			m := proven{&proofs{keys: map[string]string{}}}
			with := func(locked string, more ...render.Option) ([]render.Option, *counted) {
				c := &counted{Charts: both{local(read, other), remote(locked)}}
				return append(more, render.WithCharts(c)), c
			}
			opts, _ := with("1", render.WithCache(m))
			before := fleet(t, base(), opts...)
			next := base()
			locked := change(next)
			opts, _ = with(locked, render.WithoutProof())
			want := fleet(t, next, opts...)
			opts, renders := with(locked, render.WithCache(m), render.WithPrior(before.Tree))
			got := fleet(t, next, opts...)
			if c := tree.Changes(want.Tree, got.Tree); len(c) > 0 {
				t.Errorf("what is remembered changes %v", c)
			}
			same := len(tree.Changes(before.Tree, want.Tree)) == 0
			if (name == "Nothing") != same && name != "Version" {
				t.Errorf("the change changes the tree: %v", !same)
			}
			if name == "Nothing" && renders.renders.Load() > 0 {
				t.Errorf("a run without a change renders %d charts", renders.renders.Load())
			}
		})
	}
}

// lockedCharts renders one chart for whatever a repository is asked for.
type lockedCharts struct {
	*helm.Renderer
	digest, locked string
}

func (l lockedCharts) Version() string { return l.locked }

func (l lockedCharts) Render(r source.Release) (*source.Rendered, error) {
	r.Chart = model.Chart{Path: "web", Digest: l.digest, Values: r.Chart.Values}
	return l.Renderer.Render(r)
}

func (l lockedCharts) Inspect(r source.Release) (*source.Inspected, error) {
	r.Chart = model.Chart{Path: "web", Digest: l.digest, Values: r.Chart.Values}
	return l.Renderer.Inspect(r)
}

// both renders charts beside the model, and those of repositories.
type both struct{ path, repository source.Charts }

func (b both) Version() string { return b.path.Version() + b.repository.Version() }

func (b both) Render(r source.Release) (*source.Rendered, error) {
	if r.Chart.Path != "" {
		return b.path.Render(r)
	}
	return b.repository.Render(r)
}

func (b both) Inspect(r source.Release) (*source.Inspected, error) {
	if r.Chart.Path != "" {
		return b.path.Inspect(r)
	}
	return b.repository.Inspect(r)
}

// TestRandomValues gives charts random values in an environment: every overlay is
// proved. An environment that says nothing has nothing to patch, and no patch is
// longer than the object.
func TestRandomValues(t *testing.T) {
	_, read := webChart(t, "")
	charts := map[string]load.Chart{"web": read}
	names, err := filepath.Glob(filepath.Join(*chartDir, "*.tgz"))
	if err != nil || *chartDir != "" && len(names) == 0 {
		t.Fatalf("%s has no charts: %v", *chartDir, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		charts[filepath.Base(name)] = load.Chart{Archive: data}
	}
	for name, c := range charts {
		t.Run(name, func(t *testing.T) {
			refused := 0
			for i := range *chartSets {
				m := maker{rand.New(rand.NewPCG(*seed, uint64(i)))}
				if !proveValues(t, c, m) {
					refused++
				}
			}
			t.Logf("-seed %d: %d of %d values are refused", *seed, refused, *chartSets)
			if refused == *chartSets {
				t.Error("no values are rendered")
			}
		})
	}
}

// proveValues renders a chart in an environment without values of its own and in
// one with random ones, and reports whether they are rendered at all.
func proveValues(t *testing.T, c load.Chart, m maker) bool {
	t.Helper()
	f := &model.Fleet{Name: "shop", Clusters: []model.Cluster{{Name: "one", KubernetesVersion: "1.34"}, {Name: "two", KubernetesVersion: "1.34"}},
		Environments: []model.Environment{{Name: "dev", Clusters: []string{"one"}, Namespace: "{app}"}, {Name: "prod", Clusters: []string{"two"}, Namespace: "{app}"}}}
	values := m.values(valuesOf(t, c))
	of := model.Chart{Path: "chart.tgz", Digest: c.Digest()}
	f.Apps = []model.App{{Name: "app", Spec: model.AppSpec{Chart: &of},
		Environments: map[string]model.Override{"prod": {AppSpec: model.AppSpec{Chart: &model.Chart{Values: values}}}}}}
	result, err := render.Fleet(context.Background(), f, render.WithCharts(local(c)))
	if found := new(finding.ValidationError); errors.As(err, &found) {
		t.Logf("%v: %v", values, found.List[0])
		return false
	}
	if err != nil {
		t.Errorf("-seed %d: %v: %v", *seed, values, err)
		return true
	}
	said, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]int{}
	for _, file := range result.Tree.Files() {
		dir, name := filepath.Split(file.Path)
		if strings.HasPrefix(dir, "apps/app/base/") {
			whole[name] = len(file.Data)
		}
	}
	for _, file := range result.Tree.Files() {
		name, isPatch := strings.CutSuffix(filepath.Base(file.Path), ".patch.yaml")
		switch {
		case isPatch && strings.Contains(file.Path, "/overlays/dev/"):
			t.Errorf("-seed %d: %s patches what nobody says", *seed, file.Path)
		case isPatch && whole[name+".yaml"] > 0 && len(file.Data) > whole[name+".yaml"]+len(said)+200:
			t.Errorf("-seed %d: %s: %s has %d bytes, and the object %d", *seed, said, file.Path, len(file.Data), whole[name+".yaml"])
		}
	}
	return true
}

// valuesOf returns the values of a chart.
func valuesOf(t *testing.T, c load.Chart) map[string]any {
	t.Helper()
	var own *helm.Chart
	var err error
	if c.Files == nil {
		own, err = helm.Load(c.Archive)
	} else {
		var files []helm.File
		for _, f := range c.Files {
			files = append(files, helm.File{Name: f.Name, Data: f.Data})
		}
		own, err = helm.LoadFiles(files)
	}
	if err != nil {
		t.Fatal(err)
	}
	return own.Values()
}

// values returns other values for some of those of a chart, of their types.
func (m maker) values(of map[string]any) map[string]any {
	out := map[string]any{}
	for _, key := range feature.SortedKeys(of) {
		switch v := of[key].(type) {
		case map[string]any:
			if below := m.values(v); len(below) > 0 {
				out[key] = below
			} else if m.IntN(40) == 0 {
				out[key] = nil
			}
		case []any:
			if m.IntN(30) == 0 {
				out[key] = append(object.Copy(v).([]any), v...)
			}
		case bool:
			if m.IntN(6) == 0 {
				out[key] = !v
			}
		case string:
			if m.IntN(12) == 0 {
				out[key] = v + m.pick("x", "-2", "")
			}
		case nil:
		default:
			if m.IntN(6) == 0 {
				out[key] = float64(m.IntN(9) + 1)
			}
		}
	}
	return out
}
