package network

import (
	"maps"
	"reflect"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Admission returns the name of the network policy that lets a caller in to an app.
// No other object has it: the names of apps have no dots.
func Admission(callee, caller string) string { return callee + ".from." + caller }

// admissions makes the policies that let an app and its hooks in to the apps that
// it calls, and the gateways of its routes to those that its routes name: one for
// each of them, in the namespace of the one that is called. Previews need none,
// since that of the environment lets them in too.
func admissions(t *view.Target, v *view.View) []runtime.Object {
	if t.IsPreview() {
		return nil
	}
	var out []runtime.Object
	names, early := podNames(t)
	var previews []networkingv1.NetworkPolicyPeer
	if v.Previewed(t.App, t.Scope) {
		previews = previewPods(t.App, t.Environment, slices.Concat(names, slices.Sorted(maps.Keys(early))))
	}
	for _, name := range callees(t) {
		callee, ok := v.App(name, t.Scope)
		if !ok || !callee.HasWorkload || !view.WritesInto(self(t), callee, t.Platform) {
			continue
		}
		var in incoming
		in.calls(t, callee, append(ownPods(t, callee.Namespace, names), previews...))
		for _, e := range entrances(name, callee.Ports, t.Spec.Routes, t.Platform) {
			in.add([]networkingv1.NetworkPolicyPeer{podsOf(e.pods)}, tunnelled(callee.Mesh, e.ports))
		}
		out = in.admit(out, callee, part.Meta(t, Admission(name, t.App)))
		for _, hook := range slices.Sorted(maps.Keys(early)) {
			var in incoming
			in.calls(t, callee, fromPods(callee.Namespace, t.Namespace, hook))
			out = in.admit(out, callee, part.Annotated(t, Admission(name, hook), early[hook]))
		}
	}
	return out
}

// self returns an app as others see it, but for what they read of its spec.
func self(t *view.Target) view.Peer {
	return view.Peer{App: t.App, Project: t.Project, Namespace: t.Namespace}
}

// callees returns the other apps that an app or one of its routes calls, sorted.
func callees(t *view.Target) []string {
	var out []string
	for _, edge := range t.Spec.TalksTo {
		out = append(out, edge.App)
	}
	for i := range t.Spec.Routes {
		out = append(out, view.Callees(&t.Spec.Routes[i])...)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(app string) bool { return app == "" || app == t.App })
}

// podNames returns the names that pods of an app have: its own and those of its
// hooks. Apart are those of hooks that run before the app's objects are there, or
// when they are gone, with what makes a policy be there in time.
func podNames(t *view.Target) (names []string, early map[string]map[string]string) {
	names, early = []string{t.App}, map[string]map[string]string{}
	for _, h := range t.Spec.Hooks {
		name := part.Hook(t.App, h.Name)
		if annotations := before(h); annotations != nil {
			early[name] = annotations
		} else {
			names = append(names, name)
		}
	}
	return names, early
}

// ownPods selects the pods of a target with some names, of which its own is the first,
// for a policy in the namespace home.
func ownPods(t *view.Target, home string, names []string) []networkingv1.NetworkPolicyPeer {
	out := fromPods(home, t.Namespace, names...)
	if labels := chartPods(t); labels != nil {
		out[0] = labelled(home, labels, t.Namespace)
	}
	return out
}

// fromPods selects the pods with some names in a namespace, for a policy in the
// namespace home.
func fromPods(home, namespace string, names ...string) []networkingv1.NetworkPolicyPeer {
	var out []networkingv1.NetworkPolicyPeer
	for _, name := range names {
		out = append(out, pods(home, name, namespace))
	}
	return out
}

// incoming are the rules of a policy about incoming calls.
type incoming []networkingv1.NetworkPolicyIngressRule

// add adds a rule, joined with one that opens the same ports.
func (r *incoming) add(from []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort) {
	for i := range *r {
		rule := &(*r)[i]
		if !reflect.DeepEqual(rule.Ports, ports) || (from == nil) != (rule.From == nil) {
			continue
		}
		for _, peer := range from {
			if !slices.ContainsFunc(rule.From, func(p networkingv1.NetworkPolicyPeer) bool { return reflect.DeepEqual(p, peer) }) {
				rule.From = append(rule.From, peer)
			}
		}
		return
	}
	*r = append(*r, networkingv1.NetworkPolicyIngressRule{From: from, Ports: ports})
}

// calls adds what an app declares of its calls to another.
func (r *incoming) calls(t *view.Target, callee view.Peer, from []networkingv1.NetworkPolicyPeer) {
	for _, edge := range t.Spec.TalksTo {
		if edge.App != callee.App {
			continue
		}
		if open, ok := callee.Ports.Open(edge); ok {
			r.add(slices.Clone(from), tunnelled(callee.Mesh, policyPorts(open, nil)))
		}
	}
}

// admit adds a policy with the rules, if there are any, in the namespace of the app
// that is called.
func (r incoming) admit(to []runtime.Object, callee view.Peer, meta metav1.ObjectMeta) []runtime.Object {
	if r == nil {
		return to
	}
	meta.Namespace = callee.Namespace
	p := policy(meta, callee.App, networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}, Ingress: r})
	p.Spec.PodSelector.MatchLabels = callee.PodLabels
	return append(to, p)
}
