package render

import (
	"cmp"
	"path"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
	"github.com/gitopsgen/gitopsgen/templates"
)

// guide returns the files that explain the tree to people and to their tools. They
// depend on nothing but the layout, so that no app or environment changes them.
func (r *renderer) guide() ([]tree.File, error) {
	page := string(cmp.Or(r.fleet.Repository.Layout, model.Overlays)) + ".md"
	var out []tree.File
	for _, f := range []struct{ to, from string }{{layout.Guide, page}, {layout.Attributes, "gitattributes"}} {
		data, err := templates.FS.ReadFile(path.Join("guide", f.from))
		if err != nil {
			return nil, err
		}
		out = append(out, tree.File{Path: f.to, Data: data, Owner: tree.Owner{Unit: layout.GuideUnit}})
	}
	return out, nil
}
