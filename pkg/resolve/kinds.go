package resolve

import (
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Layers calls yield for every AppSpec of a fleet as it was written, with its
// place.
func Layers(f *model.Fleet, yield func(at fieldpath.Path, s *model.AppSpec)) {
	yield("defaults", &f.Defaults)
	for i := range f.Clusters {
		yield(fieldpath.Path("clusters").Key(f.Clusters[i].Name).Field("defaults"), &f.Clusters[i].Defaults)
	}
	for i := range f.Environments {
		yield(fieldpath.Path("environments").Key(f.Environments[i].Name).Field("defaults"), &f.Environments[i].Defaults)
	}
	for i := range f.Apps {
		a := &f.Apps[i]
		at := fieldpath.Path("apps").Key(a.Name)
		yield(at.Field("spec"), &a.Spec)
		for _, env := range slices.Sorted(maps.Keys(a.Environments)) {
			o, below := a.Environments[env], at.Field("environments").Key(env)
			yield(below, &o.AppSpec)
			for _, cluster := range slices.Sorted(maps.Keys(o.Clusters)) {
				c := o.Clusters[cluster]
				yield(below.Field("clusters").Key(cluster), &c)
			}
		}
	}
}

// Kinds returns the scopes of the kinds that features bring, that a fleet declares,
// and of those whose CustomResourceDefinition is among its objects or
// those of sources.
func Kinds(f *model.Fleet, set *feature.Set) kind.Table {
	t := kind.Table(set.Kinds().Scopes())
	defined := func(objects []model.RawObject) {
		for _, o := range objects {
			if o["kind"] != "CustomResourceDefinition" {
				continue
			}
			spec, _ := o["spec"].(map[string]any)
			names, _ := spec["names"].(map[string]any)
			if n := (kind.Name{Group: text(spec["group"]), Kind: text(names["kind"])}); n.Kind != "" {
				t[n] = kind.Scope(text(spec["scope"]))
			}
		}
	}
	Layers(f, func(_ fieldpath.Path, s *model.AppSpec) { defined(s.Objects); defined(set.Defined(s)) })
	ComponentLayers(f, func(_ fieldpath.Path, s *model.ComponentSpec) { defined(s.Objects) })
	for _, k := range f.Kinds {
		t[kind.Name{Group: k.Group, Kind: k.Kind}] = k.Scope
	}
	return t
}
