package directory

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkLayer checks where a source is named, and that its objects are there and
// differ.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	if s.Source == nil {
		return
	}
	below := at.Field("source")
	if !strings.HasPrefix(string(at), "apps[") {
		r.Errorf("source-place", below, "set it in an app, or in the overrides of an app", "the defaults of many apps name a source")
		return
	}
	if len(s.Source.Objects) == 0 {
		r.Errorf("missing-value", below, "set path to a directory of Kubernetes objects; in Go, set the objects, or use load.Directory", "the source has no objects")
	}
	seen := map[object.ID]fieldpath.Path{}
	for i, o := range s.Source.Objects {
		where := at.Join(source.DirectoryObjects).Index(i)
		id := object.ID{Group: view.KindOf(o).Group, Kind: view.KindOf(o).Kind, Namespace: view.Text(o, "metadata", "namespace"), Name: view.Text(o, "metadata", "name")}
		first, known := seen[id]
		if !known {
			seen[id] = where
			continue
		}
		other := string(first)
		if p := r.Positions.At(first); !p.IsZero() {
			other = p.String()
		}
		r.Errorf("invalid-object", where, "rename or remove one of them", "two objects are %s; the other is at %s", id, other)
	}
}

// checkTarget finds a workload beside the source.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if t.Spec.Source == nil || t.Spec.Kind == model.NoWorkload {
		return
	}
	r.Errorf("source-workload", at.Field("source"), "remove kind and image, and patch the objects of the source instead, or remove the source",
		"the objects come from a source, beside which the app describes a %s", t.Spec.Kind)
}
