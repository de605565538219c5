package helm_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// set is one set of values for a chart, as the text of a file.
type set struct{ name, text string }

// sets returns up to n sets of values for a chart whose files these are, or all if n is
// 0: none, the ones in its ci directory, its defaults with each boolean turned, and
// then random mixtures of booleans that are turned and defaults that are removed.
func sets(t testing.TB, name string, files []helm.File, n int) []set {
	t.Helper()
	out := []set{{name: "defaults"}}
	defaults := map[string]any{}
	for _, f := range files {
		if ok, _ := filepath.Match("ci/*values.yaml", f.Name); ok {
			out = append(out, set{name: f.Name, text: string(f.Data)})
		}
		dir, isSub := strings.CutSuffix(f.Name, "/values.yaml")
		isSub = isSub && subchart.MatchString(dir)
		if f.Name != "values.yaml" && !isSub {
			continue
		}
		var values map[string]any
		if err := yaml.Unmarshal(f.Data, &values); err != nil {
			t.Fatal(err)
		}
		under(defaults, strings.Split(strings.TrimPrefix(dir, "charts/"), "/charts/"), isSub, values)
	}
	var paths [][]string
	booleans(defaults, nil, &paths)
	var turned []set
	for _, p := range paths {
		v := map[string]any{}
		put(v, p, !at(defaults, p).(bool))
		turned = append(turned, written(t, "turned "+strings.Join(p, "."), v))
	}
	if n == 0 {
		n = max(25, len(out)+len(turned)+10)
	}
	// A few of many are spread over all of them.
	for i, want := 0, max(0, min(n-len(out), len(turned))); i < want; i++ {
		out = append(out, turned[i*len(turned)/want])
	}
	random := rand.New(rand.NewPCG(1, uint64(len(name))))
	for i := 0; len(out) < n; i++ {
		v := map[string]any{}
		for _, p := range paths {
			if random.IntN(4) == 0 {
				put(v, p, !at(defaults, p).(bool))
			}
		}
		keys := slices.Sorted(maps.Keys(defaults))
		if len(keys) > 0 {
			v[keys[random.IntN(len(keys))]] = nil
		}
		out = append(out, written(t, fmt.Sprintf("random %d", i), v))
	}
	return out[:min(n, len(out))]
}

// subchart matches the directories of subcharts.
var subchart = regexp.MustCompile(`^charts/[^/]+(/charts/[^/]+)*$`)

// under puts the values of a subchart where those of its parents are. They do not
// replace what a parent says.
func under(all map[string]any, names []string, isSub bool, values map[string]any) {
	if isSub {
		for _, name := range names {
			inner, ok := all[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				all[name] = inner
			}
			all = inner
		}
	}
	for k, v := range values {
		if old, ok := all[k].(map[string]any); ok {
			if m, ok := v.(map[string]any); ok {
				under(old, nil, false, m)
			}
		} else if _, ok := all[k]; !ok {
			all[k] = v
		}
	}
}

// booleans appends the paths of all booleans in values.
func booleans(v map[string]any, at []string, out *[][]string) {
	for _, key := range slices.Sorted(maps.Keys(v)) {
		p := append(slices.Clone(at), key)
		switch e := v[key].(type) {
		case bool:
			*out = append(*out, p)
		case map[string]any:
			booleans(e, p, out)
		}
	}
}

func at(v map[string]any, p []string) any {
	for _, key := range p[:len(p)-1] {
		v, _ = v[key].(map[string]any)
	}
	return v[p[len(p)-1]]
}

func put(v map[string]any, p []string, to any) {
	for _, key := range p[:len(p)-1] {
		inner, ok := v[key].(map[string]any)
		if !ok {
			inner = map[string]any{}
			v[key] = inner
		}
		v = inner
	}
	v[p[len(p)-1]] = to
}

func written(t testing.TB, name string, v map[string]any) set {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return set{name: name, text: string(text)}
}

// subject is a chart that is rendered by us and by Helm.
type subject struct {
	name string
	// path is what Helm reads: an archive or a directory.
	path string
	// files are those of the chart.
	files []helm.File
	load  func() (*helm.Chart, error)
}

// fromDirectory returns the chart in a directory, as Helm reads it and as an archive.
func fromDirectory(t testing.TB, name, dir string) []subject {
	t.Helper()
	files := filesOf(t, dir)
	packed := pack(t, files)
	file := filepath.Join(t.TempDir(), name+".tgz")
	if err := os.WriteFile(file, packed, 0o644); err != nil {
		t.Fatal(err)
	}
	return []subject{
		{name: name, path: dir, files: files, load: func() (*helm.Chart, error) { return helm.LoadFiles(files) }},
		{name: name + ".tgz", path: file, files: files, load: func() (*helm.Chart, error) { return helm.Load(packed) }},
	}
}
