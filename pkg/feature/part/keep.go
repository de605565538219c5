package part

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// The annotations by which an object tells Argo CD what to do with it, how to compare
// it, and in which phase of a sync to apply it, if it is a hook.
const (
	HookPhase      = "argocd.argoproj.io/hook"
	SyncOptions    = "argocd.argoproj.io/sync-options"
	CompareOptions = "argocd.argoproj.io/compare-options"
)

// Keep returns the objects with those that hold data annotated: Argo CD keeps
// them when they are no longer in git (Prune=false) and when their Application
// is deleted (Delete=false), and reports the Application as synced nevertheless
// (IgnoreExtraneous). What an object says about one of these itself stays.
func Keep(objects []object.Object, kinds *kind.Set) []object.Object {
	for i, o := range objects {
		if kinds.Lookup(o.KindName()).HoldsData {
			objects[i] = kept(o)
		}
	}
	return objects
}

func kept(o object.Object) object.Object {
	c := o.Clone()
	meta := c.Map()["metadata"].(map[string]any)
	annotations, ok := meta["annotations"].(map[string]any)
	if !ok {
		annotations = map[string]any{}
		meta["annotations"] = annotations
	}
	options := with(annotations, SyncOptions, "Prune=", "false")
	with(annotations, SyncOptions, "Delete=", "false")
	if slices.Contains(options, "Prune=false") {
		with(annotations, CompareOptions, "IgnoreExtraneous", "")
	}
	return c
}

// with adds an option with a value to a list in annotations, where none begins
// like it, and returns the list.
func with(annotations map[string]any, name, option, value string) []string {
	text, _ := annotations[name].(string)
	var options []string
	for _, o := range strings.Split(text, ",") {
		if o = strings.TrimSpace(o); o != "" {
			options = append(options, o)
		}
	}
	if !slices.ContainsFunc(options, func(o string) bool { return strings.HasPrefix(o, option) }) {
		options = append(options, option+value)
		annotations[name] = strings.Join(options, ",")
	}
	return options
}
