package render

import (
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// guarded returns a feature of the user whose errors and panics name it.
func (p *panics) guarded(f feature.Feature) feature.Feature {
	name := "feature " + f.Name
	if make := f.Objects; make != nil {
		f.Objects = func(t *view.Target, v *view.View) ([]object.Object, error) {
			return guard(name, func() ([]object.Object, error) { return make(t, v) })
		}
	}
	if make := f.Preview; make != nil {
		f.Preview = func(t *view.Target, s view.Environment, v *view.View) ([]object.Object, error) {
			return guard(name, func() ([]object.Object, error) { return make(t, s, v) })
		}
	}
	if replace := f.Replace; replace != nil {
		f.Replace = func(t *view.Target, o object.Object) (object.Object, error) {
			return guard(name, func() (object.Object, error) { return replace(t, o) })
		}
	}
	if filter := f.Filter; filter != nil {
		f.Filter = func(t *view.Target, objects []object.Object) ([]object.Object, error) {
			return guard(name, func() ([]object.Object, error) { return filter(t, objects) })
		}
	}
	if f.Source != nil {
		from := *f.Source
		f.Source = &from
		yield := from.Yield
		from.Yield = func(t *view.Target) ([]view.WholeObject, error) {
			return guard(name, func() ([]view.WholeObject, error) { return yield(t) })
		}
	}
	if state := f.Facts; state != nil {
		f.Facts = func(t *view.Target, facts *view.Facts) { p.note(name, func() { state(t, facts) }) }
	}
	f.Components, f.Defaults = slices.Clone(f.Components), slices.Clone(f.Defaults)
	for i, c := range f.Components {
		f.Components[i].Objects = func(s view.Environment) ([]object.Object, error) {
			return guard(name, func() ([]object.Object, error) { return c.Objects(s) })
		}
	}
	for i, d := range f.Defaults {
		if d.Apply != nil {
			f.Defaults[i].Apply = func(x *feature.Derivation) { p.note(name, func() { d.Apply(x) }) }
		}
	}
	guardChecks(name, &f)
	return f
}

// guardChecks makes findings of the panics of a feature's checks.
func guardChecks(name string, f *feature.Feature) {
	check := func(r *feature.Report, at fieldpath.Path, do func()) {
		if _, err := guard(name, func() (any, error) { do(); return nil, nil }); err != nil {
			r.Errorf("invalid-object", at, "fix the feature", "%v", err)
		}
	}
	if own := f.CheckModel; own != nil {
		f.CheckModel = func(r *feature.Report) { check(r, "", func() { own(r) }) }
	}
	if own := f.CheckLayer; own != nil {
		f.CheckLayer = func(r *feature.Report, at fieldpath.Path, s *model.AppSpec) { check(r, at, func() { own(r, at, s) }) }
	}
	if own := f.CheckTarget; own != nil {
		f.CheckTarget = func(r *feature.Report, at fieldpath.Path, t *view.Target) { check(r, at, func() { own(r, at, t) }) }
	}
	if own := f.CheckFleet; own != nil {
		f.CheckFleet = func(r *feature.Report, fleet view.Fleet) { check(r, "", func() { own(r, fleet) }) }
	}
	if own := f.CheckObjects; own != nil {
		f.CheckObjects = func(r *feature.Report, at fieldpath.Path, t *view.Target, objects []object.Object) {
			check(r, at, func() { own(r, at, t, objects) })
		}
	}
}

// guard calls an extension of the user. Its error, and its panic, name it.
func guard[T any](name string, call func() (T, error)) (out T, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s panicked%s: %v", name, panicked(), v)
		}
	}()
	if out, err = call(); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return out, err
}

// panics are those of extensions where no error can be returned.
type panics struct {
	mu    sync.Mutex
	first error
}

// note calls an extension of the user that returns nothing, and notes its panic.
func (p *panics) note(name string, call func()) {
	_, err := guard(name, func() (any, error) { call(); return nil, nil })
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && (p.first == nil || err.Error() < p.first.Error()) { // whoever came first
		p.first = err
	}
}

// err returns the panic that was noted, of several always the same.
func (p *panics) err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.first
}

// panicked says where the panic came from that is being recovered: the first
// function that is not Go's own.
func panicked() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf(" at %s:%d", path.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}
