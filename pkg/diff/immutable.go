package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// Immutable tells what a change means that is not made in place: because
// Kubernetes cannot, or because Argo CD is told to replace the object.
type Immutable struct {
	// Effect is what Argo CD does.
	Effect string `json:"effect"`
	// Fix is what to do instead; "" where nothing has to be done.
	Fix string `json:"fix,omitempty"`
	// Replaces tells that Argo CD deletes the object and creates it again. Otherwise
	// Kubernetes rejects the change.
	Replaces bool `json:"replaces,omitempty"`
}

// String returns both in one line.
func (i Immutable) String() string {
	if i.Fix == "" {
		return i.Effect
	}
	return i.Effect + "; " + i.Fix
}

// anew deletes an object whose change is refused; %s stands for the command.
const anew = "delete it once the change is merged, and Argo CD creates it again: %s"

// remedies are what to do about an object that cannot be changed.
var remedies = map[kind.Remedy]string{
	kind.Recreate:       anew,
	kind.Rename:         "rename the changed object",
	kind.RenameOrOutage: "rename it and remove this one later, or, with an outage, " + anew,
	kind.RenameOrLoss:   "create one with another name: deleting it deletes all objects of its kind",
	kind.CopyData:       "create another one, move the data, and remove this one",
	kind.Orphan:         "once the change is merged, delete it without its pods, which the new one adopts: %s --cascade=orphan; existing claims are not changed",
	kind.Rerun: "annotate it with argocd.argoproj.io/sync-options: Replace=true,Force=true and its Application with " +
		"argocd.argoproj.io/compare-options: ServerSideDiff=false, or rename it",
}

// freeze marks the fields of a changed object that cannot be changed in place,
// and says what the change means; nil where it is made in place. A hook is no
// change: Argo CD compares none, and deletes the last run's before the next.
func freeze(before, after object.Object, fields []Field) *Immutable {
	if isHook(before) && isHook(after) {
		return nil
	}
	fixed, found := kind.Lookup(before.KindName()).Fixed, false
	for i, f := range fields {
		fields[i].Immutable = fixed.Refuses(withoutKeys(f.Path), before.Map(), after.Map())
		found = found || fields[i].Immutable
	}
	options := append(syncOptions(before), syncOptions(after)...)
	if slices.Contains(options, "Replace=true") && slices.Contains(options, "Force=true") {
		return &Immutable{Effect: "Argo CD deletes it and creates it again", Replaces: true}
	}
	if !found {
		return nil
	}
	fix := remedies[fixed.Remedy]
	if strings.Contains(fix, "%s") {
		fix = fmt.Sprintf(fix, Deletion{ID: before.ID()}.kubectl(before.Name()))
	}
	return &Immutable{Effect: "Kubernetes rejects the change, and its Application is not synced until this is resolved", Fix: fix}
}

func isHook(o object.Object) bool {
	return o.Text("metadata", "annotations", "argocd.argoproj.io/hook") != "" || o.Text("metadata", "annotations", "helm.sh/hook") != ""
}
