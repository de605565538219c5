package kind

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Fixed are fields that cannot be changed in place.
type Fixed struct {
	Fields []Field
	// Remedy is what to do in place of the change.
	Remedy Remedy
}

// Field is a field that cannot be changed in place, with all below it.
type Field struct {
	// Path is without keys, as in spec.template.
	Path string
	// Except are paths below it that can be changed.
	Except []string
	// When reports whether it is fixed in this object, given its values before and
	// after the change; nil where it always is.
	When func(before, after map[string]any) bool
}

// Remedy is what to do where a field cannot be changed.
type Remedy string

// The remedies.
const (
	// Recreate deletes the object and creates it anew: nothing else is lost.
	Recreate Remedy = "Recreate"
	// Rename gives the changed object another name.
	Rename Remedy = "Rename"
	// RenameOrOutage is Rename, or Recreate with an outage.
	RenameOrOutage Remedy = "RenameOrOutage"
	// RenameOrLoss is Rename: deleting the object deletes others.
	RenameOrLoss Remedy = "RenameOrLoss"
	// Orphan deletes the object without its pods, which the new one adopts.
	Orphan Remedy = "Orphan"
	// Rerun replaces the object, which has ended or starts from the beginning.
	Rerun Remedy = "Rerun"
	// CopyData makes another object and moves the data.
	CopyData Remedy = "CopyData"
)

// Refuses reports whether the API server refuses a change at a path without keys,
// given the object before and after.
func (f Fixed) Refuses(path string, before, after map[string]any) bool {
	return slices.ContainsFunc(f.Fields, func(x Field) bool {
		return below(path, x.Path) && !slices.ContainsFunc(x.Except, func(e string) bool { return below(path, e) }) &&
			(x.When == nil || x.When(before, after))
	})
}

// below reports whether a path is root, or stands below it.
func below(path, root string) bool { return path == root || strings.HasPrefix(path, root+".") }

// fixed are fields that no object of a kind can change.
func fixed(remedy Remedy, paths ...string) Fixed {
	f := Fixed{Remedy: remedy}
	for _, p := range paths {
		f.Fields = append(f.Fields, Field{Path: p})
	}
	return f
}

// with adds fields to those that are fixed.
func (f Fixed) with(fields ...Field) Fixed {
	f.Fields = slices.Concat(f.Fields, fields)
	return f
}

// ifImmutable adds fields that are fixed in a ConfigMap or a Secret that says that
// it is immutable.
func (f Fixed) ifImmutable(paths ...string) Fixed {
	for _, p := range paths {
		f.Fields = append(f.Fields, Field{Path: p, When: func(before, _ map[string]any) bool { return before["immutable"] == true }})
	}
	return f
}

// notSuspended reports whether a Job may have begun.
func notSuspended(before, _ map[string]any) bool { return get(before, "spec", "suspend") != true }

// notIndexed reports whether the number of pods that have to complete is fixed.
func notIndexed(_, after map[string]any) bool {
	return get(after, "spec", "completionMode") != "Indexed"
}

// shrinks reports whether a claim asks for less storage than before. One that
// does not say asks for none.
func shrinks(before, after map[string]any) bool {
	size := func(o map[string]any) resource.Quantity {
		q, _ := resource.ParseQuantity(fmt.Sprint(get(o, "spec", "resources", "requests", "storage")))
		return q
	}
	least := size(before)
	return least.Cmp(size(after)) > 0
}

// inCluster reports whether a Service has, before and after, addresses in the
// cluster.
func inCluster(before, after map[string]any) bool {
	return get(before, "spec", "type") != "ExternalName" && get(after, "spec", "type") != "ExternalName"
}

// stays reports whether a field of a spec has a value before and after.
func stays(field, value string) func(before, after map[string]any) bool {
	return func(before, after map[string]any) bool {
		return get(before, "spec", field) == value && get(after, "spec", field) == value
	}
}

// otherAddress reports whether the first address of a Service changes.
func otherAddress(before, after map[string]any) bool {
	return inCluster(before, after) && first(before, "clusterIPs") != first(after, "clusterIPs")
}

// otherFamily reports whether the family of a Service's first address changes.
func otherFamily(before, after map[string]any) bool {
	a, b := first(before, "ipFamilies"), first(after, "ipFamilies")
	return a != nil && b != nil && a != b
}

// first returns the first entry of a list of a spec, if it is a text; nil without one.
func first(o map[string]any, field string) any {
	if list, _ := get(o, "spec", field).([]any); len(list) > 0 {
		if s, ok := list[0].(string); ok {
			return s
		}
	}
	return nil
}

// get returns the value at a path; nil without one.
func get(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}
