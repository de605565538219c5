package network

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkObjects finds pods that nobody can reach and that reach nobody: those of
// objects that a target brings along, in a namespace that denies by default, where
// none of the target's policies selects them.
func checkObjects(r *feature.Report, at fieldpath.Path, t *view.Target, objects []object.Object) {
	if p := t.Platform; p == nil || !p.ManagesNamespaces || !p.DefaultDeny || len(t.WholeObjects()) == 0 {
		return
	}
	var policies []policed
	for _, o := range objects {
		if o.Group() == "networking.k8s.io" && o.Kind() == "NetworkPolicy" {
			policies = append(policies, policed{o.Namespace(), selectorOf(o), o.Text("metadata", "annotations", part.HookPhase) != ""})
		}
	}
	var cut []string
	for _, o := range objects {
		for _, path := range kind.Lookup(o.KindName()).PodTemplates() {
			if isCutOff(o, path, policies) {
				cut = append(cut, o.Kind()+" "+o.Name())
			}
		}
	}
	if len(cut) == 0 {
		return
	}
	switch {
	case t.Spec.Chart != nil:
		at = at.Field("chart")
	case t.Spec.Source != nil:
		at = at.Field("source")
	}
	r.Warnf("cut-off-pods", at, "add network policies for them to objects, those for hooks as hooks too, or set namespaces.defaultDeny of the environment to false",
		"namespace %s denies all traffic that no network policy allows, and no policy selects the pods of %s", t.Namespace, finding.Few(cut))
}

// policed is what a network policy selects.
type policed struct {
	namespace string
	pods      labels.Selector
	// hook tells that the policy is a hook, which is there before the app's objects.
	hook bool
}

// selectorOf returns the selector of a network policy's pods. One that Kubernetes
// refuses selects none.
func selectorOf(o object.Object) labels.Selector {
	value, _ := o.Get("spec", "podSelector")
	m, _ := value.(map[string]any)
	var s metav1.LabelSelector
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(m, &s); err != nil {
		return labels.Nothing()
	}
	out, err := metav1.LabelSelectorAsSelector(&s)
	if err != nil {
		return labels.Nothing()
	}
	return out
}

// isCutOff reports whether an object has a template of pods at a path, which no policy
// selects that is there in time. Pods in the network of their node have no policies.
func isCutOff(o object.Object, path []string, policies []policed) bool {
	value, _ := o.Get(path...)
	template, ok := value.(map[string]any)
	if !ok {
		return false
	}
	spec, ok := template["spec"].(map[string]any)
	if _, isPod := spec["containers"].([]any); !ok || !isPod || spec["hostNetwork"] == true {
		return false
	}
	set := labels.Set{}
	metadata, _ := template["metadata"].(map[string]any)
	own, _ := metadata["labels"].(map[string]any)
	for key, value := range own {
		set[key], _ = value.(string)
	}
	hook := o.Text("metadata", "annotations", part.HookPhase)
	early := strings.Contains(hook, "PreSync") || strings.Contains(hook, "PostDelete") // without the app's objects
	for _, p := range policies {
		if p.namespace == o.Namespace() && p.pods.Matches(set) && (p.hook || !early) {
			return false
		}
	}
	return true
}
