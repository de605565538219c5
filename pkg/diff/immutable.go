package diff

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

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
}

// String returns both in one line.
func (i Immutable) String() string {
	if i.Fix == "" {
		return i.Effect
	}
	return i.Effect + "; " + i.Fix
}

// anew deletes an object whose change is refused; %s stands for the command.
const anew = "delete it once the change is merged, and Argo CD creates it anew: %s"

// remedies are what to do about an object that cannot be changed.
var remedies = map[kind.Remedy]string{
	kind.Recreate:       anew,
	kind.Rename:         "give the changed one another name",
	kind.RenameOrOutage: "give it another name and remove this one later, or, with an outage, " + anew,
	kind.RenameOrLoss:   "make one of another name: deleting it deletes all objects of its kind",
	kind.CopyData:       "make another one, move the data, and remove this one",
	kind.Orphan:         "once the change is merged, delete it without its pods, which the new one takes over: %s --cascade=orphan; the claims that are there stay as they are",
	kind.Rerun: "annotate it with argocd.argoproj.io/sync-options: Replace=true,Force=true and its Application with " +
		"argocd.argoproj.io/compare-options: ServerSideDiff=false, or give it another name",
}

// freeze marks the fields of a changed object that cannot be changed in place,
// and says what the change means; nil where it is made in place. A hook is no
// change: Argo CD compares none, and deletes the last run's before the next.
func freeze(before, after object.Object, fields []Field) *Immutable {
	if isHook(before) && isHook(after) {
		return nil
	}
	fixed, found := traits(before).Fixed, false
	for i, f := range fields {
		path := withoutKeys(f.Path)
		fields[i].Immutable = below(path, fixed.Fields) && !below(path, fixed.Except) && !allowed(before, after, path) || refused(before, after, path)
		found = found || fields[i].Immutable
	}
	options := append(syncOptions(before), syncOptions(after)...)
	if slices.Contains(options, "Replace=true") && slices.Contains(options, "Force=true") {
		return &Immutable{Effect: "Argo CD deletes it and creates it anew"}
	}
	if !found {
		return nil
	}
	fix := remedies[fixed.Remedy]
	if strings.Contains(fix, "%s") {
		fix = fmt.Sprintf(fix, Deletion{ID: before.ID()}.kubectl(before.Name()))
	}
	return &Immutable{Effect: "Kubernetes refuses the change, and its Application is not synced until that is resolved", Fix: fix}
}

func isHook(o object.Object) bool {
	return o.Text("metadata", "annotations", "argocd.argoproj.io/hook") != "" || o.Text("metadata", "annotations", "helm.sh/hook") != ""
}

// traits returns what is known of an object's kind.
func traits(o object.Object) kind.Traits {
	return kind.TraitsOf(o.KindName())
}

// below reports whether a path is one of several, or stands below one.
func below(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return path == r || strings.HasPrefix(path, r+".") })
}

// allowed reports whether a change to a field that is fixed in general is
// possible for this object.
func allowed(before, after object.Object, path string) bool {
	either := func(value string, path ...string) bool {
		return before.Text(path...) == value || after.Text(path...) == value
	}
	switch before.Group() + "/" + before.Kind() {
	case "batch/Job":
		suspended, _ := before.Get("spec", "suspend")
		return suspended == true && below(path, []string{"spec.template"}) ||
			path == "spec.completions" && after.Text("spec", "completionMode") == "Indexed"
	case "/Service":
		switch path {
		case "spec.loadBalancerClass":
			return before.Text("spec", "type") != "LoadBalancer" || after.Text("spec", "type") != "LoadBalancer"
		case "spec.healthCheckNodePort":
			return before.Text("spec", "externalTrafficPolicy") != "Local" || after.Text("spec", "externalTrafficPolicy") != "Local"
		case "spec.clusterIPs":
			return either("ExternalName", "spec", "type") || first(before, "clusterIPs") == first(after, "clusterIPs")
		}
		return either("ExternalName", "spec", "type")
	}
	return false
}

// first returns the first entry of a list of an object's spec; nil without one.
func first(o object.Object, field string) any {
	v, _ := o.Get("spec", field)
	if list, _ := v.([]any); len(list) > 0 {
		return list[0]
	}
	return nil
}

// refused reports whether a change is refused for what this object is, though
// the field can be changed in general.
func refused(before, after object.Object, path string) bool {
	switch before.Group() + "/" + before.Kind() {
	case "/ConfigMap", "/Secret":
		fixed, _ := before.Get("immutable")
		return fixed == true && below(path, []string{"data", "binaryData", "stringData", "immutable"})
	case "/PersistentVolumeClaim":
		least := size(before)
		return path == "spec.resources.requests.storage" && least.Cmp(size(after)) > 0
	case "/Service":
		a, b := first(before, "ipFamilies"), first(after, "ipFamilies")
		return path == "spec.ipFamilies" && a != nil && b != nil && a != b
	}
	return false
}

// size returns how much storage a claim asks for; zero where it does not say.
func size(o object.Object) resource.Quantity {
	v, _ := o.Get("spec", "resources", "requests", "storage")
	q, _ := resource.ParseQuantity(fmt.Sprint(v))
	return q
}
