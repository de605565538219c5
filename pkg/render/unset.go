package render

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// unknownUnsets finds entries of unset that name no field of a layer.
func unknownUnsets(f *model.Fleet, positions finding.Positions) finding.List {
	var list finding.List
	check := func(at fieldpath.Path, unset []fieldpath.Path) {
		for i, p := range unset {
			if err := resolve.CheckUnset(p); err != nil {
				where := at.Field("unset").Index(i)
				list = append(list, finding.Finding{Rule: "unknown-field", Severity: finding.Error, Path: where,
					Position: positions.At(where), Reason: fmt.Sprint(credential.About(string(p), err)), Fix: "name a field of the spec, as in env[DEBUG]"})
			}
		}
	}
	resolve.Layers(f, func(at fieldpath.Path, s *model.AppSpec) { check(at, s.Unset) })
	resolve.ComponentLayers(f, func(at fieldpath.Path, s *model.ComponentSpec) { check(at, s.Unset) })
	return list
}
