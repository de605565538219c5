package render

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// unknownUnsets finds entries of unset that name no field of an AppSpec.
func unknownUnsets(f *model.Fleet, positions finding.Positions) finding.List {
	var list finding.List
	check := func(at fieldpath.Path, s model.AppSpec) {
		for i, p := range s.Unset {
			if err := resolve.CheckUnset(p); err != nil {
				where := at.Field("unset").Index(i)
				list = append(list, finding.Finding{Rule: "unknown-field", Severity: finding.Error, Path: where,
					Position: positions.At(where), Reason: fmt.Sprint(credential.About(string(p), err)), Fix: "name a field of the spec, as in env[DEBUG]"})
			}
		}
	}
	check("defaults", f.Defaults)
	for _, c := range f.Clusters {
		check(fieldpath.Path("clusters").Key(c.Name).Field("defaults"), c.Defaults)
	}
	for _, e := range f.Environments {
		check(fieldpath.Path("environments").Key(e.Name).Field("defaults"), e.Defaults)
	}
	for _, a := range f.Apps {
		at := fieldpath.Path("apps").Key(a.Name)
		check(at.Field("spec"), a.Spec)
		for _, env := range slices.Sorted(maps.Keys(a.Environments)) {
			below := at.Field("environments").Key(env)
			check(below, a.Environments[env].AppSpec)
			for _, cluster := range slices.Sorted(maps.Keys(a.Environments[env].Clusters)) {
				check(below.Field("clusters").Key(cluster), a.Environments[env].Clusters[cluster])
			}
		}
	}
	return list
}
