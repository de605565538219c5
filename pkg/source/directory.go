package source

import (
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Directory returns the source of apps whose objects are a directory of plain YAML:
// those that package load read from there.
func Directory() *Source {
	return &Source{
		Names: func(s *model.AppSpec) bool { return s.Source != nil },
		Defines: func(s *model.AppSpec) []model.RawObject {
			if s.Source == nil {
				return nil
			}
			return s.Source.Objects
		},
		Yield: func(t *view.Target) ([]view.WholeObject, error) {
			return view.WholeObjects(DirectoryObjects, t.Spec.Source.Objects), nil
		},
	}
}

// DirectoryObjects is the path, in a spec, of the objects of a directory.
const DirectoryObjects = "source.objects"
