package feature

import (
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// sources calls yield for the sources that a spec names.
func (s *Set) sources(spec *model.AppSpec, yield func(*source.Source)) {
	for i := range s.features {
		if from := s.features[i].Source; from != nil && from.Names(spec) {
			yield(from)
		}
	}
}

// IsSourced reports whether a spec, of one layer or merged, names a source.
func (s *Set) IsSourced(spec *model.AppSpec) bool {
	is := false
	s.sources(spec, func(*source.Source) { is = true })
	return is
}

// Defined returns the objects that a layer's source shows as it was written.
func (s *Set) Defined(spec *model.AppSpec) []model.RawObject {
	var out []model.RawObject
	s.sources(spec, func(from *source.Source) {
		if from.Defines != nil {
			out = append(out, from.Defines(spec)...)
		}
	})
	return out
}

// Yield fills in the objects that the source of a target yields, which has nothing
// else left to fill in.
func (s *Set) Yield(t *view.Target) {
	var wrong finding.AllWrong
	s.sources(&t.Spec, func(from *source.Source) {
		objects, err := from.Yield(t)
		wrong.Add(err, "fix the source")
		t.Sourced = append(t.Sourced, objects...)
	})
	t.SourceErr = wrong.Err()
}
