package render_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// samples are values of the fields of AppSpec that maker does not know, by the
// fields' names: those of the fleets of testdata. A capability brings its fleet.
var samples = sync.OnceValue(func() map[string][]reflect.Value {
	known := map[string]bool{}
	for i := range 200 {
		for name, v := range layerFields(maker{rand.New(rand.NewPCG(uint64(i), 7))}.known(true)) {
			known[name] = known[name] || !v.IsZero()
		}
	}
	out := map[string][]reflect.Value{}
	dirs, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "fleets", "*"))
	for _, dir := range dirs {
		files, err := load.FS(os.DirFS(dir), filepath.Base(dir))
		if err != nil {
			continue // TestSampleFleets fails
		}
		l, err := load.Fleet(nil, files...)
		if err != nil {
			continue
		}
		for _, a := range l.Fleet.Apps {
			for name, v := range layerFields(a.Spec) {
				if !known[name] && !v.IsZero() {
					out[name] = append(out[name], v)
				}
			}
		}
	}
	return out
})

// layerFields returns the fields of a spec that are set by themselves in a layer: not
// the source, beside which no workload stands (see sourced).
func layerFields(s model.AppSpec) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model.AppSpec]()) {
		if !f.Anonymous && f.Name != "Unset" && f.Name != "Source" {
			out[f.Name] = reflect.ValueOf(s).FieldByIndex(f.Index)
		}
	}
	return out
}

// sampled sets fields that maker does not know.
func (m maker) sampled(s *model.AppSpec) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model.AppSpec]()) {
		values := slices.DeleteFunc(slices.Clone(samples()[f.Name]), isChoosy)
		if len(values) > 0 && m.yes() && m.IntN(rare[f.Name]+1) == 0 {
			reflect.ValueOf(s).Elem().FieldByIndex(f.Index).Set(values[m.IntN(len(values))])
		}
	}
}

// rare are how many times less often fields are set that rule out what many apps
// have, such as another autoscaler.
var rare = map[string]int{"KEDA": 5}

// isChoosy reports whether a value of an autoscaler fits only some kinds of
// workload, names of containers, or apps without another autoscaler.
func isChoosy(v reflect.Value) bool {
	switch x := v.Interface().(type) {
	case *model.KEDA:
		return x != nil && (x.Jobs == nil || x.MaxReplicas == 0)
	case *model.VerticalAutoscaling:
		return x != nil && x.UpdateMode != ""
	}
	return false
}
