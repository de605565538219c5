package render

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// unknownUnsets finds entries of unset that name no field of a layer.
func unknownUnsets(f *model.Fleet, set *feature.Set, positions finding.Positions) finding.List {
	var list finding.List
	settings := set.Settings()
	check := func(at fieldpath.Path, unset []fieldpath.Path) {
		for i, p := range unset {
			if err := resolve.CheckUnset(p, settings); err != nil {
				where := at.Field("unset").Index(i)
				fix := "use a field of the spec, as in env[DEBUG]"
				if now := renamed(p); now != "" {
					fix = "write " + string(now)
				}
				list = append(list, finding.Finding{Rule: "unknown-field", Severity: finding.Error, Path: where,
					Position: positions.At(where), Reason: fmt.Sprint(credential.RedactError(string(p), err)), Fix: fix})
			}
		}
	}
	resolve.Layers(f, func(at fieldpath.Path, s *model.AppSpec) { check(at, s.Unset) })
	resolve.ComponentLayers(f, func(at fieldpath.Path, s *model.ComponentSpec) { check(at, s.Unset) })
	return list
}

// renamed returns a path of an AppSpec without the names of earlier versions, or ""
// where it has none.
func renamed(p fieldpath.Path) fieldpath.Path {
	steps, err := p.Steps()
	if err != nil {
		return ""
	}
	found, t := false, reflect.TypeFor[model.AppSpec]()
	for i := 0; i < len(steps) && t.Kind() == reflect.Struct; i++ {
		var at reflect.Type
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if was := f.Tag.Get("was"); was != "" && was == steps[i].Name {
				found, steps[i].Name = true, name
			}
			if name == steps[i].Name {
				at = f.Type
			}
		}
		if t = at; t == nil {
			return ""
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	if !found {
		return ""
	}
	return fieldpath.Of(steps...)
}
