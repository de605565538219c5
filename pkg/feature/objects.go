package feature

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Objects returns the objects that the features make of a target, and replace by
// others, sorted by identity; those that hold data are kept by Argo CD. It is an error where two
// are the same object. Errors are a finding.AllWrong.
func (s *Set) Objects(t *view.Target, v *view.View) ([]object.Object, error) {
	var out []object.Object
	var wrong finding.AllWrong
	wrong.Add(t.SourceErr, "fix the source")
	for i := range s.features {
		if s.features[i].Objects == nil {
			continue
		}
		objects, err := s.features[i].Objects(t, v)
		wrong.Add(err, "fix the feature")
		out = append(out, objects...)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	if err := s.replace(t, out); err != nil {
		return nil, err
	}
	object.Sort(out)
	return part.Keep(out, s.kinds), Unique(t.WholeObjects(), out)
}

// replace lets the features replace objects of a target, in place.
func (s *Set) replace(t *view.Target, objects []object.Object) error {
	var wrong finding.AllWrong
	for i := range s.features {
		if s.features[i].Replace == nil {
			continue
		}
		for j, o := range objects {
			replaced, err := s.features[i].Replace(t, o)
			if err != nil {
				wrong.Add(err, "fix the feature")
				continue
			}
			objects[j] = replaced
		}
	}
	return wrong.Err()
}

// Preview returns the objects of a preview: those of the target, which are given,
// and what the features make beside them.
func (s *Set) Preview(objects []object.Object, t *view.Target, site view.Environment, v *view.View) ([]object.Object, error) {
	out := slices.Clone(objects)
	for i := range s.features {
		if s.features[i].Preview == nil {
			continue
		}
		own, err := s.features[i].Preview(t, site, v)
		if err != nil {
			return nil, err
		}
		out = append(out, own...)
	}
	object.Sort(out)
	return out, Unique(t.WholeObjects(), out)
}

// Filter lets the features change the objects of a target, each what the one
// before it returned. Errors are a finding.AllWrong.
func (s *Set) Filter(t *view.Target, objects []object.Object) ([]object.Object, error) {
	for i := range s.features {
		if s.features[i].Filter == nil {
			continue
		}
		var err error
		if objects, err = s.features[i].Filter(t, objects); err != nil {
			return nil, finding.AllWrong{{Err: err, Fix: "fix the feature"}}
		}
	}
	return objects, nil
}

// CheckObjects returns what the features find in the objects of a target.
func (s *Set) CheckObjects(r *Report, at fieldpath.Path, t *view.Target, objects []object.Object) {
	for i := range s.features {
		if check := s.features[i].CheckObjects; check != nil {
			check(r, at, t, objects)
		}
	}
}

// Unique returns an error where some of sorted objects are the same: a
// finding.AllWrong, about those of the whole objects that are among them.
func Unique(whole []view.WholeObject, objects []object.Object) error {
	var wrong finding.AllWrong
	for i := 1; i < len(objects); i++ {
		if objects[i].ID() == objects[i-1].ID() {
			wrong = append(wrong, duplicate(whole, objects[i]))
		}
	}
	return wrong.Err()
}

// duplicate returns the error about an object that there are two of.
func duplicate(whole []view.WholeObject, o object.Object) *finding.Wrong {
	id := o.ID()
	id.Namespace = ""
	wrong := &finding.Wrong{Err: fmt.Errorf("two objects are %s", id), Fix: "rename or remove one of them"}
	for _, w := range whole {
		if own, err := object.FromMap(w.Object); err == nil && own.Kind() == o.Kind() && own.Group() == o.Group() && own.Name() == o.Name() {
			if wrong.Path = w.At; w.From != "" {
				wrong.Err = fmt.Errorf("two objects are %s, one of them of %s", id, w.From)
			}
			break
		}
	}
	return wrong
}
