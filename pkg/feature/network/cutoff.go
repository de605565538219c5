package network

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkObjects finds pods of objects that a target brings along which cannot
// communicate, since their namespace denies by default: those that no policy of the
// target selects, and those that use the API server, which none lets them reach.
func checkObjects(r *feature.Report, at fieldpath.Path, t *view.Target, objects []object.Object) {
	if p := t.Platform; p == nil || !p.ManagesNamespaces || !p.DefaultDeny || len(t.WholeObjects()) == 0 {
		return
	}
	switch {
	case t.Spec.Chart != nil:
		at = at.Field("chart")
	case t.Spec.Source != nil:
		at = at.Field("source")
	}
	var policies []policed
	for _, o := range objects {
		if o.Group() == "networking.k8s.io" && o.Kind() == "NetworkPolicy" {
			policies = append(policies, policed{o, selectorOf(o)})
		}
	}
	var cut, deaf []string
	users := apiUsers(t)
	for _, p := range templates(objects) {
		by := p.policies(policies)
		switch name := p.owner.Kind() + " " + p.owner.Name(); {
		case len(by) == 0:
			cut = append(cut, name)
		case len(by) == 1 && by[0] == chartPolicyName(t) && slices.Contains(users, p.account):
			deaf = append(deaf, name)
		}
	}
	if len(cut) > 0 {
		r.Warnf("cut-off-pods", at, "add network policies for them to objects, those for hooks as hooks too, or set namespaces.defaultDeny of the environment to false",
			"namespace %s denies all traffic that no network policy allows, and no policy selects the pods of %s", t.Namespace, finding.Few(cut))
	}
	if len(deaf) > 0 {
		r.Warnf("no-api-access", at, "add {kubernetesAPI: true} to talksTo",
			"the ServiceAccount of %s has permissions in the API of the cluster, and no network policy lets the pods reach its API server", finding.Few(deaf))
	}
}

// apiUsers returns the ServiceAccounts that objects of the target give permissions to;
// none where the app declares that it calls the API server.
func apiUsers(t *view.Target) []string {
	if slices.ContainsFunc(t.Spec.TalksTo, func(p model.Peer) bool { return p.KubernetesAPI != nil && *p.KubernetesAPI }) {
		return nil
	}
	var out []string
	for _, w := range t.WholeObjects() {
		if k := view.KindOf(w.Object); k.Group != "rbac.authorization.k8s.io" || !strings.HasSuffix(k.Kind, "Binding") {
			continue
		}
		subjects, _ := w.Object["subjects"].([]any)
		for _, s := range subjects {
			if m, _ := s.(map[string]any); m["kind"] == "ServiceAccount" {
				name, _ := m["name"].(string)
				out = append(out, name)
			}
		}
	}
	return out
}

// policed is a network policy, and what it selects.
type policed struct {
	policy object.Object
	pods   labels.Selector
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

// podTemplate is what an object makes pods from.
type podTemplate struct {
	owner   object.Object
	labels  labels.Set
	account string // the name of its ServiceAccount
}

// templates returns the templates of pods in objects, but for those of pods in the
// network of their node, which have no policies.
func templates(objects []object.Object) []podTemplate {
	var out []podTemplate
	for _, o := range objects {
		for _, path := range kind.Lookup(o.KindName()).PodTemplates() {
			spec, _ := o.Get(append(slices.Clone(path), "spec")...)
			m, _ := spec.(map[string]any)
			if _, isPod := m["containers"].([]any); !isPod || m["hostNetwork"] == true {
				continue
			}
			p := podTemplate{owner: o, labels: labels.Set{}, account: "default"}
			if name, ok := m["serviceAccountName"].(string); ok {
				p.account = name
			}
			value, _ := o.Get(append(slices.Clone(path), "metadata", "labels")...)
			own, _ := value.(map[string]any)
			for key, value := range own {
				p.labels[key], _ = value.(string)
			}
			out = append(out, p)
		}
	}
	return out
}

// policies returns the names of the policies that select the pods and are there in
// time: where the app's objects are not, those that are hooks.
func (p podTemplate) policies(all []policed) []string {
	phase := p.owner.Text("metadata", "annotations", part.HookPhase)
	early := strings.Contains(phase, "PreSync") || strings.Contains(phase, "PostDelete")
	var out []string
	for _, s := range all {
		isHook := s.policy.Text("metadata", "annotations", part.HookPhase) != ""
		if s.policy.Namespace() == p.owner.Namespace() && s.pods.Matches(p.labels) && (isHook || !early) {
			out = append(out, s.policy.Name())
		}
	}
	return out
}
