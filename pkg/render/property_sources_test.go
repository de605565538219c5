package render_test

import (
	"testing"
	"testing/fstest"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// sourced returns an app whose objects are a directory, in prod another one.
func (m maker) sourced() model.App {
	source := func(path string) *model.Source {
		s := &model.Source{Path: path}
		for _, name := range []string{"a", "b"} {
			if name == "a" || m.yes() {
				s.Objects = append(s.Objects, model.RawObject{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": name}, "data": map[string]any{"k": m.pick("1", "2", "3")}})
			}
		}
		return s
	}
	app := model.App{Name: "sourced", Spec: model.AppSpec{Source: source("one")}, Environments: map[string]model.Override{}}
	if m.yes() {
		app.Environments["prod"] = model.Override{AppSpec: model.AppSpec{Source: source("two")}}
	}
	return app
}

// charted returns an app whose objects are those of a chart, with other values in
// prod.
func (m maker) charted(c model.Chart) model.App {
	values := func() map[string]any {
		out := map[string]any{"replicaCount": float64(m.IntN(3)), "host": m.pick("", "a.example.com"), "metrics": map[string]any{"enabled": m.yes()}}
		if m.yes() {
			out["args"] = []any{m.pick("serve", "1e3")}
		}
		if m.yes() {
			out["env"] = map[string]any{m.pick("A", "B"): m.pick("yes", "")}
		}
		if m.yes() {
			out["metrics"] = nil
		}
		return out
	}
	c.Values = values()
	app := model.App{Name: "charted", Spec: model.AppSpec{Chart: &c}, Environments: map[string]model.Override{}}
	if m.yes() {
		app.Environments["prod"] = model.Override{AppSpec: model.AppSpec{Chart: &model.Chart{Values: values()}}}
	}
	return app
}

// yamlFile returns the file that says what a fleet says, beside the directories of its
// sources and of the chart web.
func yamlFile(t *testing.T, f *model.Fleet, web load.Chart) load.File {
	t.Helper()
	beside := fstest.MapFS{}
	for _, f := range web.Files {
		beside["web/"+f.Name] = &fstest.MapFile{Data: f.Data}
	}
	add := func(s *model.Source) {
		if s != nil {
			var data []byte
			for _, o := range s.Objects {
				data = append(append(data, "---\n"...), object.Marshal(map[string]any(o))...)
			}
			beside[s.Path+"/all.yaml"] = &fstest.MapFile{Data: data}
		}
	}
	for _, a := range f.Apps {
		add(a.Spec.Source)
		for _, o := range a.Environments {
			add(o.Source)
		}
	}
	return load.File{Name: "fleet.yaml", Data: toYAML(t, f), Open: beside.ReadFile,
		List:    func(dir string) ([]string, error) { return load.List(beside, dir) },
		ListAll: func(dir string) ([]string, error) { return load.ListAll(beside, dir) }}
}

// withoutSourced leaves out what no YAML says: the objects of sources, and the digests
// of charts.
func withoutSourced(v any) {
	m, _ := v.(map[string]any)
	for key, below := range m {
		if source, ok := below.(map[string]any); ok && key == "source" {
			delete(source, "objects")
		}
		if chart, ok := below.(map[string]any); ok && key == "chart" {
			delete(chart, "digest")
		}
		withoutSourced(below)
	}
}
