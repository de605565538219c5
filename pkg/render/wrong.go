package render

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// placed returns the path in the fleet of the value that a resolved spec has at a
// path.
type placed func(p fieldpath.Path) fieldpath.Path

// wrong returns the findings behind an error about the values of a resolved spec,
// none of nil. Where says which target it is, for what is about the spec as a whole.
// Other errors are returned.
func (r *renderer) wrong(err error, where string, written placed) (finding.List, error) {
	var all finding.AllWrong
	if !errors.As(err, &all) {
		return nil, err
	}
	var out finding.List
	for _, w := range all {
		at, reason := written(w.Path), credential.RedactMessage(w.Err.Error())
		if w.Path == "" {
			reason = where + ": " + reason
		}
		out = append(out, finding.Finding{Rule: "invalid-object", Severity: finding.Error, Path: at, Position: r.positions.At(at), Reason: reason, Fix: w.Fix})
	}
	return out, nil
}

// writtenIn returns where the values of a target's spec were written.
func (r *renderer) writtenIn(app string, s view.Scope) placed {
	at := fieldpath.Path("apps").Key(app)
	origins := sync.OnceValue(func() resolve.Origins {
		_, origins, _ := r.resolver.Explained(app, s)
		return origins
	})
	return func(p fieldpath.Path) fieldpath.Path {
		if p == "" {
			return at
		}
		return written(origins(), p, at.Field("spec"))
	}
}

// placedIn returns findings about a target's spec, whose paths are those of a layer,
// with the paths of the layers that have the values.
func (r *renderer) placedIn(in placed, layer fieldpath.Path, list finding.List) finding.List {
	for i := range list {
		f := &list[i]
		if p, ok := strings.CutPrefix(string(f.Path), string(layer)+"."); ok {
			f.Path = in(fieldpath.Path(p))
		}
	}
	return r.placed(list)
}

// writtenInComponent returns where the values of a PlatformComponent's spec were
// written.
func (r *renderer) writtenInComponent(name string, s view.Scope) placed {
	component := fieldpath.Path("components").Key(name)
	origins := sync.OnceValue(func() resolve.Origins { return r.resolver.ComponentOrigins(name, s) })
	return func(p fieldpath.Path) fieldpath.Path {
		if p == "" {
			return component
		}
		return written(origins(), p, component)
	}
}

// written returns the origin of the value at p, of which only parts may have
// one; else its place in a layer.
func written(origins resolve.Origins, p, layer fieldpath.Path) fieldpath.Path {
	for _, at := range slices.Sorted(maps.Keys(origins)) {
		rest, below := strings.CutPrefix(string(at), string(p))
		if !below || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if own, ok := strings.CutSuffix(string(origins[at].Path), rest); ok && own != "" {
			return fieldpath.Path(own)
		}
	}
	return layer.Join(p)
}
