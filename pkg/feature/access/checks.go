package access

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkTarget checks that the rules of an account are somebody's. An app that runs
// something always has an account.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if a := t.Spec.ServiceAccount; a != nil && len(a.Rules) > 0 && a.Name == "" {
		r.Warnf("unused-rules", at.Field("serviceAccount").Field("rules"), "set serviceAccount.name, set serviceAccount.create: true, or remove the rules",
			"an app that has only objects has no service account, so the rules are not written")
	}
}
