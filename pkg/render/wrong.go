package render

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/credential"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// wrong returns the finding behind an error about a value of a resolved spec, given
// where its values were written; ok is false for other errors.
func (r *renderer) wrong(err error, written func(p fieldpath.Path) fieldpath.Path) (f finding.Finding, ok bool) {
	var w *finding.Wrong
	if !errors.As(err, &w) {
		return f, false
	}
	at := written(w.Path)
	return finding.Finding{Rule: "invalid-object", Severity: finding.Error, Path: at, Position: r.positions.At(at),
		Reason: credential.Message(w.Err.Error()), Fix: w.Fix}, true
}

// written returns the path in the fleet of the value that a resolved spec has at p.
func (r *renderer) written(t resolve.Target, p fieldpath.Path) fieldpath.Path {
	_, origins, _ := r.resolver.Explained(t.App, t.Scope)
	for _, at := range slices.Sorted(maps.Keys(origins)) {
		rest, below := strings.CutPrefix(string(at), string(p))
		if !below || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if own, ok := strings.CutSuffix(string(origins[at].Path), rest); ok {
			return fieldpath.Path(own)
		}
	}
	return fieldpath.Path("apps").Key(t.App).Field("spec").Join(p)
}
