package resolve

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// unset removes the value at p from a spec. Paths that lead nowhere remove
// nothing.
func unset(spec reflect.Value, p fieldpath.Path) {
	steps, err := p.Steps()
	if err != nil || len(steps) == 0 {
		return
	}
	specShape().remove(spec, steps, nil)
}

// extensions is the type of the settings of features, whose values have types of
// their own.
var extensions = reflect.TypeFor[model.Extensions]()

// canonical returns the path of steps into a spec with every key in brackets.
// Settings are those of features, as feature.Set has them.
func canonical(steps []fieldpath.Step, settings map[string]any) fieldpath.Path {
	s, out := specShape(), make([]fieldpath.Step, len(steps))
	for i, step := range steps {
		for s != nil && s.form == pointer {
			s = s.elem
		}
		out[i] = step
		switch {
		case s == nil || s.form == free:
			s = nil
		case s.form == structure:
			if m := s.member(step.Name); m != nil {
				s = m.shape
			} else {
				s = nil
			}
		case s.typ == extensions && settings[step.Name] != nil:
			out[i].Bracket = true
			s = shapeOf(reflect.TypeOf(settings[step.Name]))
		default:
			out[i].Bracket = true
			s = s.elem
		}
	}
	return fieldpath.Of(out...)
}

// remove removes the value at steps below v. The member is the field that v
// stands in, where it is one. A map or list that loses its last entry is absent.
func (s *shape) remove(v reflect.Value, steps []fieldpath.Step, in *member) {
	if len(steps) == 0 {
		v.SetZero()
		return
	}
	if v.IsZero() {
		return
	}
	switch s.form {
	case pointer:
		s.elem.remove(v.Elem(), steps, nil)
	case structure:
		if m := s.member(steps[0].Name); m != nil && m.mode != private {
			m.shape.remove(m.of(v), steps[1:], m)
		}
	case mapping:
		s.removeKey(v, steps)
	case list:
		s.removeEntry(v, steps, in)
	case free:
		inner := v.Elem()
		e := reflect.New(inner.Type()).Elem()
		e.Set(inner)
		if shapeOf(inner.Type()).remove(e, steps, nil); e.IsZero() && !inner.IsZero() {
			v.SetZero()
			return
		}
		v.Set(e)
	}
}

func (s *shape) removeKey(v reflect.Value, steps []fieldpath.Step) {
	k := reflect.ValueOf(steps[0].Name).Convert(s.typ.Key())
	old := v.MapIndex(k)
	if !old.IsValid() {
		return
	}
	if len(steps) > 1 {
		e := reflect.New(s.elem.typ).Elem()
		e.Set(old)
		s.elem.remove(e, steps[1:], nil)
		if s.elem.form != free || e.IsZero() == old.IsZero() {
			v.SetMapIndex(k, e)
			return
		}
	}
	v.SetMapIndex(k, reflect.Value{})
	if v.Len() == 0 {
		v.SetZero()
	}
}

// removeEntry removes the entries of a list that the first step names, or what
// stands below them.
func (s *shape) removeEntry(v reflect.Value, steps []fieldpath.Step, in *member) {
	kept := reflect.MakeSlice(s.typ, 0, v.Len())
	for i := range v.Len() {
		e := v.Index(i)
		if !in.named(e, i, steps[0].Name) {
			kept = reflect.Append(kept, e)
			continue
		}
		if len(steps) > 1 {
			s.elem.remove(e, steps[1:], nil)
			kept = reflect.Append(kept, e)
		}
	}
	if kept.Len() == 0 {
		kept = reflect.Zero(s.typ)
	}
	v.Set(kept)
}

// named reports whether a bracket names the entry i of a list: by its key, as
// KIND/NAME where it is a whole object, or by its index elsewhere.
func (m *member) named(e reflect.Value, i int, bracket string) bool {
	if m != nil && m.mode == keyed {
		return bracket != "" && m.nameOf(e) == bracket
	}
	if m != nil && m.mode == identity {
		if o, ok := e.Interface().(model.RawObject); ok {
			meta, _ := o["metadata"].(map[string]any)
			if text(o["kind"])+"/"+text(meta["name"]) == bracket {
				return true
			}
		}
	}
	return strconv.Itoa(i) == bracket
}

// CheckUnset tells why a path cannot stand in an AppSpec's Unset: it is
// malformed, or no AppSpec has such a field. Fields go by their JSON names.
// Keys of maps and names of entries stand in brackets, as in env[DEBUG].value
// and resources.limits[cpu]; a key without dots may also follow a dot. An entry
// of objects is named by KIND/NAME, an entry of a list without names by its
// index. Whether a layer sets the field does not matter. Settings are those of
// features, as feature.Set has them.
func CheckUnset(p fieldpath.Path, settings map[string]any) error {
	steps, err := p.Steps()
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		return errors.New("the path is empty")
	}
	s, in := specShape(), (*member)(nil)
	for i, step := range steps {
		for s.form == pointer {
			s = s.elem
		}
		switch s.form {
		case structure:
			m := s.member(step.Name)
			if m == nil || m.mode == private || step.Bracket {
				return s.noField(step, fieldpath.Of(steps[:i]...))
			}
			s, in = m.shape, m
		case mapping:
			if s.typ == extensions {
				if settings[step.Name] == nil {
					reason, fix := finding.UnknownExtension(step.Name, slices.Collect(maps.Keys(settings)))
					return errors.New(reason + ": " + fix)
				}
				s = shapeOf(reflect.TypeOf(settings[step.Name]))
			} else {
				s = s.elem
			}
			in = nil
		case list:
			if err := in.checkEntry(step, fieldpath.Of(steps[:i]...)); err != nil {
				return err
			}
			s, in = s.elem, nil
		case free:
			return nil
		default:
			return fmt.Errorf("%s is a single value and has no fields", fieldpath.Of(steps[:i]...))
		}
	}
	return nil
}

// noField says that a structure, which stands at a path, has no such field.
func (s *shape) noField(step fieldpath.Step, at fieldpath.Path) error {
	if step.Bracket {
		return fmt.Errorf("%s: write a field without brackets", at.Key(step.Name))
	}
	subject := "there is"
	if at != "" {
		subject = string(at) + " has"
	}
	known := slices.Sorted(maps.Keys(s.byName))
	known = slices.DeleteFunc(known, func(name string) bool { return s.member(name).mode == private })
	if near := finding.Nearest(step.Name, known); near != "" {
		return fmt.Errorf("%s no field %s: did you mean %s?", subject, step.Name, near)
	}
	return fmt.Errorf("%s no field %s", subject, step.Name)
}

// checkEntry tells why a step names no entry of a list.
func (m *member) checkEntry(step fieldpath.Step, at fieldpath.Path) error {
	if !step.Bracket || step.Name == "" {
		return fmt.Errorf("%s is a list: put the name of the entry in brackets, as in %s", at, at.Key("NAME"))
	}
	if m != nil && (m.mode == keyed || m.mode == identity) {
		return nil
	}
	if n, err := strconv.Atoi(step.Name); err != nil || n < 0 {
		return fmt.Errorf("the entries of %s have no names: remove the whole list, or use an index, not %q", at, step.Name)
	}
	return nil
}
