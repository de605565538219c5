package validate

import (
	"maps"
	"reflect"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// extensions checks that the settings in all layers belong to features of the program
// and have their types. A program in Go can write others. It reports whether the rest
// may be looked at.
func (c *checker) extensions() bool {
	before, settings := len(c.List), c.set.Settings()
	known := slices.Collect(maps.Keys(settings))
	resolve.Layers(c.Fleet, func(at fieldpath.Path, s *model.AppSpec) {
		for _, name := range feature.SortedKeys(s.Extensions) {
			where, value := at.Field("extensions").Key(name), s.Extensions[name]
			want := reflect.TypeOf(settings[name])
			switch got := reflect.ValueOf(value); {
			case want == nil:
				reason, fix := finding.UnknownExtension(name, known)
				c.Errorf("unknown-extension", where, fix, "%s", reason)
			case value == nil || got.Type() != want:
				c.Errorf("unknown-extension", where, "use a *"+want.Elem().String(), "the settings of the feature %s are not a %T", name, value)
			case got.IsNil():
				c.Errorf("unknown-extension", where, "leave the entry out; to remove the settings of earlier layers, name them in unset", "the settings of the feature %s are nil", name)
			}
		}
	})
	return len(c.List) == before
}
